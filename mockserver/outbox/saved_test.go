package outbox_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// movedTo is a snapshot in which one partner has another address.
func movedTo(text []byte, from, to *mocktest.Partner) []byte {
	return []byte(strings.ReplaceAll(string(text), from.URL, to.URL))
}

// TestDeliveriesGoOn: what had not ended is queued again in its order, also what a
// partner has in hand; what had ended stays as it is.
func TestDeliveriesGoOn(t *testing.T) {
	m := acme.New(t, nil)
	stuck, next := acme.Hanging(t), mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{ID: "stuck", URL: stuck.URL})
	m.Fault(fault.Rule{Event: "changed", Where: map[string]any{"ticket": "9"}, Lose: true})
	acme.Queue(t, m, "stuck", "9", "0", "1", "2")
	stuck.Await(1)
	again := acme.Restore(t, movedTo(acme.Snapshot(t, m), stuck, next), mockserver.Options{}, nil)
	if got := acme.Tickets(t, next.Await(3)); !slices.Equal(got, []string{"0", "1", "2"}) {
		t.Errorf("the partner was told %s", got)
	}
	var states []string
	for _, d := range acme.Ended(t, again) {
		states = append(states, d.ID+" "+string(d.State))
	}
	if got := strings.Join(states, ", "); got != "dl-000001 lost, dl-000002 delivered, dl-000003 delivered, dl-000004 delivered" {
		t.Error(got)
	}
	if d := acme.Queue(t, again, "stuck", "5")[0]; d.ID != "dl-000005" {
		t.Errorf("the next is %s", d.ID)
	}
}

// TestWhatAFaultDidToADeliveryStays: late, kept back to be sent in another order,
// or in copies; and one that waits for its next attempt waits on.
func TestWhatAFaultDidToADeliveryStays(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	options := mockserver.Options{Now: func() time.Time { return at }}
	m := acme.NewWith(t, options, nil)
	box := m.Sandbox()
	box.Clock().Freeze()
	stuck, late, held, refusing, next := acme.Hanging(t), mocktest.NewPartner(t, nil), mocktest.NewPartner(t, nil), mocktest.NewPartner(t, acme.Refuse), mocktest.NewPartner(t, nil)
	for id, p := range map[string]*mocktest.Partner{"stuck": stuck, "late": late, "held": held} {
		m.Connect(mockserver.Channel{ID: id, URL: p.URL})
	}
	m.Connect(mockserver.Channel{ID: "refusing", URL: refusing.URL, Policy: outbox.Policy{Attempts: 2, Backoff: "30m"}})
	for _, f := range []fault.Rule{
		{Event: "changed", Channel: "late", Delay: "1h"},
		{Event: "changed", Channel: "held", Reorder: 3, Window: "1h"},
		{Event: "changed", Channel: "stuck", Copies: 2, Together: true},
	} {
		if _, err := box.AddFault(f); err != nil {
			t.Fatal(err)
		}
	}
	acme.Queue(t, m, "late", "1")
	acme.Queue(t, m, "held", "1", "2")
	acme.Queue(t, m, "refusing", "1")
	if _, err := box.Journal().Wait(mocktest.Soon(t), 1, func(e *traffic.Exchange) bool { return e.Status() == 503 }); err != nil {
		t.Fatal(err)
	}
	acme.Queue(t, m, "stuck", "1")
	stuck.Await(3)
	again := acme.Restore(t, movedTo(acme.Snapshot(t, m), stuck, next), options, nil)
	next.Await(3) // both copies too
	acme.Queue(t, again, "held", "3")
	if got := acme.Tickets(t, held.Await(3)); !slices.Equal(got, []string{"3", "2", "1"}) {
		t.Errorf("held came as %s", got)
	}
	advance := func(d time.Duration) {
		if err := again.Sandbox().Clock().Advance(mocktest.Soon(t), d); err != nil {
			t.Fatal(err)
		}
	}
	advance(29 * time.Minute)
	if d, _ := again.Sandbox().Delivery("dl-000004"); len(d.Attempts) != 1 {
		t.Errorf("the one that waits half an hour for its second attempt: %+v", d)
	}
	advance(time.Minute)
	if d, _ := again.Sandbox().Delivery("dl-000004"); len(d.Attempts) != 2 {
		t.Errorf("after half an hour: %+v", d)
	}
	advance(29 * time.Minute)
	if n := len(late.Received()); n != 0 {
		t.Errorf("what is late by an hour came %d times before", n)
	}
	advance(time.Minute)
	if n := len(late.Received()); n != 1 {
		t.Errorf("what is late by an hour came %d times", n)
	}
}

// TestClosedDeliveriesGoOn: what the end of a mock broke off, the next one sends.
func TestClosedDeliveriesGoOn(t *testing.T) {
	m := acme.New(t, nil)
	stuck, next := acme.Hanging(t), mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{ID: "c", URL: stuck.URL})
	acme.Queue(t, m, "c", "0", "1", "2")
	stuck.Await(1)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if left := m.Server().Close(over); len(left) != 3 {
		t.Fatalf("left are %+v", left)
	}
	acme.Queue(t, m, "c", "3") // too late for this mock
	acme.Restore(t, movedTo(acme.Snapshot(t, m), stuck, next), mockserver.Options{}, nil)
	if got := acme.Tickets(t, next.Await(4)); !slices.Equal(got, []string{"0", "1", "2", "3"}) {
		t.Errorf("the partner was told %s", got)
	}
}

// TestNothingGoesWhereNobodyAllowsIt: a delivery to a further target needs to be
// allowed in the next mock too.
func TestNothingGoesWhereNobodyAllowsIt(t *testing.T) {
	stuck := acme.Hanging(t)
	anywhere := func(*url.URL) bool { return true }
	m := acme.NewWith(t, mockserver.Options{AllowTargets: anywhere}, nil)
	m.Connect(mockserver.Channel{ID: "c"})
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: "c", To: stuck.URL}); err != nil {
		t.Fatal(err)
	}
	stuck.Await(1)
	text := acme.Snapshot(t, m)
	again := acme.Restore(t, text, mockserver.Options{}, nil)
	if d := again.Sandbox().Deliveries()[0]; d.State != outbox.Cancelled || !strings.Contains(d.Error, "is no channel's, and further targets are not allowed") {
		t.Errorf("%+v", d)
	}
	acme.Restore(t, text, mockserver.Options{AllowTargets: anywhere}, nil)
	stuck.Await(2)
}

// TestOldDeliveriesGoOn: also those that made room for newer ones before they ended.
func TestOldDeliveriesGoOn(t *testing.T) {
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{"note": func(*mockserver.Call) mockserver.Reply {
			return mockserver.Reply{Status: 201, Then: slices.Repeat([]mockserver.Sending{{Event: "changed", Channel: "none"}}, 2_000)}
		}}}
	})
	stuck, next := acme.Hanging(t), mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{ID: "c", URL: stuck.URL})
	acme.Queue(t, m, "c", "1", "2")
	stuck.Await(1)
	m.Do("POST", "/tickets/1/notes", `{"text":"x"}`) // 2,000 deliveries that have ended at once
	if d := m.Sandbox().Deliveries()[0]; d.ID != "dl-000003" {
		t.Fatalf("the oldest that is kept is %s", d.ID)
	}
	again := acme.Restore(t, movedTo(acme.Snapshot(t, m), stuck, next), mockserver.Options{}, nil)
	if got := acme.Tickets(t, next.Await(2)); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("the partner was told %s", got)
	}
	if n := len(again.Sandbox().Deliveries()); n != 2_000 {
		t.Errorf("%d deliveries are kept", n)
	}
}
