// Package expertflow judges applications that push activities into Expertflow CX.
// A check is a value, and the lists of checks, one file per topic, are the table of
// contents of what is judged.
package expertflow

import (
	"slices"

	"github.com/parleykit/parley/conformance"
)

// Suites lists what can be judged: the application's own calls. Expertflow CX calls
// no webhook. What is judged of every activity comes last, so that those of the
// earlier checks are among them.
func Suites() []conformance.Suite {
	return []conformance.Suite{{
		ID: "expertflow/client", Vendor: "expertflow",
		Title:  "The application's own calls to Expertflow CX",
		Needs:  conformance.Needs{Stimulus: true},
		Asks:   asks,
		Checks: slices.Concat(kindChecks, gatewayChecks, repeatChecks, requestChecks, messageChecks, headerChecks, bodyChecks),
	}}
}
