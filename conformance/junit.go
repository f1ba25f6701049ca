package conformance

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/visible"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"` // seconds
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Time      string      `xml:"time,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`

	spent time.Duration
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Skipped *junitProblem `xml:"skipped"`
	Error   *junitProblem `xml:"error"`
	Failure *junitProblem `xml:"failure"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report for tools that read JUnit: a test case for each
// check, named by its ID. Failures and stale entries are failures; could_not_run
// and harness_error are errors; undetermined, not applicable and known failures
// are skipped, with the reason. A run that is not passed and has neither failure
// nor error gets a test case "outcome", so that it isn't green.
func (r *Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{Name: "parley " + r.Contract.ID, Time: seconds(r.Ended.Sub(r.Started))}
	for _, id := range r.Suites {
		s := junitSuite{Name: id, Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05")}
		for _, result := range r.Results {
			if result.Suite == id {
				s.add(junitOf(result), result.Duration)
			}
		}
		all.add(s)
	}
	if r.Outcome != Passed && all.Failures+all.Errors == 0 {
		s := junitSuite{Name: "parley", Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05")}
		s.add(junitCase{Class: "parley", Name: "outcome", Time: seconds(0),
			Error: &junitProblem{Message: string(r.Outcome), Type: string(r.Outcome), Text: strings.Join(r.Reasons, "\n")}}, 0)
		all.add(s)
	}
	data, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("junit.xml: %w", err)
	}
	_, err = io.WriteString(w, visible.Text(xml.Header+string(data)+"\n"))
	return err
}

func (all *junitSuites) add(s junitSuite) {
	if s.Tests == 0 {
		return
	}
	s.Time = seconds(s.spent)
	all.Suites = append(all.Suites, s)
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
}

func (s *junitSuite) add(c junitCase, spent time.Duration) {
	s.Cases = append(s.Cases, c)
	s.spent += spent
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func junitOf(r Result) junitCase {
	c := junitCase{Class: r.Suite, Name: r.ID, Time: seconds(r.Duration)}
	short := (&Deviation{Expected: r.Expected, Actual: r.Actual}).Error()
	switch {
	case r.Known == KnownStale:
		c.Failure = &junitProblem{Message: "listed as known to fail and does not fail any more: take it out of the list", Type: KnownStale, Text: plain(r)}
	case r.Known == KnownFailing:
		c.Skipped = &junitProblem{Message: "known failure: " + r.KnownReason, Text: plain(r)}
	case r.Verdict == Failed:
		c.Failure = &junitProblem{Message: short, Type: string(r.Verdict), Text: plain(r)}
	case r.Verdict == NotRun || r.Verdict == HarnessFailed:
		c.Error = &junitProblem{Message: short, Type: string(r.Verdict), Text: plain(r)}
	case r.Verdict == Undecided || r.Verdict == Inapplicable:
		c.Skipped = &junitProblem{Message: fmt.Sprintf("%s: %s", strings.ReplaceAll(string(r.Verdict), "_", " "), short), Text: plain(r)}
	case r.Verdict == Warned:
		c.Out = plain(r)
	default:
		lines := append([]string{r.Title + " (" + strings.Join(requirementIDs(r), ", ") + ")"}, r.Notes...)
		for i, line := range lines {
			lines[i] = visible.Line(line)
		}
		c.Out = strings.Join(lines, "\n")
	}
	return c
}

// plain is a result as text, for readers that have nothing else.
func plain(r Result) string {
	var text strings.Builder
	line := func(name, value string) {
		if value != "" {
			visible.Fprintf(&text, "%-10s %s\n", name, value)
		}
	}
	line("check", r.Title)
	for _, q := range r.Requirements {
		line("requires", fmt.Sprintf("%s: %s", q.ID, q.Text))
		line("quote", q.Quote)
		line("source", source(q))
	}
	line("verdict", string(r.Verdict))
	if r.decided() {
		line("evidence", fmt.Sprintf("%s, %s", r.Level, r.Evidence))
	}
	line("expected", r.Expected)
	line("actual", r.Actual)
	for _, reading := range r.Readings {
		line("reading", fmt.Sprintf("%s=%s: %s", reading.ID, reading.Chosen, reading.Question))
	}
	line("hint", r.Hint)
	for _, note := range r.Notes {
		line("measured", note)
	}
	line("exchanges", strings.Join(r.Exchanges, ", "))
	line("again", r.Reproduce)
	return text.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
