package main

import (
	"context"
	"io"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"parley": func() { main() },
	})
}

// TestScripts runs the stories in testdata/script: each is what a user could
// type, with what they would see.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

func TestRunReturnsInsteadOfExiting(t *testing.T) {
	for args, want := range map[string]int{"version": exitOK, "nonsense": exitUsage} {
		if got := run(context.Background(), []string{args}, nil, io.Discard, io.Discard); got != want {
			t.Errorf("parley %s: exit %d, want %d", args, got, want)
		}
	}
}
