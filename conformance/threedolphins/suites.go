// Package threedolphins judges third parties that integrate with 3Dolphins. A
// check is a value, and the lists of checks, one file per topic, are the table of
// contents of what is judged.
package threedolphins

import (
	"slices"

	"github.com/parleykit/parley/conformance"
)

// Suites lists what can be judged: the third party's webhook, its own events, and
// its calls to the service APIs. None needs a token: no page names credentials for
// the events, and a client gets its own.
func Suites() []conformance.Suite {
	return []conformance.Suite{
		{
			ID: "3dolphins/webhook", Vendor: "3dolphins",
			Title:  "The third party's webhook, called by 3Dolphins",
			Needs:  conformance.Needs{Target: true},
			Checks: slices.Concat(plainChecks, beyondPlain(slices.Concat(incomingChecks, textChecks, loadChecks)...), bodyChecks),
		},
		{
			ID: "3dolphins/client", Vendor: "3dolphins",
			Title: "The third party's own events to 3Dolphins",
			Needs: conformance.Needs{Target: true, Stimulus: true},
			Asks:  []string{AskReply("{ticket}"), AskClose("{ticket}")},
			// What judges the form of all events stands last: what makes the third party send more comes before it.
			Checks: slices.Concat(effectChecks, contentChecks, retryChecks, closeChecks, outgoingChecks, commandChecks),
		},
		ticketsSuite(),
	}
}
