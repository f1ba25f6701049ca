package mockserver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func send(t *testing.T, m *mock, channel string, n int) outbox.Delivery {
	t.Helper()
	d, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed", Channel: channel, Set: map[string]any{"ticket": fmt.Sprint(n)}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// tickets are the numbers that a partner was told, in order.
func tickets(t *testing.T, p *partner) string {
	t.Helper()
	var list []string
	for _, body := range p.received() {
		var b struct{ Ticket string }
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			t.Fatal(err)
		}
		list = append(list, b.Ticket)
	}
	return strings.Join(list, " ")
}

func refuse(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }

// movedTo is a snapshot in which one partner has another address.
func movedTo(text []byte, from, to *partner) []byte {
	return []byte(strings.ReplaceAll(string(text), from.URL, to.URL))
}

// TestDeliveriesGoOn: what had not ended is queued again in its order, also what a
// partner has in hand; what had ended stays as it is.
func TestDeliveriesGoOn(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	stuck, next := hanging(t), newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{ID: "stuck", URL: stuck.URL})
	if _, err := m.Sandbox().AddFault(fault.Rule{Event: "changed", Where: map[string]any{"ticket": "9"}, Lose: true}); err != nil {
		t.Fatal(err)
	}
	send(t, m, "stuck", 9)
	for n := range 3 {
		send(t, m, "stuck", n)
	}
	<-stuck.came
	again := restored(t, movedTo(snapshotOf(t, m), stuck, next), mockserver.Options{}, nil)
	for range 3 {
		<-next.came
	}
	if got := tickets(t, next); got != "0 1 2" {
		t.Errorf("the partner was told %s", got)
	}
	until(t, func() bool {
		return !slices.ContainsFunc(again.Sandbox().Deliveries(), func(d outbox.Delivery) bool { return d.Ended.IsZero() })
	})
	var states []string
	for _, d := range again.Sandbox().Deliveries() {
		states = append(states, d.ID+" "+string(d.State))
	}
	if got := strings.Join(states, ", "); got != "dl-000001 lost, dl-000002 delivered, dl-000003 delivered, dl-000004 delivered" {
		t.Error(got)
	}
	if d := send(t, again, "stuck", 5); d.ID != "dl-000005" {
		t.Errorf("the next is %s", d.ID)
	}
}

// TestWhatAFaultDidToADeliveryStays: late, kept back to be sent in another order,
// or in copies; and one that waits for its next attempt waits on.
func TestWhatAFaultDidToADeliveryStays(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	options := mockserver.Options{Now: func() time.Time { return at }}
	m := newMock(t, options, nil)
	box := m.Sandbox()
	box.Clock().Freeze()
	stuck, late, held, refusing, next := hanging(t), newPartner(t, nil), newPartner(t, nil), newPartner(t, refuse), newPartner(t, nil)
	for id, p := range map[string]*partner{"stuck": stuck, "late": late, "held": held} {
		openChannel(t, m, mockserver.Channel{ID: id, URL: p.URL})
	}
	openChannel(t, m, mockserver.Channel{ID: "refusing", URL: refusing.URL, Policy: outbox.Policy{Attempts: 2, Backoff: "30m"}})
	for _, f := range []fault.Rule{
		{Event: "changed", Channel: "late", Delay: "1h"},
		{Event: "changed", Channel: "held", Reorder: 3, Window: "1h"},
		{Event: "changed", Channel: "stuck", Copies: 2, Together: true},
	} {
		if _, err := box.AddFault(f); err != nil {
			t.Fatal(err)
		}
	}
	send(t, m, "late", 1)
	send(t, m, "held", 1)
	send(t, m, "held", 2)
	send(t, m, "refusing", 1)
	if _, err := box.Journal().Wait(soon(t), 1, func(e *traffic.Exchange) bool { return e.Status() == 503 }); err != nil {
		t.Fatal(err)
	}
	send(t, m, "stuck", 1)
	for range 3 {
		<-stuck.came
	}
	again := restored(t, movedTo(snapshotOf(t, m), stuck, next), options, nil)
	for range 3 { // both copies too
		<-next.came
	}
	send(t, again, "held", 3)
	for range 3 {
		<-held.came
	}
	if got := tickets(t, held); got != "3 2 1" {
		t.Errorf("held came as %s", got)
	}
	advance := func(d time.Duration) {
		if err := again.Sandbox().Clock().Advance(soon(t), d); err != nil {
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
	if n := len(late.received()); n != 0 {
		t.Errorf("what is late by an hour came %d times before", n)
	}
	advance(time.Minute)
	if n := len(late.received()); n != 1 {
		t.Errorf("what is late by an hour came %d times", n)
	}
}

// TestClosedDeliveriesGoOn: what the end of a mock broke off, the next one sends.
func TestClosedDeliveriesGoOn(t *testing.T) {
	m := newMock(t, mockserver.Options{}, nil)
	stuck, next := hanging(t), newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{ID: "c", URL: stuck.URL})
	for n := range 3 {
		send(t, m, "c", n)
	}
	<-stuck.came
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if left := m.Close(over); len(left) != 3 {
		t.Fatalf("left are %+v", left)
	}
	send(t, m, "c", 3) // too late for this mock
	restored(t, movedTo(snapshotOf(t, m), stuck, next), mockserver.Options{}, nil)
	for range 4 {
		<-next.came
	}
	if got := tickets(t, next); got != "0 1 2 3" {
		t.Errorf("the partner was told %s", got)
	}
}

// TestNothingGoesWhereNobodyAllowsIt: a delivery to a further target needs to be
// allowed in the next mock too.
func TestNothingGoesWhereNobodyAllowsIt(t *testing.T) {
	stuck := hanging(t)
	anywhere := func(*url.URL) bool { return true }
	m := newMock(t, mockserver.Options{AllowTargets: anywhere}, nil)
	openChannel(t, m, mockserver.Channel{ID: "c"})
	if _, err := m.Sandbox().Send(soon(t), mockserver.SendRequest{Event: "changed", Channel: "c", To: stuck.URL}); err != nil {
		t.Fatal(err)
	}
	<-stuck.came
	text := snapshotOf(t, m)
	again := restored(t, text, mockserver.Options{}, nil)
	if d := again.Sandbox().Deliveries()[0]; d.State != outbox.Cancelled || !strings.Contains(d.Error, "is no channel's, and further targets are not allowed") {
		t.Errorf("%+v", d)
	}
	restored(t, text, mockserver.Options{AllowTargets: anywhere}, nil)
	<-stuck.came
}

// TestOldDeliveriesGoOn: also those that made room for newer ones before they ended.
func TestOldDeliveriesGoOn(t *testing.T) {
	m := newMock(t, mockserver.Options{}, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{"note": func(*mockserver.Call) mockserver.Reply {
			return mockserver.Reply{Status: 201, Then: slices.Repeat([]mockserver.Sending{{Event: "changed", Channel: "none"}}, 2_000)}
		}}}
	})
	stuck, next := hanging(t), newPartner(t, nil)
	openChannel(t, m, mockserver.Channel{ID: "c", URL: stuck.URL})
	send(t, m, "c", 1)
	send(t, m, "c", 2)
	<-stuck.came
	m.do("POST", "/tickets/1/notes", `{"text":"x"}`) // 2,000 deliveries that have ended at once
	if d := m.Sandbox().Deliveries()[0]; d.ID != "dl-000003" {
		t.Fatalf("the oldest that is kept is %s", d.ID)
	}
	again := restored(t, movedTo(snapshotOf(t, m), stuck, next), mockserver.Options{}, nil)
	<-next.came
	<-next.came
	if got := tickets(t, next); got != "1 2" {
		t.Errorf("the partner was told %s", got)
	}
	if n := len(again.Sandbox().Deliveries()); n != 2_000 {
		t.Errorf("%d deliveries are kept", n)
	}
}
