package mockserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/traffic"
)

// clerk remembers what it is told in two bounded collections, changes them in two steps
// of a call, and tells a partner.
func clerk(stage *mockserver.Stage) mockserver.Behaviour {
	notes := mockserver.Persist(stage, "notes", store.NewMemory[string](5, nil))
	heavy := mockserver.Persist(stage, "heavy", store.NewMemory[string](0, nil).Weighed(60, func(s string) int { return len(s) }))
	set := func(c store.Collection[string], id, text string) {
		c.Upsert(id, func(v *string) error { *v = text; return nil })
	}
	return mockserver.Behaviour{
		State: func() any {
			a, _ := notes.List()
			b, _ := heavy.List()
			return map[string]any{"notes": a, "heavy": b}
		},
		AddState: func(text json.RawMessage) error { set(notes, "added", string(text)); return nil },
		Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"note": func(c *mockserver.Call) mockserver.Reply {
				id := stage.NewID()
				set(notes, id[:1], id+"<&>")
				c.Pause(func() {})
				set(heavy, id[1:2], strings.Repeat("x", int(id[3])%30))
				return mockserver.Reply{Status: http.StatusCreated, Then: []mockserver.Sending{{Event: "changed", Channel: "c-1"}}}
			},
			"ticket": func(c *mockserver.Call) mockserver.Reply {
				if heavy.Delete(c.Params["id"]) != nil {
					return mockserver.Reply{Status: http.StatusNotFound, Body: map[string]any{"error": "none"}}
				}
				return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{"id": "T-1"}}
			},
		},
		Events: map[string]mockserver.Event{"changed": {
			Ended: func(_ mockserver.Sending, d outbox.Delivery, _ *traffic.Exchange) { set(notes, "ended", d.ID) },
		}},
	}
}

// moody is a partner that takes two of three events.
type moody struct{ calls atomic.Int64 }

func (m *moody) RoundTrip(r *http.Request) (*http.Response, error) {
	status := http.StatusOK
	if m.calls.Add(1)%3 == 0 {
		status = http.StatusServiceUnavailable
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// ledgered is a mock of the clerk that writes its steps down, at a time that stands still.
func ledgered(t *testing.T, into ledger.Ledger) *mockserver.Server {
	t.Helper()
	server, err := mockserver.New(mockserver.Options{
		Ledger: into, Now: func() time.Time { return acme.At }, Transport: &moody{}, Control: control.New, Seed: 3,
		Channels:     []mockserver.Channel{{ID: "c-1", URL: "http://partner.example.com/", Token: "a-secret-token"}},
		AllowTargets: func(u *url.URL) bool { return true },
	}, mockserver.Vendor{Contract: acme.Contract(), Play: clerk})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// acts are what may happen to a mock.
var acts = map[string]func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand){
	"note": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		calls(s, b, "POST", "/tickets/1/notes", `{"text":"x"}`)
	},
	"ticket": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		calls(s, b, "GET", fmt.Sprintf("/tickets/%x", r.IntN(16)), "")
	},
	"unserved": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		calls(s, b, "GET", "/nowhere", "")
	},
	"fault": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		rules := []fault.Rule{
			{Operation: "note", Status: 422, Times: 2}, {Event: "changed", Delay: "1h", Times: 2}, {Event: "changed", Copies: 2, Together: true, Times: 2},
			{Event: "changed", Reorder: 2, Window: "1h"}, {Event: "changed", Probability: 0.5, Lose: true, For: "1h"},
		}
		if _, err := b.AddFault(rules[r.IntN(len(rules))]); err != nil {
			t.Fatal(err)
		}
	},
	"clear faults": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) { b.ClearFaults() },
	"freeze":       func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) { b.Clock().Freeze() },
	"advance": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		if err := b.Clock().Advance(mocktest.Soon(t), time.Duration(r.IntN(90))*time.Minute); err != nil {
			t.Fatal(err)
		}
	},
	"send": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		b.Send(t.Context(), mockserver.SendRequest{Event: "changed", Channel: "c-1", To: []string{"", "http://other.example.com/"}[r.IntN(2)]})
	},
	"raw": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		b.SendRaw(t.Context(), mockserver.Raw{Event: "changed", Channel: "c-1", Body: []byte("{}")})
	},
	"channel": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		b.PutChannel(mockserver.Channel{ID: fmt.Sprint("c-", r.IntN(3)), URL: "http://partner.example.com/" + fmt.Sprint(r.IntN(2)), Token: "another-token"})
	},
	"no channel": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) { b.RemoveChannel("c-2") },
	"state": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		b.AddState("", json.RawMessage(fmt.Sprintf(`{"n":%d}`, r.IntN(9))))
	},
	"retry": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		for _, d := range b.Deliveries() {
			b.Retry(d.ID)
		}
	},
	"cancel": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) {
		for _, d := range b.Deliveries() {
			b.Cancel(t.Context(), d.ID)
		}
	},
	"clear journal": func(t *testing.T, s *mockserver.Server, b *mockserver.Sandbox, r *rand.Rand) { b.ClearJournal() },
}

// seldom are those after which all begins anew.
var seldom = map[string]func(*testing.T, *mockserver.Server, *mockserver.Sandbox){
	"reset": func(t *testing.T, _ *mockserver.Server, b *mockserver.Sandbox) { b.Reset() },
	"reload": func(t *testing.T, s *mockserver.Server, _ *mockserver.Sandbox) {
		if err := s.Reload(mockserver.Vendor{Contract: acme.Contract(), Play: clerk}); err != nil {
			t.Fatal(err)
		}
	},
}

func calls(s *mockserver.Server, b *mockserver.Sandbox, method, path, body string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if b.Name() != mockserver.DefaultSandbox {
		r.Header.Set(mockserver.HeaderSandbox, b.Name())
	}
	s.ServeHTTP(httptest.NewRecorder(), r)
}

// sameAsReplayed waits until what follows from the ledger is what there is: a delivery
// may be between two of its steps.
func sameAsReplayed(t *testing.T, b *mockserver.Sandbox, what string) {
	t.Helper()
	var live, replayed []byte
	for soon := mocktest.Soon(t); soon.Err() == nil; runtime.Gosched() {
		var err error
		if replayed, err = b.SnapshotAt(t.Context(), ""); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if live, err = b.Snapshot(); err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(live, replayed) {
			return
		}
	}
	at := 0
	for at < min(len(live), len(replayed)) && live[at] == replayed[at] {
		at++
	}
	t.Fatalf("after %s in %s, from byte %d on:\n live     %s\n replayed %s", what, b.Name(), at, near(live, at), near(replayed, at))
}

func near(text []byte, at int) []byte { return text[max(0, at-200):min(len(text), at+300)] }

// TestWhatFollowsFromTheLedgerIsWhatThereIs after every one of many random acts, in two
// sandboxes, with a ledger or since somebody asked; and a mock that goes on from the ledger
// is the same, with its journal.
func TestWhatFollowsFromTheLedgerIsWhatThereIs(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			var kept ledger.Ledger = ledger.NewMemory()
			asked := 0 // the act at which somebody first asks
			if seed >= 4 {
				kept, asked = nil, 40
			}
			s := ledgered(t, kept)
			names := slices.Sorted(maps.Keys(acts))
			for i := range 120 {
				b := s.Sandbox()
				if r.IntN(3) == 0 {
					b, _ = s.NamedSandbox("second")
				}
				name := names[r.IntN(len(names))]
				if r.IntN(40) == 0 {
					name = slices.Sorted(maps.Keys(seldom))[r.IntN(len(seldom))]
					seldom[name](t, s, b)
				} else {
					acts[name](t, s, b, r)
				}
				if i >= asked {
					sameAsReplayed(t, b, fmt.Sprint(i, ". ", name))
				}
			}
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			before := map[string][]string{}
			for _, b := range s.Sandboxes() {
				before[b.Name()] = ids(b)
			}
			s.Close(ended)
			if kept == nil {
				return
			}
			again := ledgered(t, kept)
			defer again.Close(ended)
			for _, b := range again.Sandboxes() {
				sameAsReplayed(t, b, "a restart")
				got := ids(b)
				if want := before[b.Name()]; len(got) < len(want) || !reflect.DeepEqual(got[:len(want)], want) {
					t.Errorf("the journal of %s has %v, want %v", b.Name(), got, want)
				}
			}
		})
	}
}

func ids(b *mockserver.Sandbox) []string {
	list := []string{}
	for _, e := range b.Journal().Find(nil) {
		list = append(list, e.ID)
	}
	return list
}
