package control_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

// TestWhatOneMayNotSeeIsNotForked: a token that may act in sandboxes of its own makes none
// from another team's, and is answered as if that were not there.
func TestWhatOneMayNotSeeIsNotForked(t *testing.T) {
	server, _ := sharing(t, time.Now)
	from := func(origin, name string) *httptest.ResponseRecorder {
		return asked(t, server, "acting-0123456789", "POST", "/_parley/sandboxes", fmt.Sprintf(`{"name": %q, "from": {"sandbox": %q}}`, name, origin))
	}
	there, none := from("team-b-1", "team-a-2"), from("team-b-9", "team-a-2")
	if there.Code != 404 || none.Code != 404 || strings.ReplaceAll(there.Body.String(), "team-b-1", "team-b-9") != none.Body.String() {
		t.Errorf("of one that there is %d %s, of one that there is not %d %s", there.Code, there.Body, none.Code, none.Body)
	}
	if w := from("", "team-a-2"); w.Code != 404 {
		t.Errorf("of the default one, which the token does not see: %d %s", w.Code, w.Body)
	}
	if server.Existing("team-a-2") != nil {
		t.Error("a sandbox was made")
	}
	if w := from("team-a-1", "team-b-2"); w.Code != 403 {
		t.Errorf("into another team's name: %d %s", w.Code, w.Body)
	}
	if w := from("team-a-1", "team-a-2"); w.Code != 201 {
		t.Errorf("of its own: %d %s", w.Code, w.Body)
	}
}
