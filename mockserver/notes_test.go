package mockserver_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/store"
)

// note is what the vendor of these tests remembers.
type note struct {
	ID   string    `json:"id"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// notes is a vendor that keeps notes and tells the partner of each, with an
// address in the sandbox.
func notes(stage *mockserver.Stage) mockserver.Behaviour {
	kept := mockserver.Persist(stage, "notes", store.NewMemory[note](stage.Bound(1_000), nil))
	return mockserver.Behaviour{
		Channel: func(*mockserver.Call) string { return "c" },
		Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"note": func(c *mockserver.Call) mockserver.Reply {
				n, err := kept.Upsert(stage.NewID(), func(n *note) error {
					n.ID, n.Text, n.At = stage.NewID(), c.Document.Text("/text"), stage.Now()
					return nil
				})
				if err != nil {
					return mockserver.Reply{Status: 422}
				}
				body := map[string]any{"ticket": n.ID, "address": stage.BaseURL() + "/tickets/" + n.ID}
				return mockserver.Reply{Status: 201, Then: []mockserver.Sending{{Event: "changed", Channel: "c", Body: body}}}
			},
		},
		Address: func(c mockserver.Channel) string { return "/tickets/" + c.ID },
		State: func() any {
			list, _ := kept.List()
			return map[string]any{"notes": list}
		},
	}
}

// failing is a partner without a socket that refuses every second event.
type failing struct {
	mu   sync.Mutex
	seen map[string]int // by the event's body
}

func (f *failing) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[string(body)]++
	status := 200
	if f.seen[string(body)] == 1 {
		status = 503
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

func newNotes(t *testing.T, o mockserver.Options) *mockserver.Server {
	t.Helper()
	contract := acme.Contract()
	contract.Delivery.Backoff = "20m"
	o.Seed, o.BaseURL, o.SelfCheck, o.Transport = 42, "http://mock.example", true, &failing{seen: map[string]int{}}
	o.Control = control.New
	server, err := mockserver.New(o, mockserver.Vendor{Contract: contract, Play: notes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		at, cancel := context.WithCancel(context.Background())
		cancel()
		server.Close(at)
	})
	return server
}
