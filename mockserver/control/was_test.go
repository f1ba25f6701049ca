package control_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
)

type tickets struct{ Acme struct{ Tickets int } }

// TestWhatWasCanBeAsked: the state after an exchange, and a sandbox that begins there.
func TestWhatWasCanBeAsked(t *testing.T) {
	c := newControl(t, mockserver.Options{Ledger: ledger.NewMemory()})
	for range 3 {
		c.into(nil, 204, "POST", "state", `{"state": {"tickets": 2}}`)
		c.Do("GET", "/tickets/T-1", "")
	}
	for at, want := range map[string]int{"ex-000001": 3, "ex-000002": 5, "ex-000003": 7} {
		var was tickets
		if c.into(&was, 200, "GET", "state?at="+at, ""); was.Acme.Tickets != want {
			t.Errorf("at %s there were %d tickets, want %d", at, was.Acme.Tickets, want)
		}
	}
	c.refused(410, "GET", "state?at=ex-000004", "", `exchange "ex-000004" is not in the journal any more, or never was`)

	var made struct {
		Name      string
		Seed      uint64
		Exchanges int
	}
	c.into(&made, 201, "POST", "sandboxes", `{"name": "retry", "from": {"exchange": "ex-000002"}}`)
	if made.Name != "retry" || made.Seed != c.Sandbox().Seed() || made.Exchanges != 0 {
		t.Errorf("made is %+v", made)
	}
	c.into(nil, 204, "POST", "state", `{"state": {"tickets": 100}}`)
	if a := c.call("GET", "state", "", mockserver.HeaderSandbox, "retry"); !strings.Contains(a.Body, `"tickets":5`) {
		t.Errorf("the fork has %s", a.Body)
	}
	if a := c.Do("GET", "/~retry/tickets/T-1", ""); a.Header.Get(mockserver.HeaderExchange) != "ex-000003" {
		t.Errorf("its next exchange is %v", a.Header)
	}
	c.into(nil, 201, "POST", "sandboxes", `{"name": "again", "from": {"sandbox": "retry", "exchange": "ex-000003"}}`)
	c.refused(409, "POST", "sandboxes", `{"name": "retry", "from": {}}`, "the sandbox exists already")
	c.refused(410, "POST", "sandboxes", `{"name": "late", "from": {"sandbox": "retry", "exchange": "ex-000002"}}`, "not in the journal")
	c.refused(404, "POST", "sandboxes", `{"name": "late", "from": {"sandbox": "nobody"}}`, `there is no sandbox "nobody"`)
	c.refused(400, "POST", "sandboxes", `{"name": "late", "seed": 1, "from": {}}`, `leave out "seed" and "clock"`)

}

// TestWhatWasIsKeptSinceSomebodyAsked, where a mock was not told to keep it.
func TestWhatWasIsKeptSinceSomebodyAsked(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	c.into(nil, 204, "POST", "state", `{"state": {"tickets": 2}}`)
	c.Do("GET", "/tickets/T-1", "")
	c.refused(410, "GET", "state?at=ex-000001", "", "since the mock was first asked for it, after ex-000001, and exchange \"ex-000001\" came before; start it with --history or --data")
	c.into(nil, 204, "POST", "state", `{"state": {"tickets": 2}}`)
	c.Do("GET", "/tickets/T-1", "")
	c.into(nil, 204, "POST", "state", `{"state": {"tickets": 2}}`)
	var was tickets
	if c.into(&was, 200, "GET", "state?at=ex-000002", ""); was.Acme.Tickets != 5 {
		t.Errorf("after the second call there were %d tickets, want 5", was.Acme.Tickets)
	}
	c.into(nil, 204, "POST", "reset", "")
	c.Do("GET", "/tickets/T-1", "")
	if c.into(&was, 200, "GET", "state?at=ex-000001", ""); was.Acme.Tickets != 1 {
		t.Errorf("after a reset and a call there is %d ticket, want 1", was.Acme.Tickets)
	}

	fork := newControl(t, mockserver.Options{})
	fork.into(nil, 204, "POST", "state", `{"state": {"tickets": 2}}`)
	fork.into(nil, 201, "POST", "sandboxes", `{"name": "retry", "from": {}}`)
	if a := fork.call("GET", "state", "", mockserver.HeaderSandbox, "retry"); !strings.Contains(a.Body, `"tickets":3`) {
		t.Errorf("the fork has %s", a.Body)
	}
	fork.call("POST", "reset", "", mockserver.HeaderSandbox, "retry")
	if a := fork.call("GET", "state", "", mockserver.HeaderSandbox, "retry"); !strings.Contains(a.Body, `"tickets":1`) {
		t.Errorf("after a reset the fork has %s", a.Body)
	}

	early := newControl(t, mockserver.Options{History: true})
	early.Do("GET", "/tickets/T-1", "")
	early.Do("GET", "/~other/tickets/T-1", "")
	early.into(&was, 200, "GET", "state?at=ex-000001", "")
	if a := early.call("GET", "state?at=ex-000001", "", mockserver.HeaderSandbox, "other"); a.Status != 200 {
		t.Errorf("a named sandbox says %s", a.Body)
	}
}
