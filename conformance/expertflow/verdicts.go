package expertflow

import (
	"errors"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// severity is the order in which one of several verdicts counts.
var severity = []conformance.Verdict{conformance.Failed, conformance.NotRun, conformance.Warned, conformance.Undecided, conformance.Inapplicable}

// worst returns the gravest of several verdicts, with what the others of its kind
// say; nil when all are.
func worst(verdicts ...error) error {
	var found *conformance.Deviation
	for _, err := range verdicts {
		d := conformance.DeviationOf(err)
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

func rank(d *conformance.Deviation) int { return slices.Index(severity, d.Verdict) }

// hinted adds a likely cause to a verdict.
func hinted(err error, hint string) error {
	var d *conformance.Deviation
	if hint == "" || !errors.As(err, &d) {
		return err
	}
	copied := *d
	copied.Hint = hint
	return &copied
}

// saying is a finding in one line.
func saying(f traffic.Finding) string {
	text := f.Code
	if f.Pointer != "" {
		text += " at " + f.Pointer
	}
	if f.Expected != "" || f.Actual != "" {
		text += ", expected " + f.Expected + ", got " + f.Actual
	}
	return text
}
