package clock_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// patient is a mock whose vendor tries three times, 20 minutes apart.
func patient(t *testing.T) *mocktest.Mock {
	contract := acme.Contract()
	contract.Delivery.Backoff = "20m"
	m := acme.NewOf(t, contract, mockserver.Options{}, nil)
	m.Sandbox().Clock().Freeze()
	m.Sandbox().Clock().Set(acme.At)
	return m
}

// TestAnHourOfRetries takes no longer than its three attempts, and each happens
// at its own time.
func TestAnHourOfRetries(t *testing.T) {
	m := patient(t)
	box, clock := m.Sandbox(), m.Sandbox().Clock()
	for _, id := range []string{"one", "two"} {
		p := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
		m.Connect(mockserver.Channel{ID: id, URL: p.URL})
		if _, err := box.Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: id}); err != nil {
			t.Fatal(err)
		}
		m.Advance(time.Minute)
	}
	m.Advance(time.Hour)
	if now := clock.Now(); !now.Equal(acme.At.Add(62 * time.Minute)) {
		t.Errorf("it is %s", now)
	}
	want := []struct {
		channel string
		after   time.Duration
	}{{"one", 0}, {"two", time.Minute}, {"one", 20 * time.Minute}, {"two", 21 * time.Minute}, {"one", 40 * time.Minute}, {"two", 41 * time.Minute}}
	list := box.Journal().Find(nil)
	if len(list) != len(want) {
		t.Fatalf("%d attempts, want %d", len(list), len(want))
	}
	for i, e := range list {
		if e.Channel != want[i].channel || !e.Time.Equal(acme.At.Add(want[i].after)) || e.Duration != 0 {
			t.Errorf("attempt %d: channel %s at %s for %s, want %+v", i, e.Channel, e.Time, e.Duration, want[i])
		}
	}
	for _, d := range box.Deliveries() {
		if d.State != outbox.Failed || !d.Ended.Equal(d.Queued.Add(40*time.Minute)) {
			t.Errorf("delivery %+v", d)
		}
	}
}

// TestADelayFollowsTheClock: who asks for a delayed answer has it when the clock
// was advanced, and the exchange says how long it took.
func TestADelayFollowsTheClock(t *testing.T) {
	m := patient(t)
	answered := make(chan mocktest.Answer, 1)
	go func() { answered <- m.Do("GET", "/tickets/T-1", "", "Prefer", "delay=30000") }()
	for m.Sandbox().Journal().Stats().Kept == 0 {
		m.Advance(time.Second)
	}
	// The clock may have gone on before the call began to wait.
	if e := m.Exchange(<-answered); e.Duration < 30*time.Second || e.Duration%time.Second != 0 {
		t.Errorf("the call took %s", e.Duration)
	}
}

// TestNoExchangeTakesLessThanNoTime when the clock is set back meanwhile.
func TestNoExchangeTakesLessThanNoTime(t *testing.T) {
	m := patient(t)
	p := mocktest.NewPartner(t, func(http.ResponseWriter, *http.Request) { m.Sandbox().Clock().Set(acme.At.Add(-time.Hour)) })
	m.Connect(mockserver.Channel{ID: "c", URL: p.URL})
	d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: "c", Wait: true})
	if err != nil || d.State != outbox.Delivered {
		t.Fatal(d, err)
	}
	if e := m.Sandbox().Journal().Find(nil)[0]; e.Duration != 0 || !e.Time.Equal(acme.At) {
		t.Errorf("at %s it took %s", e.Time, e.Duration)
	}
}

// TestAdvanceGivesUp when a partner takes longer than the caller is patient, and
// says where the clock stands.
func TestAdvanceGivesUp(t *testing.T) {
	m := patient(t)
	p := acme.Hanging(t)
	c := m.Connect(mockserver.Channel{URL: p.URL})
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: c.ID}); err != nil {
		t.Fatal(err)
	}
	p.Await(1)
	ctx, stop := context.WithCancel(mocktest.Soon(t))
	stop()
	clock := m.Sandbox().Clock()
	if err := clock.Advance(ctx, time.Hour); !errors.Is(err, context.Canceled) || !clock.Now().Equal(acme.At) {
		t.Errorf("at %s: %v", clock.Now(), err)
	}
	if err := clock.Advance(mocktest.Soon(t), -time.Hour); err == nil {
		t.Error("it was advanced backwards")
	}
	m.Sandbox().Reset()
	if m.Sandbox().Clock().Frozen() {
		t.Error("after a reset the clock is still frozen")
	}
	if n := len(m.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Caller == traffic.Partner })); n != 0 {
		t.Errorf("%d exchanges", n)
	}
}
