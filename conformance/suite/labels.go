package suite

import (
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/parleykit/parley/conformance"
)

// Filter returns what chooses checks by their labels, in the language of ginkgo
// --label-filter: "MUST && !assumed && events". The error says what is wrong with it.
func Filter(expression string) (func(conformance.Planned) bool, error) {
	matches, err := types.ParseLabelFilter(expression)
	if err != nil {
		return nil, err
	}
	return func(c conformance.Planned) bool { return matches(labels(c)) }, nil
}

// labels are those of a check as Ginkgo allows them.
func labels(c conformance.Planned) ginkgo.Labels {
	var list ginkgo.Labels
	for _, text := range c.Labels() {
		if text = label(text); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// label replaces what Ginkgo does not allow in a label.
func label(text string) string {
	return strings.Trim(strings.NewReplacer("/", ".", "&", "-", "|", "-", "!", "-", ",", "-", "(", "-", ")", "-", ":", "-").Replace(text), " ")
}

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
