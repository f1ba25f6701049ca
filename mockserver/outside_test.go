package mockserver_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/store"
)

// TestAChangeOutsideOfACallIsAStep: a behaviour may change what it remembers in a goroutine
// of its own, while it holds what its calls wait for, and a mock that goes on has it.
func TestAChangeOutsideOfACallIsAStep(t *testing.T) {
	kept := ledger.NewMemory()
	var notes store.Collection[string]
	var mine sync.Mutex // of the behaviour
	add := func(id string) {
		notes.Upsert(id, func(v *string) error { *v = id; return nil })
	}
	play := func(stage *mockserver.Stage) mockserver.Behaviour {
		notes = mockserver.Persist(stage, "notes", store.NewMemory[string](0, nil))
		return mockserver.Behaviour{
			State: func() any { list, _ := notes.List(); return list },
			Operations: map[string]func(*mockserver.Call) mockserver.Reply{
				"note": func(c *mockserver.Call) mockserver.Reply {
					mine.Lock()
					defer mine.Unlock()
					add("in a call")
					return mockserver.Reply{Status: http.StatusCreated}
				},
			},
		}
	}
	open := func() *mockserver.Server {
		server, err := mockserver.New(mockserver.Options{Ledger: kept, Control: control.New, Now: func() time.Time { return acme.At }}, mockserver.Vendor{Contract: acme.Contract(), Play: play})
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	s := open()
	var working sync.WaitGroup
	for range 3 {
		working.Go(func() { calls(s, s.Sandbox(), "POST", "/tickets/1/notes", `{"text":"x"}`) })
		working.Go(func() {
			mine.Lock()
			defer mine.Unlock()
			add("gone")
			add("outside")
			if err := notes.Delete("gone"); err != nil {
				t.Error(err)
			}
		})
	}
	working.Wait()
	sameAsReplayed(t, s.Sandbox(), "changes outside of calls")
	s.Sandbox().Reset()
	add("outside")
	s.Close(atOnce(t))
	again := open()
	defer again.Close(atOnce(t))
	if got, want := len(again.Sandbox().State()["acme"].([]string)), 1; got != want {
		t.Errorf("a mock that goes on has %v", again.Sandbox().State())
	}
	if _, err := notes.Get("outside"); err != nil {
		t.Errorf("a mock that goes on lacks what was changed outside of a call: %v", err)
	}
}
