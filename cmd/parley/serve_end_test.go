package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// TestAStreamEndsWithItsMock: an interrupted mock ends the streams of its page, as
// streams end, and does not wait for readers that never go.
func TestAStreamEndsWithItsMock(t *testing.T) {
	k := &killed{t: t}
	k.serve(buildParley(t))
	t.Cleanup(func() { k.command.Process.Kill() })
	answer, err := http.Get(k.url + "/_parley/journal/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := k.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Errorf("the stream was cut off: %v", err)
	}
	if err := k.command.Wait(); err != nil {
		t.Errorf("the mock ended with %v", err)
	}
}

// TestAStimulusGoesNowhereElse: a redirect is an answer, and no order to ask somebody
// whom nobody configured.
func TestAStimulusGoesNowhereElse(t *testing.T) {
	var asked atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer elsewhere.Close()
	given := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer given.Close()
	err := postStimulus(context.Background(), given.URL, "Let a client write one message.")
	if err == nil || !strings.Contains(err.Error(), "answered 307") || asked.Load() != 0 {
		t.Errorf("%v, and the other server was asked %d times", err, asked.Load())
	}
}
