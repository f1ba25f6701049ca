package summary

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/parleykit/parley/internal/visible"
)

type junitSuites struct {
	XMLName  xml.Name   `xml:"testsuites"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Suite    junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report for tools that read JUnit: a test case for each
// requirement that was broken, and for each kind of finding that breaks none that
// is known; it is a failure when it is as bad as FailOn. A case named traffic
// says what was judged, and is an error when the outcome is incomplete.
func (r *Report) WriteJUnit(w io.Writer) error {
	suite := junitSuite{Name: r.Contract}
	whole := junitCase{Class: r.Contract, Name: "traffic", Out: r.restText() + r.lastLine()}
	if r.Outcome == Incomplete {
		whole.Error = &junitProblem{Message: strings.Join(r.Reasons, "; "), Type: string(Incomplete), Text: r.restText()}
	}
	suite.add(whole)
	for _, g := range r.Groups {
		if g.Requirement != nil {
			suite.add(r.junitCase(g.ID(), g))
			continue
		}
		for _, k := range g.Kinds {
			suite.add(r.junitCase(k.name(), Group{Severity: k.Severity, Kinds: []Kind{k}}))
		}
	}
	all := junitSuites{Name: "parley " + r.Contract, Tests: suite.Tests, Failures: suite.Failures, Errors: suite.Errors, Suite: suite}
	data, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("JUnit: %w", err)
	}
	_, err = io.WriteString(w, visible.Text(xml.Header+string(data)+"\n"))
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
}

func (r *Report) junitCase(name string, g Group) junitCase {
	c := junitCase{Class: r.Contract, Name: name, Out: strings.TrimSpace(groupText(g))}
	if g.Requirement == nil {
		c.Out = strings.TrimSpace(kindText(g.Kinds[0]))
	}
	if g.Severity.AtLeast(r.FailOn) {
		worst := g.Kinds[0]
		c.Failure = &junitProblem{Message: worst.message(), Type: worst.Code, Text: c.Out}
		c.Out = ""
	}
	return c
}
