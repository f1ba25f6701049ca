package summary

import (
	"io"
	"strings"

	"github.com/parleykit/parley/internal/junit"
)

// writeJUnit writes the report for tools that read JUnit: a test case for each
// requirement that was broken, and for each kind of finding that breaks none that
// is known; it is a failure when it is as bad as FailOn. A case named traffic
// says what was judged, and is an error when the outcome is incomplete.
func (r *Report) writeJUnit(w io.Writer) error {
	suite := junit.Suite{Name: r.Contract}
	whole := junit.Case{Class: r.Contract, Name: "traffic", Out: r.restText() + r.lastLine()}
	if r.Outcome == Incomplete {
		whole.Error = &junit.Problem{Message: strings.Join(r.Reasons, "; "), Type: string(Incomplete), Text: r.restText()}
	}
	suite.Add(whole)
	for _, g := range r.Groups {
		if g.Requirement != nil {
			suite.Add(r.junitCase(g.ID(), g))
			continue
		}
		for _, k := range g.Kinds {
			suite.Add(r.junitCase(k.name(), Group{Severity: k.Severity, Kinds: []Kind{k}}))
		}
	}
	all := junit.Suites{Name: "parley " + r.Contract}
	all.Add(suite)
	return all.Write(w)
}

func (r *Report) junitCase(name string, g Group) junit.Case {
	c := junit.Case{Class: r.Contract, Name: name, Out: strings.TrimSpace(groupText(g))}
	if g.Requirement == nil {
		c.Out = strings.TrimSpace(kindText(g.Kinds[0]))
	}
	if g.Severity.AtLeast(r.FailOn) {
		worst := g.Kinds[0]
		c.Failure = &junit.Problem{Message: worst.message(), Type: worst.Code, Text: c.Out}
		c.Out = ""
	}
	return c
}
