package conformance

import (
	"slices"
	"strings"
)

// severity orders verdicts, the worst first.
var severity = []Verdict{Failed, NotRun, Warned, Undecided, Inapplicable}

// Worst joins what a check found in several exchanges: all verdicts that are as
// bad as the worst, with their exchanges; nil when all are passes.
func Worst(verdicts ...error) error {
	var found *Deviation
	for _, err := range verdicts {
		d := DeviationOf(err)
		if d == nil {
			continue
		}
		switch {
		case found == nil || rank(d) < rank(found):
			copied := *d
			found = &copied
		case rank(d) == rank(found) && !strings.Contains(found.Actual, d.Actual):
			found.Actual += "; " + d.Actual
			found.Exchanges = append(slices.Clip(found.Exchanges), d.Exchanges...)
		}
	}
	if found == nil {
		return nil
	}
	return found
}

func rank(d *Deviation) int { return slices.Index(severity, d.Verdict) }
