package outbox_test

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
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
			m := acme.New(t, mockserver.Options{}, nil)
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
