// Package florist judges shops that order at Florist.
package florist

import (
	"slices"

	"github.com/parleykit/parley/conformance"
)

// AskOrder is what a shop is asked for.
const AskOrder = "Order some flowers."

// Suites lists what can be judged beside what the documents show.
func Suites() []conformance.Suite {
	return []conformance.Suite{{
		ID: "florist/webhook", Vendor: "florist",
		Title:  "The shop's webhook, called by Florist",
		Needs:  conformance.Needs{Target: true, Stimulus: true},
		Asks:   []string{AskOrder},
		Checks: slices.Concat(orderChecks),
	}}
}
