// Package junit writes reports for tools that read JUnit: test suites with cases that
// fail, could not run, or were skipped.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/parleykit/parley/internal/visible"
)

// Suites is the whole report. What is nil or "" is left out of it.
type Suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  *int     `xml:"skipped,attr"`
	Time     string   `xml:"time,attr,omitempty"` // see Seconds
	Suites   []Suite  `xml:"testsuite"`
}

// Suite is one list of cases.
type Suite struct {
	Name      string `xml:"name,attr"`
	Tests     int    `xml:"tests,attr"`
	Failures  int    `xml:"failures,attr"`
	Errors    int    `xml:"errors,attr"`
	Skipped   *int   `xml:"skipped,attr"`
	Time      string `xml:"time,attr,omitempty"`
	Timestamp string `xml:"timestamp,attr,omitempty"`
	Cases     []Case `xml:"testcase"`
}

// Case is one test. It has at most one of the three problems.
type Case struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr,omitempty"`
	Skipped *Problem `xml:"skipped"`
	Error   *Problem `xml:"error"`
	Failure *Problem `xml:"failure"`
	Out     string   `xml:"system-out,omitempty"`
}

// Problem says why a case did not pass.
type Problem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Add adds a suite, unless it has no case, and counts what is in it.
func (all *Suites) Add(s Suite) {
	if s.Tests == 0 {
		return
	}
	all.Suites = append(all.Suites, s)
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped = sum(all.Skipped, s.Skipped)
}

// Add adds a case, and counts it.
func (s *Suite) Add(c Case) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped = sum(s.Skipped, new(1))
	}
}

// sum is nil where nothing is ever skipped.
func sum(a, b *int) *int {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return new(*a + *b)
}

// Seconds is a time as JUnit has it.
func Seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// Write writes the report. What cannot be seen is escaped.
func (all *Suites) Write(w io.Writer) error {
	data, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("JUnit: %w", err)
	}
	_, err = io.WriteString(w, visible.Text(xml.Header+string(data)+"\n"))
	return err
}
