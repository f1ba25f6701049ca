package main

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/terminal/terminaltest"
)

// ownTerminal is a terminal of the kernel's making, and what is printed on it.
func ownTerminal(t *testing.T) (tty *os.File, printed *safeBuffer) {
	t.Helper()
	tty, person := terminaltest.Open(t)
	printed = &safeBuffer{}
	read := make(chan struct{})
	go func() {
		defer close(read)
		io.Copy(printed, person) // ends with the terminal
	}()
	t.Cleanup(func() { tty.Close(); <-read })
	return tty, printed
}

// TestAPageStaysAtATerminal until Ctrl-C, and the exit code is that of the run.
func TestAPageStaysAtATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("CI", "")
	target := startPartner(t, "--token", "confirm", "--defect", "accepts-any-token") + "/webhook"
	for check, want := range map[string]int{"connect": exitOK, "wrong-token": exitFailed} {
		tty, printed := ownTerminal(t)
		address := freePort(t)
		ctx, interrupt := context.WithCancel(t.Context())
		ended := make(chan int, 1)
		go func() {
			ended <- run(ctx, []string{"conform", "elma365/webhook", "--target", target, "--token", "confirm", "--run", check, "--ui=" + address}, nil, tty, io.Discard)
		}()
		if !comesTrue(func() bool { return strings.Contains(printed.String(), "the report stays at http://"+address) }) {
			t.Fatalf("it printed %s", printed)
		}
		if status, body := got(t, "http://"+address+"/_parley/run", ""); status != 200 || !strings.Contains(body, `"state":"done"`) {
			t.Errorf("the run is %d %s", status, body)
		}
		select {
		case code := <-ended:
			t.Errorf("it ended with %d, and was not interrupted", code)
		default:
		}
		interrupt()
		if code := <-ended; code != want {
			t.Errorf("%s: exit %d, want %d: %s", check, code, want, printed)
		}
		if answering("http://" + address) {
			t.Error("the page outlives its command")
		}
	}
	t.Setenv("CI", "true")
	tty, printed := ownTerminal(t)
	code := run(t.Context(), []string{"conform", "elma365/webhook", "--target", target, "--token", "confirm", "--run", "connect", "--ui"}, nil, tty, io.Discard)
	if code != exitOK || !comesTrue(func() bool { return strings.Contains(printed.String(), "PASSED") }) || strings.Contains(printed.String(), "stays at") {
		t.Errorf("in a pipeline with a terminal: exit %d: %s", code, printed)
	}
}
