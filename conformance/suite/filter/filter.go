// Package filter chooses checks by their labels, in the language of ginkgo
// --label-filter. It needs no more of Ginkgo than that language.
package filter

import (
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/parleykit/parley/conformance"
)

// Parse returns what chooses checks by an expression such as "MUST && !assumed &&
// events". The error says what is wrong with it.
func Parse(expression string) (func(conformance.Planned) bool, error) {
	matches, err := types.ParseLabelFilter(expression)
	if err != nil {
		return nil, err
	}
	return func(c conformance.Planned) bool { return matches(Labels(c)) }, nil
}

// Labels are those of a check as Ginkgo allows them.
func Labels(c conformance.Planned) []string {
	var list []string
	for _, text := range c.Labels() {
		if text = Label(text); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// Label replaces what Ginkgo does not allow in a label.
func Label(text string) string {
	return strings.Trim(strings.NewReplacer("/", ".", "&", "-", "|", "-", "!", "-", ",", "-", "(", "-", ")", "-", ":", "-").Replace(text), " ")
}
