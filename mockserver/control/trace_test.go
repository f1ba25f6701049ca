package control_test

import (
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// TestTheJournalIsAskedForATrace: what belongs to it are the call and what it caused.
func TestTheJournalIsAskedForATrace(t *testing.T) {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	c := newControl(t, mockserver.Options{})
	p := mocktest.NewPartner(t, nil)
	c.Connect(mockserver.Channel{ID: "c", URL: p.URL})
	header := []string{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"}
	c.Do("GET", "/tickets/T-1", "", header...)
	c.Do("GET", "/tickets/T-1", "")
	c.Do("POST", "/_parley/send", `{"event":"changed","channel":"c","wait":true}`, append(header, "Content-Type", "application/json")...)
	var found exchanges
	c.into(&found, 200, "GET", "journal?trace="+trace, "")
	var operations []string
	for _, e := range found.Exchanges {
		operations = append(operations, e.Operation)
	}
	if len(operations) != 2 || operations[0] != "operations/ticket" || operations[1] != "events/changed" {
		t.Errorf("of the trace are %v", operations)
	}
	c.into(&found, 200, "GET", "journal?trace=4bf92f3577b34da6a3ce929d0e0e4737", "")
	if len(found.Exchanges) != 0 {
		t.Errorf("of another trace are %d exchanges", len(found.Exchanges))
	}
	c.refused(400, "GET", "journal?trace=4BF92", "", "trace=4BF92 is none; write the 32 digits")
}
