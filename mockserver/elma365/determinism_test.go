package elma365_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/snapshottest"
)

// answering is a transport that answers every event in the same way.
type answering struct{}

func (answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"X-Messenger": {"1"}}, Body: io.NopCloser(strings.NewReader(`{"login":"x"}`)), Request: r}, nil
}

// seeded plays one story.
func seeded(t *testing.T, seed uint64) *mockserver.Server {
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
	return mock
}

func TestTwoRunsWithOneSeedAreTheSame(t *testing.T) { snapshottest.Seeded(t, 1+3+2+3, seeded) }
