package control_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// TestControl goes through the whole control API, and every answer fits its
// contract.
func TestControl(t *testing.T) {
	c := newControl(t, mockserver.Options{Sandboxes: mockserver.SandboxLimits{Number: 2}})
	t.Run("health and version", func(t *testing.T) {
		c.into(nil, 200, "GET", "health", "")
		c.into(nil, 200, "GET", "ready", "")
		c.refused(404, "GET", "metrics", "", "this mock counts nothing")
		c.into(nil, 200, "GET", "openapi.json", "")
		var v struct {
			Version, Kind string
			Features      []string
			Vendors       []struct{ ID, Name string }
		}
		c.into(&v, 200, "GET", "version", "")
		if v.Version == "" || len(v.Vendors) != 1 || v.Vendors[0].Name != "Acme" {
			t.Errorf("version says %+v", v)
		}
		want := []string{"changes", "channels", "clock", "compose", "contracts", "coverage", "deliveries", "faults", "journal", "judge", "listen", "metrics", "openapi", "reset", "sandboxes", "send", "state"}
		if slices.Sort(v.Features); v.Kind != "mock" || !slices.Equal(v.Features, want) {
			t.Errorf("a %s has %v, want %v", v.Kind, v.Features, want)
		}
	})
	p := mocktest.NewPartner(t, nil)
	t.Run("channels", func(t *testing.T) { testChannels(t, c, p) })
	t.Run("send and deliveries", func(t *testing.T) { testSend(t, c, p) })
	t.Run("judge and compose", func(t *testing.T) { testJudge(t, c); testCompose(t, c, p) })
	t.Run("journal", func(t *testing.T) { testJournal(t, c) })
	t.Run("coverage", func(t *testing.T) { testCoverage(t, c) })
	t.Run("stream", func(t *testing.T) { testStream(t, c) })
	t.Run("orders for deliveries", func(t *testing.T) { testOrders(t, c, p) })
	t.Run("listeners", func(t *testing.T) { testListen(t, c) })
	t.Run("faults", func(t *testing.T) { testFaults(t, c) })
	t.Run("sandboxes", func(t *testing.T) { testSandboxes(t, c) })
	t.Run("clock", func(t *testing.T) { testClock(t, c) })
	t.Run("elements", func(t *testing.T) { testElements(t, c.seen) })
	t.Run("changes", func(t *testing.T) { testChanges(t, c) })
	t.Run("contracts", func(*testing.T) { testContracts(c) })
	t.Run("state and reset", func(t *testing.T) {
		var state map[string]struct {
			Secret  string
			Tickets int
		}
		c.into(&state, 200, "GET", "state", "")
		if state["acme"].Tickets != 1 || state["acme"].Secret != traffic.Redacted {
			t.Errorf("the state is %+v", state)
		}
		var one map[string]any
		if c.into(&one, 200, "GET", "state?vendor=acme", ""); len(one) != 1 {
			t.Errorf("the state of acme is %v", one)
		}
		c.refused(400, "GET", "state?vendor=nope", "", "vendor=nope is none; the mock plays acme")
		c.into(nil, 204, "POST", "state", `{"vendor": "acme", "state": {"tickets": 2}}`)
		for body, detail := range map[string]string{
			`{"state": {}}`:   "give tickets",
			`{}`:              "state is missing",
			`{"state": null}`: "state is missing",
			`{"vendor": "nobody", "state": {"tickets": 2}}`: `no vendor "nobody"`,
		} {
			if a := c.call("POST", "state", body); a.Status != 400 || !strings.Contains(acme.Detail(t, a), detail) {
				t.Errorf("%s: answered %d %s, want 400 and %q", body, a.Status, a.Body, detail)
			}
		}
		if c.into(&state, 200, "GET", "state", ""); state["acme"].Tickets != 3 {
			t.Errorf("after 2 more tickets the state is %+v", state)
		}
		c.refused(410, "GET", "journal/ex-0/diff", "", `exchange "ex-0" is not in the journal any more, or never was`)
		c.into(nil, 204, "POST", "reset", "")
		if c.into(&state, 200, "GET", "state", ""); state["acme"].Tickets != 1 {
			t.Errorf("after the reset the state is %+v", state)
		}
		var list exchanges
		if c.into(&list, 200, "GET", "journal", ""); len(list.Exchanges) != 0 {
			t.Error("exchanges are left after the reset")
		}
	})
	for _, o := range c.judge.Contract().Operations {
		if !c.seen[o.ID] {
			t.Errorf("no test calls %s %s", o.Method, o.Path)
		}
	}
}
