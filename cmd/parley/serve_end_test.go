package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/vendors"
)

// TestStreamsEndWithTheServer: one that is shut down does not wait for the readers of a
// page, which never go.
func TestStreamsEndWithTheServer(t *testing.T) {
	vendor := mockserver.Shipped("elma365", vendors.Of("elma365").Play)
	mock, err := mockserver.New(mockserver.Options{Control: withConsole}, vendor)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := serverWithConsole(mock, mock.Contracts())
	go server.Serve(listener)
	answer, err := http.Get("http://" + listener.Addr().String() + "/_parley/journal/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("the server waited for a reader: %v", err)
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
	err := conformance.StimulusAt(given.URL)(context.Background(), "Let a client write one message.")
	if err == nil || !strings.Contains(err.Error(), "answered 307") || asked.Load() != 0 {
		t.Errorf("%v, and the other server was asked %d times", err, asked.Load())
	}
}
