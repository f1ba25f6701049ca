package outbox_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func TestOrderWithinAChannelAndIndependenceOfOthers(t *testing.T) {
	m := acme.New(t, nil)
	stuck, quick := acme.Hanging(t), mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{ID: "stuck", URL: stuck.URL})
	m.Connect(mockserver.Channel{ID: "quick", URL: quick.URL})
	const n = 50
	for i := range n {
		for _, channel := range []string{"stuck", "quick"} {
			if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: channel, Set: map[string]any{"ticket": fmt.Sprint(i)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := m.Sandbox().Journal().Wait(mocktest.Soon(t), n, func(e *traffic.Exchange) bool { return e.Channel == "quick" && e.Status() == 200 }); err != nil {
		t.Fatalf("the quick partner waits for the one that hangs: %v", err)
	}
	for i, body := range quick.Received() {
		if !strings.Contains(body, fmt.Sprintf(`"ticket":"%d"`, i)) {
			t.Fatalf("delivery %d was %s", i, body)
		}
	}
	stuck.Await(1)
	if got := len(stuck.Received()); got != 1 {
		t.Errorf("the hanging partner was called %d times at once, want one after the other", got)
	}
}

func TestCloseDeliversWhatIsQueued(t *testing.T) {
	m := acme.New(t, nil)
	release := make(chan struct{})
	p := mocktest.NewPartner(t, func(http.ResponseWriter, *http.Request) { <-release })
	m.Connect(mockserver.Channel{URL: p.URL})
	acme.Queue(t, m, "", "1", "2", "3")
	p.Await(1)
	closed := make(chan []outbox.Delivery)
	go func() { closed <- m.Server().Close(mocktest.Soon(t)) }()
	close(release)
	if left := <-closed; len(left) != 0 {
		t.Errorf("undelivered: %+v", left)
	}
	if got := len(p.Received()); got != 3 {
		t.Errorf("the partner got %d of 3", got)
	}
	d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
	if err != nil || d.State != outbox.Cancelled || d.Error != "the mock was closed" {
		t.Errorf("after closing a delivery is %+v, %v", d, err)
	}
}

func TestCloseReportsWhatIsLeft(t *testing.T) {
	m := acme.New(t, nil)
	stuck := acme.Hanging(t)
	m.Connect(mockserver.Channel{URL: stuck.URL})
	acme.Queue(t, m, "", "1", "2", "3")
	stuck.Await(1)
	at, cancel := context.WithCancel(context.Background())
	cancel()
	left := m.Server().Close(at)
	if len(left) != 3 {
		t.Fatalf("reported %d deliveries, want 3", len(left))
	}
	for _, d := range left {
		if d.State != outbox.Cancelled || d.Error != "the mock was closed" || d.URL != stuck.URL {
			t.Errorf("reported %+v", d)
		}
	}
	broken := m.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Caller == traffic.Vendor })
	if len(broken) != 1 || broken[0].Error != "the mock was closed" {
		t.Errorf("the attempt under way is journalled as %+v", broken)
	}
}

func TestAChannelTakesABoundedNumberOfDeliveries(t *testing.T) {
	m := acme.New(t, nil)
	stuck := acme.Hanging(t)
	m.Connect(mockserver.Channel{URL: stuck.URL})
	var refused outbox.Delivery
	for range 1100 {
		d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed"})
		if err != nil {
			t.Fatal(err)
		}
		if d.State == outbox.Cancelled {
			refused = d
		}
	}
	if !strings.Contains(refused.Error, "too many deliveries wait") {
		t.Errorf("the last one is %+v", refused)
	}
}

func TestResetForgetsAndBreaksOff(t *testing.T) {
	m := acme.NewWith(t, mockserver.Options{Seed: 7}, nil)
	broken := make(chan struct{})
	stuck := mocktest.NewPartner(t, func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(broken)
	})
	first := m.Connect(mockserver.Channel{URL: stuck.URL})
	d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed"})
	if err != nil {
		t.Fatal(err)
	}
	m.Fault(fault.Rule{Event: "changed", Lose: true})
	stuck.Await(1)
	journal := m.Sandbox().Journal()
	m.Sandbox().Reset()
	select {
	case <-broken:
	case <-mocktest.Soon(t).Done():
		t.Error("the delivery under way was not broken off")
	}
	b := m.Sandbox()
	if _, ok := b.Delivery(d.ID); ok || len(b.Channels())+len(b.Faults())+len(b.Deliveries())+len(journal.Find(nil)) != 0 || b.Journal() != journal {
		t.Error("something is left after the reset")
	}
	if again := m.Connect(mockserver.Channel{}); again.ID != first.ID {
		t.Errorf("the first ID after a reset is %s, at the start it was %s", again.ID, first.ID)
	}
	if e := m.Exchange(m.Do("GET", "/tickets/T-1", "")); e.ID != "ex-000001" {
		t.Errorf("exchanges go on with %s", e.ID)
	}
}

// TestAHangingPartnerHoldsUpNobody: 100 channels, one of which never answers;
// nothing that is queued is lost.
func TestAHangingPartnerHoldsUpNobody(t *testing.T) {
	const channels, each = 100, 5
	m := acme.New(t, nil)
	stuck, quick := acme.Hanging(t), mocktest.NewPartner(t, nil)
	for i := range channels {
		url := fmt.Sprintf("%s/%d", quick.URL, i)
		if i == 42 {
			url = stuck.URL
		}
		m.Connect(mockserver.Channel{ID: fmt.Sprint("c", i), URL: url})
	}
	for n := range each {
		for i := range channels {
			if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: fmt.Sprint("c", i), Set: map[string]any{"ticket": fmt.Sprint(n)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	quick.Await((channels - 1) * each)
	stuck.Await(1)
	states := map[outbox.State]int{}
	mocktest.Until(t, func() bool {
		clear(states)
		for _, d := range m.Sandbox().Deliveries() {
			states[d.State]++
		}
		return states["delivered"] == (channels-1)*each
	})
	if states["delivering"] != 1 || states["queued"] != each-1 {
		t.Errorf("the deliveries are %v", states)
	}
}
