package outbox_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// TestAHangingPartnerHoldsUpNobody: 100 channels, one of which never answers;
// nothing that is queued is lost.
func TestAHangingPartnerHoldsUpNobody(t *testing.T) {
	const channels, each = 100, 5
	m := acme.New(t, mockserver.Options{}, nil)
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

func TestCancel(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
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

// TestBackoffByTheClock reads when attempts were made on a frozen clock.
func TestBackoffByTheClock(t *testing.T) {
	for _, test := range []struct {
		policy outbox.Policy
		want   []time.Duration
	}{
		{outbox.Policy{Attempts: 3, Backoff: "10m"}, []time.Duration{0, 10 * time.Minute, 20 * time.Minute}},
		{outbox.Policy{Attempts: 4, Backoff: "exponential:1m"}, []time.Duration{0, time.Minute, 3 * time.Minute, 7 * time.Minute}},
		{outbox.Policy{Attempts: 4, Backoff: "exponential:1m:90s"}, []time.Duration{0, time.Minute, 150 * time.Second, 4 * time.Minute}},
	} {
		t.Run(test.policy.Backoff, func(t *testing.T) {
			m := acme.New(t, mockserver.Options{}, nil)
			p := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "1") // no contract says that it counts
				w.WriteHeader(503)
			})
			m.Connect(mockserver.Channel{URL: p.URL, Policy: test.policy})
			clock := m.Sandbox().Clock()
			clock.Freeze()
			began := clock.Now()
			acme.Queue(t, m, "", "a")
			m.Advance(time.Hour)
			var got []time.Duration
			for _, e := range m.Sandbox().Journal().Find(nil) {
				got = append(got, e.Time.Sub(began))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("attempts were made after %v, want %v", got, test.want)
			}
			if d := acme.Ended(t, m)[0]; d.State != "failed" || d.Error != "the partner answered 503" {
				t.Errorf("it ended as %+v", d)
			}
		})
	}
}

func TestAChannelsPolicyComesBeforeTheVendors(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Delivered: func(answer *traffic.Response) bool { return answer.Status == 200 }}
	})
	p := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) })
	m.Connect(mockserver.Channel{ID: "vendors", URL: p.URL + "/a"})
	m.Connect(mockserver.Channel{ID: "own", URL: p.URL + "/b", Policy: outbox.Policy{Success: []int{202}}})
	for channel, want := range map[string]string{"vendors": "failed after 3", "own": "delivered after 1"} {
		d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: channel, Wait: true})
		if got := fmt.Sprint(d.State, " after ", len(d.Attempts)); err != nil || got != want {
			t.Errorf("%s: %s, want %s, %v", channel, got, want, err)
		}
	}
}

func TestAReplayIsExposedToFaultsAndNotRecordedAgain(t *testing.T) {
	recorded := 0
	m := acme.New(t, mockserver.Options{}, func(*mockserver.Stage) mockserver.Behaviour {
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
