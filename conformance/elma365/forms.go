package elma365

import (
	"context"
	"fmt"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// formChecks: every call of the run, of whatever type, has the form of the page. They
// come when nothing more is asked for, so that what was done for each ask is among it.
var formChecks = []conformance.Check{
	{
		ID: "elma365/client/operations", Title: "makes no calls of types of its own",
		Requirements: []string{"ELMA365-GEN-027"},
		Covers:       []string{"operations"},
		Run:          onlyDocumented,
	},
	{
		ID: "elma365/client/json", Title: "sends one JSON object in each call",
		Requirements: []string{"ELMA365-GEN-019"},
		Run: everyCall(func(_ *conformance.Partner, c call) error {
			if f, ok := finding(c, func(f traffic.Finding) bool { return strings.HasPrefix(f.Code, "json.") || f.Code == "body.missing" }); ok {
				f.Requirement = "ELMA365-GEN-019"
				return broken("one JSON object", c, f)
			}
			if !c.readable {
				return conformance.Fail("one JSON object", "JSON of another kind", c.Exchange)
			}
			return nil
		}),
	},
	{
		ID: "elma365/client/content-type", Title: "sends its bodies as application/json",
		Requirements: []string{"ELMA365-GEN-020"},
		Run: everyCall(func(_ *conformance.Partner, c call) error {
			if f, ok := finding(c, func(f traffic.Finding) bool { return strings.HasPrefix(f.Code, "content-type.") }); ok {
				return conformance.Fail("application/json", conformance.FindingText(f), c.Exchange)
			}
			return nil
		}),
	},
}

// onlyDocumented looks at all calls of the run whose type can be read.
func onlyDocumented(ctx context.Context, p *conformance.Partner) error {
	if len(p.CallsOfRun(nil)) == 0 {
		if _, err := wrote(ctx, p); err != nil {
			return err
		}
	}
	foreign := calls(p, func(c call) bool { return c.isForeign() })
	if len(foreign) == 0 {
		return nil
	}
	return conformance.Fail("calls of the types message, userInfo and disconnect", fmt.Sprintf("a call of the type %q", foreign[0].kind), foreign[0].Exchange)
}

// everyCall is every for all calls of the messenger.
func everyCall(judge func(*conformance.Partner, call) error) func(context.Context, *conformance.Partner) error {
	return every(func(p *conformance.Partner) []call { return calls(p, nil) }, judge)
}
