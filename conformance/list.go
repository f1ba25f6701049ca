package conformance

import (
	"fmt"
	"io"
	"strings"
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
		p.block("", 0, fmt.Sprintf("%s: %s (%s)", p.paint(bold, one.ID), one.Title, number(len(checks), "check")))
		for _, c := range checks {
			p.printf("  %s\n", c.ID)
			p.block("      ", 6, fmt.Sprintf("%s %s [%s]", c.Level, c.Title, strings.Join(c.Requirements, ", ")))
		}
	}
	return p.err
}
