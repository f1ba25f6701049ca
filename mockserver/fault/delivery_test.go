package fault_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func TestALateEventHoldsUpNoOther(t *testing.T) {
	m := acme.New(t, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	m.Sandbox().Clock().Freeze()
	m.Fault(fault.Rule{Event: "changed", Delay: "1h", Where: map[string]any{"ticket": "late"}})
	acme.Queue(t, m, "", "first", "late", "third")
	if got := acme.Tickets(t, p.Await(2)); !slices.Equal(got, []string{"first", "third"}) {
		t.Errorf("at once came %v", got)
	}
	m.Advance(59 * time.Minute)
	if got := p.Received(); len(got) != 2 {
		t.Errorf("after 59 minutes %d came", len(got))
	}
	m.Advance(time.Minute)
	if got := acme.Tickets(t, p.Await(3)); got[2] != "late" {
		t.Errorf("after an hour came %v", got)
	}
	if d := acme.Ended(t, m)[1]; d.State != "delivered" || fmt.Sprint(d.Faults) != "[ft-000001]" {
		t.Errorf("the late one is %+v", d)
	}
}

func TestCopiesOneAfterTheOther(t *testing.T) {
	m := acme.New(t, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	m.Fault(fault.Rule{Event: "changed", Copies: 2, Times: 1})
	acme.Queue(t, m, "", "a", "b")
	if got := acme.Tickets(t, p.Await(4)); !slices.Equal(got, []string{"a", "a", "a", "b"}) {
		t.Errorf("the partner got %v", got)
	}
	list := acme.Ended(t, m)
	if len(list) != 4 || list[1].CopyOf != list[0].ID || list[2].CopyOf != list[0].ID || list[0].CopyOf+list[3].CopyOf != "" {
		t.Errorf("the deliveries are %+v", list)
	}
	for _, e := range m.Sandbox().Journal().Find(nil)[:3] {
		if fmt.Sprint(e.Faults) != "[ft-000001]" {
			t.Errorf("%s has faults %v", e.ID, e.Faults)
		}
	}
}

// TestTwoCopiesAtOnce: neither is answered before both are there.
func TestTwoCopiesAtOnce(t *testing.T) {
	m := acme.New(t, nil)
	both := make(chan struct{})
	var once sync.Once
	var p *mocktest.Partner
	p = mocktest.NewPartner(t, func(http.ResponseWriter, *http.Request) {
		if len(p.Received()) == 2 {
			once.Do(func() { close(both) })
		}
		select {
		case <-both:
		case <-time.After(20 * time.Second):
			t.Error("the other did not come meanwhile")
		}
	})
	m.Connect(mockserver.Channel{URL: p.URL})
	m.Fault(fault.Rule{Event: "changed", Copies: 1, Together: true, Times: 1})
	acme.Queue(t, m, "", "a")
	if got := acme.Tickets(t, p.Await(2)); !slices.Equal(got, []string{"a", "a"}) {
		t.Errorf("the partner got %v", got)
	}
	list := acme.Ended(t, m)
	if len(list) != 2 || list[1].CopyOf != list[0].ID || list[1].State != "delivered" {
		t.Errorf("the deliveries are %+v", list)
	}
	// The clock is free again: nobody is counted as at work.
	m.Advance(time.Hour)
}

func TestEventsInAnotherOrder(t *testing.T) {
	m := acme.New(t, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	m.Sandbox().Clock().Freeze()
	m.Fault(fault.Rule{Event: "changed", Reorder: 3, Window: "10s"})
	acme.Queue(t, m, "", "a", "b", "c", "d", "e")
	if got := acme.Tickets(t, p.Await(3)); !slices.Equal(got, []string{"c", "b", "a"}) {
		t.Errorf("first came %v", got)
	}
	m.Advance(9 * time.Second)
	if got := len(p.Received()); got != 3 {
		t.Errorf("before the window's end %d came", got)
	}
	m.Advance(time.Second)
	if got := acme.Tickets(t, p.Await(5)); !slices.Equal(got[3:], []string{"e", "d"}) {
		t.Errorf("then came %v", got[3:])
	}
	for _, d := range acme.Ended(t, m) {
		if d.State != "delivered" || fmt.Sprint(d.Faults) != "[ft-000001]" {
			t.Errorf("a delivery is %+v", d)
		}
	}
}

func TestClosingSendsWhatIsHeld(t *testing.T) {
	m := acme.New(t, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	m.Sandbox().Clock().Freeze()
	m.Fault(fault.Rule{Event: "changed", Reorder: 3})
	acme.Queue(t, m, "", "a", "b")
	if left := m.Server().Close(mocktest.Soon(t)); len(left) != 0 {
		t.Errorf("not delivered are %+v", left)
	}
	if got := acme.Tickets(t, p.Await(2)); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("the partner got %v", got)
	}
	acme.Below(t, traffic.Warn, m.Sandbox().Journal().Find(nil))
}

func TestFaultsOnEvents(t *testing.T) {
	m := acme.New(t, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	for _, f := range []fault.Rule{
		{Event: "changed", Lose: true, Times: 1},
		{Event: "changed", Set: map[string]any{"ticket": 5}, Where: map[string]any{"ticket": "T-1"}, Times: 1},
	} {
		m.Fault(f)
	}
	var states []outbox.State
	var faults []string
	for range 3 {
		d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
		if err != nil {
			t.Fatal(err)
		}
		states, faults = append(states, d.State), append(faults, strings.Join(d.Faults, " "))
	}
	if want := []outbox.State{"lost", "delivered", "delivered"}; !slices.Equal(states, want) {
		t.Errorf("the deliveries are %v, want %v", states, want)
	}
	if want := []string{"ft-000001", "ft-000002", ""}; !slices.Equal(faults, want) {
		t.Errorf("faults acted %q, want %q", faults, want)
	}
	got := p.Received()
	if len(got) != 2 || !strings.Contains(got[0], `"ticket":5`) || !strings.Contains(got[1], `"ticket":"T-1"`) {
		t.Errorf("the partner got %q", got)
	}
	exchanges := m.Sandbox().Journal().Find(nil)
	if len(exchanges) != 2 || fmt.Sprint(exchanges[0].Faults) != "[ft-000002]" {
		t.Errorf("%d exchanges, the first with faults %v", len(exchanges), exchanges[0].Faults)
	}
	acme.Below(t, traffic.Warn, exchanges)
}
