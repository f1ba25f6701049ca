package conformance

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/junit"
	"github.com/parleykit/parley/internal/visible"
)

// WriteJUnit writes the report for tools that read JUnit: a test case for each
// check, named by its ID. Failures and stale entries are failures; could_not_run
// and harness_error are errors; undetermined, not applicable and known failures
// are skipped, with the reason. A run that is not passed and has neither failure
// nor error gets a test case "outcome", so that it isn't green.
func (r *Report) WriteJUnit(w io.Writer) error {
	all := junit.Suites{Name: "parley " + r.Contract.ID, Time: junit.Seconds(r.Ended.Sub(r.Started)), Skipped: new(0)}
	for _, id := range r.Suites {
		s, spent := r.junitSuite(id), time.Duration(0)
		for _, result := range r.Results {
			if result.Suite == id {
				s.Add(junitOf(result))
				spent += result.Duration
			}
		}
		s.Time = junit.Seconds(spent)
		all.Add(s)
	}
	if r.Outcome != OutcomePassed && all.Failures+all.Errors == 0 {
		s := r.junitSuite("parley")
		s.Add(junit.Case{Class: "parley", Name: "outcome", Time: s.Time,
			Error: &junit.Problem{Message: string(r.Outcome), Type: string(r.Outcome), Text: strings.Join(r.Reasons, "\n")}})
		all.Add(s)
	}
	return all.Write(w)
}

func (r *Report) junitSuite(name string) junit.Suite {
	return junit.Suite{Name: name, Time: junit.Seconds(0), Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), Skipped: new(0)}
}

// staleHint is what to do about KnownStale.
const staleHint = "listed as known to fail and does not fail any more: take it out of the list"

func junitOf(r Result) junit.Case {
	c := junit.Case{Class: r.Suite, Name: r.ID, Time: junit.Seconds(r.Duration)}
	short := (&Deviation{Expected: r.Expected, Actual: r.Actual}).Error()
	switch {
	case r.Known == KnownStale:
		c.Failure = &junit.Problem{Message: staleHint, Type: string(KnownStale), Text: plain(r)}
	case r.Known == KnownFailing:
		c.Skipped = &junit.Problem{Message: "known failure: " + r.KnownReason, Text: plain(r)}
	case r.Verdict == VerdictFail:
		c.Failure = &junit.Problem{Message: short, Type: string(r.Verdict), Text: plain(r)}
	case r.Verdict == VerdictCouldNotRun || r.Verdict == VerdictHarnessError:
		c.Error = &junit.Problem{Message: short, Type: string(r.Verdict), Text: plain(r)}
	case r.Verdict == VerdictUndetermined || r.Verdict == VerdictNotApplicable:
		c.Skipped = &junit.Problem{Message: fmt.Sprintf("%s: %s", strings.ReplaceAll(string(r.Verdict), "_", " "), short), Text: plain(r)}
	case r.Verdict == VerdictWarn:
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
