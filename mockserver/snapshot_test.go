package mockserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/snapshottest"
	"github.com/parleykit/parley/mockserver/store"
)

// taken is what the tests read of a snapshot.
type taken struct {
	Exchanges uint64
	Outbox    struct{ Count uint64 }
	Vendors   map[string]struct {
		Kept map[string]struct{ Values []json.RawMessage }
	}
}

// twice is a vendor that keeps each note in two collections and tells of it.
func twice(t *testing.T) func(*mockserver.Stage) mockserver.Behaviour {
	return func(stage *mockserver.Stage) mockserver.Behaviour {
		first := mockserver.Persist(stage, "first", store.NewMemory[string](0, nil))
		second := mockserver.Persist(stage, "second", store.NewMemory[string](0, nil))
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{"note": func(c *mockserver.Call) mockserver.Reply {
			id := stage.NewID()
			for _, into := range []store.Collection[string]{first, second} {
				if err := store.Put(into, id, id); err != nil {
					t.Error(err)
				}
			}
			return mockserver.Reply{Status: 201, Then: []mockserver.Sending{{Event: "changed", Channel: "none"}}}
		}}}
	}
}

// TestNoHalfCallInASnapshot: while calls change two collections, queue an event and
// are numbered, every snapshot has all or nothing of each.
func TestNoHalfCallInASnapshot(t *testing.T) {
	m := acme.New(t, twice(t))
	const calls = 200
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range calls {
				request := httptest.NewRequest("POST", "/tickets/1/notes", strings.NewReader(`{"text":"x"}`))
				request.Header.Set("Content-Type", "application/json")
				m.Server().ServeHTTP(httptest.NewRecorder(), request)
			}
		})
	}
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	look := func() uint64 {
		var s taken
		if err := json.Unmarshal(acme.Snapshot(t, m), &s); err != nil {
			t.Fatal(err)
		}
		kept := s.Vendors["acme"].Kept
		n := uint64(len(kept["first"].Values))
		if uint64(len(kept["second"].Values)) != n || s.Exchanges != n || s.Outbox.Count != n {
			t.Fatalf("%d in the first, %d in the second, %d exchanges, %d deliveries", n, len(kept["second"].Values), s.Exchanges, s.Outbox.Count)
		}
		return n
	}
	for over := false; !over; {
		select {
		case <-ended:
			over = true
		default:
			look()
		}
	}
	if n := look(); n != 4*calls {
		t.Errorf("%d of %d calls", n, 4*calls)
	}
}

// TestASnapshotWaitsForNoDelay: a call that a fault holds up does not hold up a
// snapshot.
func TestASnapshotWaitsForNoDelay(t *testing.T) {
	m := acme.New(t, notes)
	m.Sandbox().Clock().Freeze()
	m.Fault(fault.Rule{Operation: "note", Delay: "1h", Times: 1})
	answered := make(chan mocktest.Answer, 1)
	go func() { answered <- m.Do("POST", "/tickets/1/notes", `{"text":"late"}`) }()
	mocktest.Until(t, func() bool { return m.Sandbox().Faults()[0].Acted == 1 })
	acme.Snapshot(t, m)
	if a := m.Do("POST", "/tickets/1/notes", `{"text":"meanwhile"}`); a.Status != 201 {
		t.Error(a)
	}
	m.Advance(time.Hour)
	if a := <-answered; a.Status != 201 {
		t.Error(a)
	}
}

// TestRestored: all that a sandbox has but its journal, with a clock that was set,
// faults that were used up, and IDs that go on.
func TestRestored(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	options := mockserver.Options{Seed: 1 << 60, BaseURL: "http://mock.example", Now: func() time.Time { return at }, Transport: &failing{seen: map[string]int{}}}
	part := func(n int) snapshottest.Story {
		return func(t *testing.T, mock *mockserver.Server) {
			box := mock.Sandbox()
			if _, err := box.PutChannel(mockserver.Channel{ID: fmt.Sprint("c", n), Token: "t", URL: "http://partner.example/", Policy: outbox.Policy{Attempts: 1}}); err != nil {
				t.Fatal(err)
			}
			for _, f := range []fault.Rule{
				{Operation: "note", Probability: 0.5, Status: 422, Times: 3},
				{Event: "changed", Where: map[string]any{"n": json.Number("12345678901234567890")}, Set: map[string]any{"a.b": 1.5}, For: "1h"},
				{Operation: "note", Nth: 4, Status: 422},
			} {
				if _, err := box.AddFault(f); err != nil {
					t.Fatal(err)
				}
			}
			box.RemoveFault("ft-000003")
			for range 6 {
				snapshottest.Call(t, mock, "POST", "/tickets/1/notes", `{"text":"<x>"}`)
			}
			if n == 1 {
				box.Clock().Set(at.Add(time.Hour))
				return
			}
			box.Clock().Freeze()
		}
	}
	vendor := mockserver.Vendor{Contract: acme.Contract(), Play: notes}
	snapshottest.Run(t, options, vendor, part(1), part(2))
	snapshottest.Run(t, options, vendor, part(2), part(1))
}

// TestRefusedSnapshots: each says what is wrong with it, and what to do.
func TestRefusedSnapshots(t *testing.T) {
	m := acme.New(t, notes)
	m.Connect(mockserver.Channel{ID: "c"})
	m.Do("POST", "/tickets/1/notes", `{"text":"x"}`)
	text := string(acme.Snapshot(t, m))
	changed := func(from, to string) string {
		if !strings.Contains(text, from) {
			t.Fatalf("the snapshot has no %s", from)
		}
		return strings.Replace(text, from, to, 1)
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "it ends after 0 bytes, in the middle; take another one"},
		{"truncated", text[:len(text)/2], "in the middle; take another one, or begin without it"},
		{"broken", changed(`"seed":`, `"seed"`), "it is broken at byte"},
		{"two of them", text + text, "it is broken at byte"},
		{"another file", `{"openapi":"3.1.0"}`, "it is none, or it is not whole; Sandbox.Snapshot makes them"},
		{"a list", `[]`, "it is none"},
		{"another form", changed(`"format":1`, `"format":2`), "in form 2, and this is parley"},
		{"a member of another version", changed(`"seed":`, `"sediment":1,"seed":`), `unknown field "sediment"; use the one that wrote it`},
		{"another vendor", changed(`"acme":{"readings"`, `"apex":{"readings"`), "it has nothing of acme, only of apex; play the same vendors"},
		{"one vendor more", changed(`"vendors":{`, `"vendors":{"apex":{"readings":{},"kept":{}},`), "it has apex, and played are acme; play the same vendors"},
		{"a reading of another contract", changed(`"acme":{"readings":{`, `"acme":{"readings":{"ACME-R-01":"yes"`), "it has a reading ACME-R-01, which acme does not know"},
		{"a collection is missing", changed(`"notes":{"values"`, `"nodes":{"values"`), "what acme remembers: notes is missing; was it changed by hand?"},
		{"a value of another form", changed(`"text":"x"`, `"text":1`), "what acme remembers: notes: json: cannot unmarshal number"},
		{"IDs", changed(`"ids":"`, `"ids":"AAAA`), "ids: "},
		{"a channel of nobody's", changed(`"vendor":"acme"`, `"vendor":"apex"`), `channel "c" is of no vendor that is played`},
		{"a delivery in a wrong place", changed(`"id":"dl-000001"`, `"id":"dl-000009"`), `delivery "dl-000009" stands in the wrong place`},
		{"a delivery twice", changed(`"outbox":{"count":1,`, `"outbox":{"count":1,"older":[{"id":"dl-000001","vendor":"acme","event":"changed","state":"cancelled","body":{}}],`), `delivery "dl-000001" is there twice`},
		{"too many deliveries", changed(`"outbox":{"count":1`, `"outbox":{"count":0`), "there are 1 deliveries of 0"},
		{"a state of no delivery", changed(`"state":"cancelled"`, `"state":"asleep"`), `state "asleep" is none`},
	} {
		_, err := mockserver.Restore([]byte(c.text), mockserver.Options{}, mockserver.Vendor{Contract: acme.Contract(), Play: notes})
		if !errors.Is(err, mockserver.ErrSnapshot) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := mockserver.Restore([]byte(text), mockserver.Options{}, mockserver.Vendor{Contract: acme.Contract(), Play: notes}); err != nil {
		t.Errorf("as it is: %v", err)
	}
	_, err := mockserver.Restore([]byte(text), mockserver.Options{}, acme.Vendor())
	if !errors.Is(err, mockserver.ErrSnapshot) || !strings.Contains(err.Error(), "there are notes, and it has only 0 of them") {
		t.Errorf("with another behaviour: %v", err)
	}
}

// TestASnapshotIsNotForEverybody is why it is in a file that only its owner reads.
func TestASnapshotIsNotForEverybody(t *testing.T) {
	m := acme.New(t, nil)
	m.Connect(mockserver.Channel{ID: "c", Token: "a-secret"})
	if !strings.Contains(string(acme.Snapshot(t, m)), "a-secret") {
		t.Error("without the token nothing could go on")
	}
	if a := m.Do("GET", "/_parley/channels", ""); strings.Contains(a.Body, "a-secret") {
		t.Error("the control API shows it")
	}
}
