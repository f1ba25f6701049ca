package suite

import (
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/parleykit/parley/conformance"
)

// location stands where Ginkgo would print a line of this package.
func location(c conformance.Planned) types.CodeLocation {
	return types.NewCustomCodeLocation("check " + c.ID)
}

// failure is what Ginkgo prints of a result that fails the run.
func failure(r conformance.Result) string {
	if r.Known == conformance.KnownStale {
		return r.ID + " is listed as known to fail and does not fail any more: take it out of the list"
	}
	var text strings.Builder
	for _, q := range r.Requirements {
		text.WriteString(q.ID + ": " + q.Text + "\n")
	}
	if r.Expected != "" {
		text.WriteString("expected: " + r.Expected + "\n")
	}
	text.WriteString("actual:   " + r.Actual)
	if r.Hint != "" {
		text.WriteString("\nhint:     " + r.Hint)
	}
	return text.String()
}
