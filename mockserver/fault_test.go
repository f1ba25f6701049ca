package mockserver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func TestFaultsOnOperations(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Channel: func(c *mockserver.Call) string { return c.Params["id"] }}
	})
	for _, f := range []fault.Rule{
		{Operation: "note", Status: 422, Times: 2, Where: map[string]any{"text": "twice"}},
		{Operation: "ticket", Status: 418, Undocumented: true, Channel: "T-2"},
		{Operation: "noteAlone", Status: 418}, // documented as any other status
	} {
		m.Fault(f)
	}
	for _, test := range []struct {
		method, path, body string
		status             int
		faults             []string
	}{
		{"POST", "/tickets/1/notes", `{"text":"twice"}`, 422, []string{"ft-000001"}},
		{"POST", "/tickets/1/notes", `{"text":"other"}`, 201, nil},
		{"POST", "/tickets/1/notes", `{"text":"twice"}`, 422, []string{"ft-000001"}},
		{"POST", "/tickets/1/notes", `{"text":"twice"}`, 201, nil},
		{"GET", "/tickets/T-2", "", 418, []string{"ft-000002"}},
		{"GET", "/tickets/T-3", "", 200, nil},
		{"POST", "/notes", `{"text":"x"}`, 418, []string{"ft-000003"}},
		{"GET", "/tickets/T-2", "", 418, []string{"ft-000002"}},
	} {
		a := m.Do(test.method, test.path, test.body)
		if e := m.Exchange(a); a.Status != test.status || !slices.Equal(e.Faults, test.faults) {
			t.Errorf("%s %s %s: %d with faults %v, want %d with %v", test.method, test.path, test.body, a.Status, e.Faults, test.status, test.faults)
		}
	}
	if list := m.Sandbox().Faults(); len(list) != 3 || list[0].Acted != 2 || list[1].Acted != 2 {
		t.Errorf("the faults are %+v", list)
	}
	if !m.Sandbox().RemoveFault("ft-000002") || m.Sandbox().RemoveFault("ft-000002") {
		t.Error("a fault is removed once")
	}
	if a := m.Do("GET", "/tickets/T-2", ""); a.Status != 200 {
		t.Errorf("a removed fault answered %d", a.Status)
	}
}

func TestFaultsOnEvents(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	for _, f := range []fault.Rule{
		{Event: "changed", Lose: true, Times: 1},
		{Event: "changed", Set: map[string]any{"ticket": 5}, Where: map[string]any{"ticket": "T-1"}, Times: 1},
	} {
		m.Fault(f)
	}
	var states []outbox.State
	var faults []string
	for range 3 {
		d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
		if err != nil {
			t.Fatal(err)
		}
		states, faults = append(states, d.State), append(faults, strings.Join(d.Faults, " "))
	}
	if want := []outbox.State{"lost", "delivered", "delivered"}; !slices.Equal(states, want) {
		t.Errorf("the deliveries are %v, want %v", states, want)
	}
	if want := []string{"ft-000001", "ft-000002", ""}; !slices.Equal(faults, want) {
		t.Errorf("faults acted %q, want %q", faults, want)
	}
	got := p.Received()
	if len(got) != 2 || !strings.Contains(got[0], `"ticket":5`) || !strings.Contains(got[1], `"ticket":"T-1"`) {
		t.Errorf("the partner got %q", got)
	}
	exchanges := m.Sandbox().Journal().Find(nil)
	if len(exchanges) != 2 || fmt.Sprint(exchanges[0].Faults) != "[ft-000002]" {
		t.Errorf("%d exchanges, the first with faults %v", len(exchanges), exchanges[0].Faults)
	}
	acme.Below(t, traffic.Warn, exchanges)
}

func TestFaultsThatMakeNoSense(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
	for _, test := range []struct {
		fault fault.Rule
		says  string
	}{
		{fault.Rule{}, `fault: it does nothing; give "status"`},
		{fault.Rule{Status: 404, Lose: true}, "acts on one side"},
		{fault.Rule{Operation: "ticket", Event: "changed", Delay: "1s"}, "add one for each"},
		{fault.Rule{Delay: "1s"}, `say what is late: "operation" or "event"`},
		{fault.Rule{Operation: "*", Delay: "1d"}, `delay "1d" is no time; write for instance 200ms`},
		{fault.Rule{Operation: "*", Delay: "2h"}, "at most 1h0m0s"},
		{fault.Rule{Operation: "*", Delay: "gamma:1s:2s"}, `write "200ms", "uniform:100ms:500ms"`},
		{fault.Rule{Operation: "*", Delay: "uniform:1s"}, `write "200ms", "uniform:100ms:500ms"`},
		{fault.Rule{Operation: "*", Delay: "uniform:2s:1s"}, "write the shorter time first"},
		{fault.Rule{Operation: "*", Delay: "lognormal:2s:x"}, `sigma is "x"`},
		{fault.Rule{Operation: "*", Drip: "-1s"}, `drip "-1s" is no time`},
		{fault.Rule{Operation: "*", Answer: "burp"}, "write reset, empty, truncated or malformed"},
		{fault.Rule{Operation: "*", Answer: "reset", Status: 500}, "answer reset sends nothing"},
		{fault.Rule{Operation: "*", Drip: "1s", Taken: true}, "taken is for a status"},
		{fault.Rule{Operation: "*", Drip: "1s", Undocumented: true}, "undocumented is for a status"},
		{fault.Rule{Operation: "ticket", Status: 404, Nth: 1, From: 2}, "not both"},
		{fault.Rule{Operation: "ticket", Status: 404, Nth: -1}, "counted from 1"},
		{fault.Rule{Operation: "ticket", Status: 404, Probability: 1.5}, "from 0 to 1"},
		{fault.Rule{Event: "changed", Copies: 101}, "copies is 101"},
		{fault.Rule{Event: "changed", Together: true, Delay: "1s"}, "together is for copies"},
		{fault.Rule{Event: "changed", Reorder: 1}, "2 to 100"},
		{fault.Rule{Event: "changed", Window: "1s", Delay: "1s"}, "window is for reorder"},
		{fault.Rule{Event: "changed", Reorder: 2, Delay: "1s"}, "neither delay nor copies"},
		{fault.Rule{Event: "changed", Status: 404}, "the partner answers it"},
		{fault.Rule{Operation: "ticket", Lose: true}, "the partner sends it"},
		{fault.Rule{Event: "changed", Lose: true, Set: map[string]any{"a": 1}}, "needs no set"},
		{fault.Rule{Operation: "ticket", Status: 404, Times: -1}, "times is -1"},
		{fault.Rule{Operation: "ticket", Status: 42, Undocumented: true}, "no final HTTP status"},
		{fault.Rule{Operation: "ticket", Status: 500}, "documented: 200, 404"},
		{fault.Rule{Operation: "tikcet", Status: 404}, "no operations/tikcet; write ticket, note, noteAll or noteAlone"},
		{fault.Rule{Event: "change", Lose: true}, "no events/change; write changed"},
		{fault.Rule{Vendor: "x", Event: "changed", Lose: true}, `no vendor "x"`},
	} {
		if _, err := m.Sandbox().AddFault(test.fault); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v, want an error that says %q", test.fault, err, test.says)
		}
	}
}
