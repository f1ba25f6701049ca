package conformance

import (
	"fmt"
	"slices"
	"strings"
)

// severity orders verdicts, the worst first.
var severity = []Verdict{VerdictFail, VerdictCouldNotRun, VerdictWarn, VerdictUndetermined, VerdictNotApplicable}

// mostJoined is how many verdicts one is joined of: a report stays readable when
// every one of many exchanges is wrong alike.
const mostJoined = 3

// Join joins what a check found in several exchanges: the first few verdicts that
// are as bad as the worst, with their exchanges, and how many more there are; nil
// when all are passes.
func Join(verdicts ...error) error {
	var found *Deviation
	var said []string // different ones, as bad as found
	for _, err := range verdicts {
		d := DeviationOf(err)
		switch {
		case d == nil || found != nil && rank(d) > rank(found):
		case found == nil || rank(d) < rank(found):
			copied := *d
			found, said = &copied, []string{d.Actual}
		case !slices.Contains(said, d.Actual):
			if said = append(said, d.Actual); len(said) <= mostJoined {
				found.Exchanges = append(slices.Clip(found.Exchanges), d.Exchanges...)
				found.Readings = append(slices.Clip(found.Readings), d.Readings...)
				found.Breaks = joined(found.Breaks, d.Breaks)
			}
		}
	}
	if found == nil {
		return nil
	}
	found.Actual = strings.Join(said[:min(len(said), mostJoined)], "; ")
	if more := len(said) - mostJoined; more > 0 {
		found.Actual += fmt.Sprintf("; and %d more", more)
	}
	return found
}

// joined are the requirements that two deviations break; nil are all of the check's.
func joined(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	list := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

func rank(d *Deviation) int { return slices.Index(severity, d.Verdict) }
