package mockserver_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/traffic"
)

// desk is a vendor that remembers its tickets; what a call does with them is the test's.
type desk struct {
	stage   *mockserver.Stage
	tickets store.Collection[string]
	handle  func(*mockserver.Call, *desk) mockserver.Reply
}

func (d *desk) set(id, text string) {
	if err := store.Put(d.tickets, id, text); err != nil {
		panic(err)
	}
}

// newDesk answers GET /tickets/{id} with handle.
func newDesk(t *testing.T, o mockserver.Options, handle func(*mockserver.Call, *desk) mockserver.Reply) (*mocktest.Mock, *desk) {
	t.Helper()
	var first *desk
	m := acme.NewWith(t, o, func(stage *mockserver.Stage) mockserver.Behaviour {
		d := &desk{stage: stage, tickets: mockserver.Persist(stage, "tickets", store.NewMemory[string](0, nil)), handle: handle}
		if first == nil {
			first = d
		}
		d.set("from the beginning", "x")
		return mockserver.Behaviour{
			Operations: map[string]func(*mockserver.Call) mockserver.Reply{"ticket": func(c *mockserver.Call) mockserver.Reply { return d.handle(c, d) }},
			Events: map[string]mockserver.Event{"changed": {
				Record: func(s mockserver.Sending) error { d.set("sent", s.Text("ticket")); return nil },
				Ended: func(_ mockserver.Sending, v outbox.Delivery, _ *traffic.Exchange) {
					d.set("ended", string(v.State))
				},
			}},
		}
	})
	return m, first
}

var ticketReply = mockserver.Reply{Status: http.StatusOK, Body: map[string]any{"id": "T-1"}}

// shownChanges has a line for each change: "tickets T-1: "a" → "b" by ex-000001", with a
// question mark where that is not certain.
func shownChanges(m *mocktest.Mock) []string {
	list := []string{}
	for _, c := range m.Sandbox().Changes().Changes {
		by := strings.Join(c.Exchanges, " ")
		if !c.Certain {
			by += "?"
		}
		list = append(list, fmt.Sprintf("%s %s: %s → %s by %s", c.Collection, c.ID, c.Before, c.After, by))
	}
	return list
}

func TestACallsChangesAreItsOwn(t *testing.T) {
	m, d := newDesk(t, mockserver.Options{}, func(c *mockserver.Call, d *desk) mockserver.Reply {
		switch id := c.Params["id"]; id {
		case "gone":
			if d.tickets.Delete("T-1") != nil || !errors.Is(d.tickets.Delete("T-1"), store.ErrNotFound) {
				t.Error("T-1 can't be deleted once")
			}
		case "failing":
			if _, err := d.tickets.Update("T-1", func(v *string) error { *v = "lost"; return errors.New("no") }); err == nil {
				t.Error("a change that fails is done")
			}
		default:
			d.set(id, c.Request.Header.Get("Text"))
		}
		return ticketReply
	})
	m.Do("GET", "/tickets/T-1", "", "Text", "unrecorded")
	if got := shownChanges(m); len(got) != 0 {
		t.Errorf("before anybody asked there are %q", got)
	}
	for _, call := range [][2]string{{"T-1", "a"}, {"T-1", "a"}, {"T-2", "<b>"}, {"failing", ""}, {"gone", ""}} {
		m.Do("GET", "/tickets/"+call[0], "", "Text", call[1])
	}
	want := []string{
		`tickets T-1: "unrecorded" → "a" by ex-000002`, `tickets T-2:  → "<b>" by ex-000004`, `tickets T-1: "a" →  by ex-000006`,
	}
	if got := shownChanges(m); !slices.Equal(got, want) {
		t.Errorf("changes are %q, want %q", got, want)
	}
	if names := m.Sandbox().Collections(""); !slices.Equal(names, []string{"tickets"}) {
		t.Errorf("collections are %q", names)
	}
	m.Sandbox().Reset()
	if got := shownChanges(m); len(got) != 0 {
		t.Errorf("after a reset there are %q", got)
	}
	d.set("by the old one", "x")
	if got := shownChanges(m); len(got) != 0 {
		t.Errorf("what a reset replaced changed %q", got)
	}
}

// TestChangesOfCallsThatOverlap name all that were at work.
func TestChangesOfCallsThatOverlap(t *testing.T) {
	var inside sync.WaitGroup
	inside.Add(2)
	m, _ := newDesk(t, mockserver.Options{Changes: true}, func(c *mockserver.Call, d *desk) mockserver.Reply {
		inside.Done()
		inside.Wait() // both are inside now
		d.set(c.Params["id"], "x")
		return ticketReply
	})
	var all sync.WaitGroup
	for _, id := range []string{"T-1", "T-2"} {
		all.Go(func() { m.Do("GET", "/tickets/"+id, "") })
	}
	all.Wait()
	first := m.Sandbox().Changes().Changes[0]
	if slices.Sort(first.Exchanges); first.Certain || !slices.Equal(first.Exchanges, []string{"ex-000001", "ex-000002"}) {
		t.Errorf("the first change is %+v", first)
	}
}

// TestACallThatWaitsChangesNothing meanwhile, and is known again when it goes on, also
// when recording began in between.
func TestACallThatWaitsChangesNothing(t *testing.T) {
	for _, early := range []bool{false, true} {
		waiting, goOn := make(chan struct{}), make(chan struct{})
		m, _ := newDesk(t, mockserver.Options{Changes: early}, func(c *mockserver.Call, d *desk) mockserver.Reply {
			if c.Params["id"] == "slow" {
				c.Pause(func() { close(waiting); <-goOn })
			}
			d.set(c.Params["id"], "x")
			return ticketReply
		})
		done := make(chan struct{})
		go func() {
			defer close(done)
			m.Do("GET", "/tickets/slow", "")
		}()
		<-waiting
		shownChanges(m) // recording begins, if it has not
		m.Do("GET", "/tickets/quick", "")
		close(goOn)
		<-done
		want := []string{`tickets quick:  → "x" by ex-000001`, `tickets slow:  → "x" by ex-000002`}
		if got := shownChanges(m); !slices.Equal(got, want) {
			t.Errorf("recorded early: %v: changes are %q, want %q", early, got, want)
		}
	}
}

// TestChangesOfDeliveries are those of the call that sends, or of nobody, and of the
// attempt with which it ends.
func TestChangesOfDeliveries(t *testing.T) {
	p := mocktest.NewPartner(t, nil)
	m, _ := newDesk(t, mockserver.Options{Changes: true}, func(c *mockserver.Call, _ *desk) mockserver.Reply {
		reply := ticketReply
		reply.Then = []mockserver.Sending{{Event: "changed", Channel: "c"}}
		return reply
	})
	m.Connect(mockserver.Channel{ID: "c", URL: p.URL})
	m.Do("GET", "/tickets/T-1", "")
	acme.Ended(t, m)
	acme.Snapshot(t, m) // whoever noted the end is outside again
	acme.Queue(t, m, "c", "T-7")
	last := acme.Ended(t, m)[1]
	if err := m.Sandbox().AddState("", nil); err == nil {
		t.Error("something can be added")
	}
	got := m.Sandbox().Changes().Changes
	ids := map[string][]string{}
	for _, c := range got {
		ids[c.ID] = append(ids[c.ID], strings.Join(c.Exchanges, " "))
	}
	if !slices.Equal(ids["sent"], []string{"ex-000001", ""}) || !slices.Equal(ids["ended"], []string{"ex-000002"}) || len(last.Attempts) != 1 {
		t.Errorf("changes are %+v", got)
	}
}

func TestChangesAreBounded(t *testing.T) {
	long := strings.Repeat("x", 100<<10)
	m, _ := newDesk(t, mockserver.Options{}, func(c *mockserver.Call, d *desk) mockserver.Reply {
		switch c.Params["id"] {
		case "many":
			for i := range 1_200 {
				d.set("many", fmt.Sprint(i))
			}
		case "long":
			for i := range 50 {
				d.set("long", fmt.Sprint(long, i))
			}
		case "longest":
			d.set("longest", strings.Repeat(long, 3))
		}
		return ticketReply
	})
	for _, test := range []struct {
		sandbox, call  string
		kept, dropped  int
		beyond, within int // bytes of the values that are kept
	}{
		{"", "many", 1_000, 200, 1_000, 100_000}, {"", "long", 20, 1_230, 3 << 20, 4 << 20}, {"mine", "many", 100, 1_100, 100, 10_000}, {"mine", "long", 2, 1_248, 400_000, 410_000},
	} {
		prefix := ""
		if test.sandbox != "" {
			prefix = "/~" + test.sandbox
		}
		box, err := m.Server().NamedSandbox(test.sandbox)
		if err != nil {
			t.Fatal(err)
		}
		box.Changes()
		m.Do("GET", prefix+"/tickets/"+test.call, "")
		log := box.Changes()
		bytes := 0
		for _, c := range log.Changes {
			bytes += len(c.Before) + len(c.After)
		}
		if len(log.Changes) != test.kept || int(log.Dropped) != test.dropped || bytes < test.beyond || bytes > test.within {
			t.Errorf("%+v: kept are %d of %d bytes, dropped %d", test, len(log.Changes), bytes, log.Dropped)
		}
	}
	m.Do("GET", "/tickets/longest", "")
	all := m.Sandbox().Changes().Changes
	if last := all[len(all)-1]; !last.Cut || last.Before != nil || last.After != nil || last.ID != "longest" {
		t.Errorf("of a value that is too long is kept %d bytes, cut %v", len(last.After), last.Cut)
	}
}

// TestWhoDoesNotAskPaysNothing: a collection that can be recorded allocates no more than
// one that can't.
func TestWhoDoesNotAskPaysNothing(t *testing.T) {
	_, d := newDesk(t, mockserver.Options{}, nil)
	bare := store.NewMemory[string](0, nil)
	allocates := func(c store.Collection[string]) float64 {
		change := func(v *string) error { *v = "x"; return nil }
		return testing.AllocsPerRun(1_000, func() {
			_, _ = c.Upsert("a", change)
			_, _ = c.Update("a", change)
			_, _ = c.Get("a")
			_ = c.Delete("a")
		})
	}
	if with, without := allocates(d.tickets), allocates(bare); with > without {
		t.Errorf("%v allocations, and %v without", with, without)
	}
}
