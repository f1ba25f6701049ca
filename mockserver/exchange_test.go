package mockserver_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/parleykit/parley/internal/unset"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// TestExchangesAreFilledIn: a call and an attempt have all that an exchange can have.
// Who adds a field to it fills it in where a mock makes one, or says here that a call,
// or an attempt, has none. The default sandbox has no name.
func TestExchangesAreFilledIn(t *testing.T) {
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Channel: func(*mockserver.Call) string { return "c-1" }}
	})
	m.Fault(fault.Rule{Operation: "note", Delay: "1ms"})
	call := m.Exchange(m.Do("POST", "/tickets/T-1/notes", `{"text": 1}`))
	if missing := unset.Fields(*call); !slices.Equal(missing, []string{"Sandbox", "Delivery", "Attempt", "Error", "Check"}) {
		t.Errorf("a call fills in no %v", missing)
	}

	p := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	m.Connect(mockserver.Channel{ID: "c-1", URL: p.URL})
	m.Fault(fault.Rule{Event: "changed", Delay: "1ms"})
	acme.Queue(t, m, "c-1", "T-1")
	acme.Ended(t, m)
	all := m.Sandbox().Journal().Find(nil)
	if missing := unset.Fields(*all[1]); !slices.Equal(missing, []string{"Sandbox", "Error", "Check"}) {
		t.Errorf("an attempt fills in no %v", missing)
	}
}
