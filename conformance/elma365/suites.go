// Package elma365 judges messengers that integrate with ELMA365. A check is a
// value; the files group them by what they are about.
package elma365

import (
	"slices"

	"github.com/parleykit/parley/conformance"
)

// Suites lists what can be judged: the messenger's webhook, and its own calls.
func Suites() []conformance.Suite {
	return []conformance.Suite{
		{
			ID: "elma365/webhook", Vendor: "elma365",
			Title:  "A messenger's webhook, called by ELMA365",
			Needs:  conformance.Needs{Target: true},
			Checks: slices.Concat(eventChecks),
		},
	}
}

var eventChecks = []conformance.Check{}
