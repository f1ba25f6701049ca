package acme

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
)

// Queue sends an event over a channel for each of these tickets, and waits for none;
// "" is the only channel that can take it.
func Queue(tb testing.TB, m *mocktest.Mock, channel string, tickets ...string) []outbox.Delivery {
	tb.Helper()
	var list []outbox.Delivery
	for _, ticket := range tickets {
		d, err := m.Sandbox().Send(mocktest.Soon(tb), mockserver.SendRequest{Event: "changed", Channel: channel, Set: map[string]any{"ticket": ticket}})
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, d)
	}
	return list
}

// Tickets are those that events tell of, by their bodies.
func Tickets(tb testing.TB, bodies []string) []string {
	tb.Helper()
	var list []string
	for _, body := range bodies {
		var event struct{ Ticket string }
		if err := json.Unmarshal([]byte(body), &event); err != nil {
			tb.Fatal(err)
		}
		list = append(list, event.Ticket)
	}
	return list
}

// Ended waits until all deliveries have, and returns them.
func Ended(tb testing.TB, m *mocktest.Mock) []outbox.Delivery {
	tb.Helper()
	var list []outbox.Delivery
	mocktest.Until(tb, func() bool {
		list = m.Sandbox().Deliveries()
		return !slices.ContainsFunc(list, func(d outbox.Delivery) bool { return d.Ended.IsZero() })
	})
	return list
}

// Hanging is a partner that answers nothing until the test ends.
func Hanging(tb testing.TB) *mocktest.Partner {
	released := make(chan struct{})
	p := mocktest.NewPartner(tb, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-released:
		case <-r.Context().Done():
		}
	})
	tb.Cleanup(func() { close(released) }) // before the partner ends, which waits for it
	return p
}

// Refuse answers as a partner that is down.
func Refuse(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
