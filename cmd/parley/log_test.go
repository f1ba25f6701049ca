package main

import (
	"context"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/rawtest"
	"github.com/parleykit/parley/internal/visible/visibletest"
)

func TestTheLibrarysLog(t *testing.T) {
	for said, want := range map[string]string{
		`http: TLS handshake error from 127.0.0.1:1: EOF` + "\n":                                              "parley: http: TLS handshake error from 127.0.0.1:1: EOF\n",
		`Unsolicited response received on idle HTTP channel starting with "to\"ken\x1b[2J"; err=<nil>` + "\n": "parley: Unsolicited response received on idle HTTP channel starting with \"…\"; err=<nil>\n",
		"http: panic serving \x1b[2J\u202e\n::error::x\ngoroutine 1 [running]:\n\tmain.go:1\n":                "parley: http: panic serving \\u001b[2J\\u202e\n  | \\u003a:error::x\n  | goroutine 1 [running]:\n  | \tmain.go:1\n",
	} {
		var out strings.Builder
		if n, err := (libraryLog{&out}).Write([]byte(said)); n != len(said) || err != nil || out.String() != want {
			t.Errorf("%q: %q, %v", said, out.String(), err)
		}
	}
}

// TestAPartnersBytesStayOutOfTheLog: net/http quotes what comes on an idle connection.
func TestAPartnersBytesStayOutOfTheLog(t *testing.T) {
	partner := rawtest.Answer(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\ns3cr3t"+visibletest.Hostile)
	var logged, out safeBuffer
	flags := log.Flags()
	catchLog(&logged)
	defer func() { log.SetFlags(flags); log.SetOutput(os.Stderr) }()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run(ctx, []string{"serve", "elma365", "--addr", "127.0.0.1:0", "--partner", "elma365=" + partner + "/hook", "--token", "confirm"}, nil, &out, &out)
	}()
	told := comesTrue(func() bool { return strings.Contains(logged.String(), "\n") })
	cancel()
	<-ended
	text := logged.String()
	if !told || !strings.HasPrefix(text, "parley: ") || strings.Contains(text, "s3cr3t") || strings.Contains(text, "forged") {
		t.Errorf("logged is %q; %s", text, &out)
	}
	for _, fault := range visibletest.Faults(text) {
		t.Error(fault)
	}
}

// TestNothingIsPrintedPastVisible: what is printed in this room has its arguments on one
// line each, and only what paints by itself goes past the guard.
func TestNothingIsPrintedPastVisible(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	past := regexp.MustCompile(`fmt\.(Fp|P)rint|os\.Std(out|err)\b|cmd\.Print|println\(`)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if found := past.FindString(string(data)); found != "" && file != "main.go" {
			t.Errorf("%s uses %s: print with visible.Fprintf", file, found)
		}
		if painter := slices.Contains([]string{"conform.go", "pager.go", "validate_progress.go"}, file); !painter && strings.Contains(string(data), "visible.Unguarded") {
			t.Errorf("%s goes past the guard", file)
		}
	}
}
