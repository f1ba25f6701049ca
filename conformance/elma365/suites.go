// Package elma365 judges messengers that integrate with ELMA365. A check is a
// value, and the lists of checks, one file per topic, are the table of contents
// of what is judged.
package elma365

import (
	"slices"

	"github.com/parleykit/parley/conformance"
)

// Suites lists what can be judged: the messenger's webhook, and its own calls.
// The checks of a suite are in an order in which none spoils a later one: what
// opens and closes channels comes last.
func Suites() []conformance.Suite {
	return []conformance.Suite{
		{
			ID: "elma365/webhook", Vendor: "elma365",
			Title: "The messenger's webhook, called by ELMA365",
			Needs: conformance.Needs{Target: true, Token: true},
			World: world, Asks: []string{AskMessage},
			Checks: slices.Concat(eventChecks, tokenChecks, textChecks, bodyChecks, loadChecks, channelChecks),
		},
		{
			ID: "elma365/client", Vendor: "elma365",
			Title: "The messenger's own calls to ELMA365",
			Needs: conformance.Needs{Stimulus: true, Token: true},
			World: world, Asks: []string{AskMessage, AskUserInfo, AskDisconnect},
			Checks: slices.Concat(retryChecks, effectChecks, forgeryChecks, callChecks, endChecks, formChecks),
		},
	}
}
