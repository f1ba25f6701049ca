package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic/redaction"
)

// browserThat puts a command that opens pages first into $PATH: a script of the test's.
// It returns what the script was called with, once it was.
func browserThat(t *testing.T) (opened func() string) {
	t.Helper()
	dir := t.TempDir()
	called := filepath.Join(dir, "called")
	script := "#!/bin/sh\nprintf '%s' \"$*\" > " + called + ".new && mv " + called + ".new " + called + "\n"
	if err := os.WriteFile(filepath.Join(dir, opener()[0]), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() string {
		t.Helper()
		if !comesTrue(func() bool { _, err := os.Stat(called); return err == nil }) {
			t.Fatal("no browser was opened")
		}
		data, err := os.ReadFile(called)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
}

func TestAPageIsOpened(t *testing.T) {
	opened := browserThat(t)
	var said strings.Builder
	openPage(newConsole(&said, redaction.New(redaction.Options{})), "http://127.0.0.1:1/_parley/ui/")
	if got := opened(); got != "http://127.0.0.1:1/_parley/ui/" || said.String() != "" {
		t.Errorf("it opened %q, and said %q", got, &said)
	}
}

// Where no browser can be opened, the command goes on and says what to do.
func TestNoBrowserIsNoError(t *testing.T) {
	nothing := t.TempDir()
	broken := filepath.Join(t.TempDir(), opener()[0])
	if err := os.WriteFile(broken, []byte("\x00"), 0o700); err != nil {
		t.Fatal(err)
	}
	for dir, why := range map[string]string{nothing: "there is no " + opener()[0] + " here", filepath.Dir(broken): "exec format error"} {
		t.Setenv("PATH", dir)
		var said strings.Builder
		openPage(newConsole(&said, redaction.New(redaction.Options{})), "http://127.0.0.1:1/_parley/ui/")
		if !strings.Contains(said.String(), "no browser is opened: ") || !strings.Contains(said.String(), why) || !strings.Contains(said.String(), "open http://127.0.0.1:1/_parley/ui/\n") {
			t.Errorf("it said %q, and not %s", &said, why)
		}
	}
}
