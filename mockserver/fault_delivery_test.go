package mockserver_test

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
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// sent queues events whose tickets are the given ones.
func (m *mock) sent(tickets ...string) []outbox.Delivery {
	m.t.Helper()
	var list []outbox.Delivery
	for _, ticket := range tickets {
		d, err := m.Sandbox().Send(soon(m.t), mockserver.SendRequest{Event: "changed", Set: map[string]any{"ticket": ticket}})
		if err != nil {
			m.t.Fatal(err)
		}
		list = append(list, d)
	}
	return list
}

// arrived waits until so many events came, and returns their tickets.
func (p *partner) arrived(t testing.TB, n int) []string {
	t.Helper()
	for range n {
		select {
		case <-p.came:
		case <-soon(t).Done():
			t.Fatalf("the partner got %d of %d: %v", len(p.received()), n, p.received())
		}
	}
	var list []string
	for _, body := range p.received() {
		_, after, _ := strings.Cut(body, `"ticket":"`)
		ticket, _, _ := strings.Cut(after, `"`)
		list = append(list, ticket)
	}
	return list
}

func (m *mock) allEnded() []outbox.Delivery {
	m.t.Helper()
	var list []outbox.Delivery
	until(m.t, func() bool {
		list = m.Sandbox().Deliveries()
		return !slices.ContainsFunc(list, func(d outbox.Delivery) bool { return d.Ended.IsZero() })
	})
	return list
}

func TestALateEventHoldsUpNoOther(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	p := newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{URL: p.URL})
	m.Sandbox().Clock().Freeze()
	addFault(t, m, fault.Rule{Event: "changed", Delay: "1h", Where: map[string]any{"ticket": "late"}})
	m.sent("first", "late", "third")
	if got := p.arrived(t, 2); !slices.Equal(got, []string{"first", "third"}) {
		t.Errorf("at once came %v", got)
	}
	if err := m.Sandbox().Clock().Advance(soon(t), 59*time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := p.received(); len(got) != 2 {
		t.Errorf("after 59 minutes %d came", len(got))
	}
	if err := m.Sandbox().Clock().Advance(soon(t), time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := p.arrived(t, 1); got[2] != "late" {
		t.Errorf("after an hour came %v", got)
	}
	if d := m.allEnded()[1]; d.State != "delivered" || fmt.Sprint(d.Faults) != "[ft-000001]" {
		t.Errorf("the late one is %+v", d)
	}
}

func TestCopiesOneAfterTheOther(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	p := newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{URL: p.URL})
	addFault(t, m, fault.Rule{Event: "changed", Copies: 2, Times: 1})
	m.sent("a", "b")
	if got := p.arrived(t, 4); !slices.Equal(got, []string{"a", "a", "a", "b"}) {
		t.Errorf("the partner got %v", got)
	}
	list := m.allEnded()
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
	m := newMock(t, mockserver.Options{}, nil)
	both := make(chan struct{})
	var once sync.Once
	var p *partner
	p = newPartner(t, func(http.ResponseWriter, *http.Request) {
		if len(p.received()) == 2 {
			once.Do(func() { close(both) })
		}
		select {
		case <-both:
		case <-time.After(20 * time.Second):
			t.Error("the other did not come meanwhile")
		}
	})
	openChannel(t, m, mockserver.Channel{URL: p.URL})
	addFault(t, m, fault.Rule{Event: "changed", Copies: 1, Together: true, Times: 1})
	m.sent("a")
	if got := p.arrived(t, 2); !slices.Equal(got, []string{"a", "a"}) {
		t.Errorf("the partner got %v", got)
	}
	list := m.allEnded()
	if len(list) != 2 || list[1].CopyOf != list[0].ID || list[1].State != "delivered" {
		t.Errorf("the deliveries are %+v", list)
	}
	// The clock is free again: nobody is counted as at work.
	if err := m.Sandbox().Clock().Advance(soon(t), time.Hour); err != nil {
		t.Error(err)
	}
}

func TestEventsInAnotherOrder(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	p := newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{URL: p.URL})
	m.Sandbox().Clock().Freeze()
	addFault(t, m, fault.Rule{Event: "changed", Reorder: 3, Window: "10s"})
	m.sent("a", "b", "c", "d", "e")
	if got := p.arrived(t, 3); !slices.Equal(got, []string{"c", "b", "a"}) {
		t.Errorf("first came %v", got)
	}
	if err := m.Sandbox().Clock().Advance(soon(t), 9*time.Second); err != nil {
		t.Fatal(err)
	}
	if got := len(p.received()); got != 3 {
		t.Errorf("before the window's end %d came", got)
	}
	if err := m.Sandbox().Clock().Advance(soon(t), time.Second); err != nil {
		t.Fatal(err)
	}
	if got := p.arrived(t, 2); !slices.Equal(got[3:], []string{"e", "d"}) {
		t.Errorf("then came %v", got[3:])
	}
	for _, d := range m.allEnded() {
		if d.State != "delivered" || fmt.Sprint(d.Faults) != "[ft-000001]" {
			t.Errorf("a delivery is %+v", d)
		}
	}
}

func TestClosingSendsWhatIsHeld(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	p := newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{URL: p.URL})
	m.Sandbox().Clock().Freeze()
	addFault(t, m, fault.Rule{Event: "changed", Reorder: 3})
	m.sent("a", "b")
	if left := m.Close(soon(t)); len(left) != 0 {
		t.Errorf("not delivered are %+v", left)
	}
	if got := p.arrived(t, 2); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("the partner got %v", got)
	}
	worst(t, m.Sandbox().Journal().Find(nil), traffic.Warn)
}
