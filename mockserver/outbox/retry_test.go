package outbox_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func TestCancel(t *testing.T) {
	m := acme.New(t, nil)
	stuck := acme.Hanging(t)
	m.Connect(mockserver.Channel{URL: stuck.URL})
	m.Fault(fault.Rule{Event: "changed", Reorder: 2, Where: map[string]any{"ticket": "held"}})
	list := acme.Queue(t, m, "", "under way", "waits", "held")
	stuck.Await(1)
	for _, d := range slices.Backward(list) { // what waits would follow the one under way
		got, err := m.Sandbox().Cancel(mocktest.Soon(t), d.ID)
		if err != nil || got.State != "cancelled" || got.Error != "cancelled on request" || got.Ended.IsZero() {
			t.Errorf("cancelled it is %+v, %v", got, err)
		}
		if _, err := m.Sandbox().Cancel(mocktest.Soon(t), d.ID); !errors.Is(err, outbox.ErrNotNow) {
			t.Errorf("a second time: %v", err)
		}
	}
	if got := len(stuck.Received()); got != 1 {
		t.Errorf("the partner was called %d times", got)
	}
	if left := m.Server().Close(mocktest.Soon(t)); len(left) != 0 {
		t.Errorf("what was cancelled on request is left: %+v", left)
	}
}

func TestAReplayIsExposedToFaultsAndNotRecordedAgain(t *testing.T) {
	recorded := 0
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Events: map[string]mockserver.Event{"changed": {Record: func(mockserver.Sending) error {
			recorded++
			return nil
		}}}}
	})
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	first, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	m.Fault(fault.Rule{Event: "changed", Lose: true, Times: 1})
	for _, want := range []outbox.State{"lost", "delivered"} {
		d, err := m.Sandbox().Replay(mocktest.Soon(t), first.ID, mockserver.ReplayRequest{Wait: true})
		if err != nil || d.State != want || d.CopyOf != first.ID {
			t.Errorf("the replay is %+v, %v", d, err)
		}
	}
	lost := m.Sandbox().Deliveries()[1]
	if _, err := m.Sandbox().Retry(lost.ID); err != nil {
		t.Fatal(err)
	}
	p.Await(3)
	if d := acme.Ended(t, m)[1]; d.State != "delivered" || recorded != 1 {
		t.Errorf("tried again it is %+v; recorded %d times", d, recorded)
	}
	acme.Below(t, traffic.Warn, m.Sandbox().Journal().Find(nil))
}

// TestARefusedRetryChangesNothing: what is on its way goes where it was sent.
func TestARefusedRetryChangesNothing(t *testing.T) {
	m := acme.New(t, nil)
	stuck := acme.Hanging(t)
	m.Connect(mockserver.Channel{ID: "one", URL: stuck.URL})
	id := acme.Queue(t, m, "", "under way")[0].ID
	stuck.Await(1)
	m.Connect(mockserver.Channel{ID: "one", URL: "http://elsewhere.example.com/"})
	if _, err := m.Sandbox().Retry(id); !errors.Is(err, outbox.ErrNotNow) {
		t.Errorf("a retry of a delivery that is on its way: %v", err)
	}
	if got := m.Sandbox().Deliveries()[0].URL; got != stuck.URL {
		t.Errorf("after a refused retry it goes to %s, want %s", got, stuck.URL)
	}
}
