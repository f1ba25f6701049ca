package fault_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/specs"
)

func TestFaultsThatMakeNoSense(t *testing.T) {
	contracts := []*specs.Contract{acme.Contract()}
	for _, test := range []struct {
		fault fault.Rule
		says  string
	}{
		{fault.Rule{}, `it does nothing; give "status"`},
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
		{fault.Rule{Operation: "*", Answer: "burp"}, "write reset, empty, truncated"},
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
		if _, err := test.fault.Checked(contracts); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v, want an error that says %q", test.fault, err, test.says)
		}
	}
}
