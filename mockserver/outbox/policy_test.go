package outbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func TestPolicyDecidesAboutAttempts(t *testing.T) {
	for _, test := range []struct {
		title    string
		statuses []int
		state    outbox.State
		problem  string
	}{
		{"success at once", []int{202}, outbox.Delivered, ""},
		{"success at last", []int{503, 500, 200}, outbox.Delivered, ""},
		{"no success", []int{503, 503, 503}, outbox.Failed, "the partner answered 503"},
		{"a status that is no success", []int{204, 301, 302}, outbox.Failed, "the partner answered 302"},
	} {
		t.Run(test.title, func(t *testing.T) {
			m := acme.New(t, nil)
			var n atomic.Int64
			p := mocktest.NewPartner(t, func(w http.ResponseWriter, r *http.Request) {
				status := test.statuses[n.Add(1)-1]
				if status/100 == 3 {
					w.Header().Set("Location", "/elsewhere")
				}
				w.WriteHeader(status)
			})
			m.Connect(mockserver.Channel{URL: p.URL})
			d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
			if err != nil {
				t.Fatal(err)
			}
			if d.State != test.state || d.Error != test.problem || len(d.Attempts) != len(test.statuses) {
				t.Errorf("ended %s (%s) after %d attempts", d.State, d.Error, len(d.Attempts))
			}
			if got := len(p.Received()); got != len(test.statuses) {
				t.Errorf("the partner was called %d times, want %d; redirects are not followed", got, len(test.statuses))
			}
			var statuses []int
			for i, id := range d.Attempts {
				e, _ := m.Sandbox().Journal().Get(id)
				statuses = append(statuses, e.Status())
				if e.Attempt != i+1 {
					t.Errorf("attempt %d is called %d", i+1, e.Attempt)
				}
			}
			if !slices.Equal(statuses, test.statuses) {
				t.Errorf("journalled %v", statuses)
			}
		})
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
			m := acme.New(t, nil)
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
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
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
