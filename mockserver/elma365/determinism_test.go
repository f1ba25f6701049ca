package elma365_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/snapshottest"
	"github.com/parleykit/parley/traffic"
)

// answering is a transport that answers every event in the same way.
type answering struct{}

func (answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"X-Messenger": {"1"}}, Body: io.NopCloser(strings.NewReader(`{"login":"x"}`)), Request: r}, nil
}

// record plays one story and returns the journal and the state as bytes.
func record(t *testing.T, seed uint64) string {
	t.Helper()
	var ticks atomic.Int64
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	mock, err := mockserver.New(mockserver.Options{
		Seed: seed, BaseURL: "http://mock.example", SelfCheck: true, Transport: answering{},
		Now: func() time.Time { return start.Add(time.Duration(ticks.Load()) * time.Second) },
	}, vendor())
	if err != nil {
		t.Fatal(err)
	}
	box := mock.Sandbox()
	post := func(channel, body string) {
		ticks.Add(1)
		snapshottest.Call(t, mock, "POST", "/api/messengers/external/other/webhook/"+channel, body)
	}
	c, _, err := box.OpenChannel(context.Background(), mockserver.Channel{Token: "confirm", URL: "http://messenger.example/hook"})
	if err != nil {
		t.Fatal(err)
	}
	post(c.ID, message("m1", "Hi"))
	post(c.ID, message("m1", "Hi"))
	post(c.ID, `{"type":"message","token":"x"}`)
	for _, event := range []string{"message", "userInfo", "markAsRead"} {
		ticks.Add(1)
		if _, err := box.Send(mocktest.Soon(t), mockserver.SendRequest{Event: event, Channel: c.ID, Wait: true}); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	for _, e := range box.Journal().Find(nil) {
		if err := traffic.Write(&out, e); err != nil {
			t.Fatal(err)
		}
	}
	w := httptest.NewRecorder()
	mock.ServeHTTP(w, httptest.NewRequest("GET", "/_parley/state", nil))
	out.Write(w.Body.Bytes())
	return out.String()
}

func TestTwoRunsWithOneSeedAreTheSame(t *testing.T) {
	first, again, other := record(t, 1), record(t, 1), record(t, 2)
	if first != again {
		t.Errorf("two runs differ:\n%s\n%s", first, again)
	}
	if first == other {
		t.Error("another seed makes no difference")
	}
	if n := strings.Count(first, "\n"); n != 1+3+2+3+1 {
		t.Errorf("the record has %d lines:\n%s", n, first)
	}
}
