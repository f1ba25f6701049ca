package conformance

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
)

// WriteList writes the planned checks of the suites for people who want to
// choose: ID, level, title and requirements.
func WriteList(w io.Writer, s Style, suites []Suite, plan []Planned) error {
	p := newPrinter(w, s)
	for _, one := range suites {
		var checks []Planned
		for _, c := range plan {
			if c.Suite == one.ID {
				checks = append(checks, c)
			}
		}
		if len(checks) == 0 {
			continue
		}
		p.block("", 0, fmt.Sprintf("%s: %s (%s)", p.paint(bold, one.ID), one.Title, plural.Of(len(checks), "check")))
		for _, c := range checks {
			decides := slices.Clone(c.Requirements)
			for _, fact := range c.Facts {
				decides = append(decides, fact.ID)
			}
			p.printf("  %s\n", c.ID)
			p.block("      ", 6, fmt.Sprintf("%s %s [%s]", c.Level, c.Title, strings.Join(decides, ", ")))
		}
	}
	return p.err
}
