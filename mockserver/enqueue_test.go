package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
)

// watched is a writer and a transport in one: it sees which comes first.
type watched struct {
	http.ResponseWriter
	flushed atomic.Bool
	early   atomic.Bool // an event left before the answer
	sent    chan struct{}
}

func (w *watched) WriteHeader(status int) {
	select {
	case <-w.sent:
		w.early.Store(true)
	case <-time.After(20 * time.Millisecond):
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Flush() { w.flushed.Store(true) }

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	if !w.flushed.Load() {
		w.early.Store(true)
	}
	close(w.sent)
	return &http.Response{StatusCode: 200, Body: http.NoBody, Request: r}, nil
}

func TestWhatFollowsAnAnswerIsQueuedBeforeAndSentAfterIt(t *testing.T) {
	w := &watched{ResponseWriter: httptest.NewRecorder(), sent: make(chan struct{})}
	m := acme.NewWith(t, mockserver.Options{Transport: w}, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"noteAll": func(*mockserver.Call) mockserver.Reply {
				return mockserver.Reply{Status: 202, Then: []mockserver.Sending{{Event: "changed", Channel: "c"}, {Event: "nope"}}}
			},
		}}
	})
	m.Connect(mockserver.Channel{ID: "c", URL: "http://partner.example/"})
	request := httptest.NewRequest("POST", "/tickets/open/notes", strings.NewReader(`{"text":"x"}`))
	request.Header.Set("Content-Type", "application/json")
	m.Server().ServeHTTP(w, request)
	list := m.Sandbox().Deliveries()
	if len(list) != 2 || list[1].State != outbox.Cancelled || list[1].Error != "Acme has no such event" {
		t.Errorf("with the answer there are %+v", list)
	}
	select {
	case <-w.sent:
	case <-mocktest.Soon(t).Done():
		t.Fatal("the event was not sent")
	}
	if w.early.Load() {
		t.Error("the event left before the answer was flushed")
	}
}
