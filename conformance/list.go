package conformance

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
)

// WriteAsks writes what the checks of the suites may ask a stimulus for, in the words
// that it is given.
func WriteAsks(w io.Writer, s Style, suites []Suite) error {
	p := newPrinter(w, s)
	for _, one := range suites {
		if len(one.Asks) == 0 {
			continue
		}
		p.printf("%s asks for\n", p.paint(bold, one.ID))
		for _, ask := range one.Asks {
			p.printf("  %s\n", ask) // whole, to be compared with
		}
	}
	return p.err
}

// WriteList writes the planned checks of the suites for people who want to
// choose: ID, the gravest level with its evidence, title and requirements.
func WriteList(w io.Writer, s Style, suites []Suite, plan []Planned) error {
	p := newPrinter(w, s)
	for _, one := range suites {
		var checks []Planned
		for _, c := range plan {
			if c.Suite.ID == one.ID {
				checks = append(checks, c)
			}
		}
		if len(checks) == 0 {
			continue
		}
		p.block(visible.Shown(p.paint(bold, one.ID)+": "), len(one.ID)+2, fmt.Sprintf("%s (%s)", one.Title, plural.Of(len(checks), "check")))
		for _, c := range checks {
			decides := slices.Clone(c.Requirements)
			for _, fact := range c.Facts {
				decides = append(decides, fact.ID)
			}
			p.printf("  %s\n", c.ID)
			if len(decides) == 0 {
				decides = []string{"what its user demands"}
			}
			p.block("      ", 6, fmt.Sprintf("%s, %s: %s [%s]", c.Level, c.Evidence, c.Title, strings.Join(decides, ", ")))
		}
	}
	return p.err
}
