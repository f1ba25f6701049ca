package conformance

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/plural"
)

// label is a verdict in words for people, and its colour.
type label struct{ text, color string }

var labels = map[Verdict]label{
	VerdictPass:          {"pass", green},
	VerdictFail:          {"FAIL", red},
	VerdictWarn:          {"warn", yellow},
	VerdictUndetermined:  {"undetermined", purple},
	VerdictNotApplicable: {"not applicable", dim},
	VerdictCouldNotRun:   {"could not run", yellow},
	VerdictHarnessError:  {"HARNESS ERROR", red},
}

const labelWidth = 16

// labelOf is the label of a result: known failures have their own.
func labelOf(r Result) label {
	switch r.Known {
	case KnownFailing:
		return label{"known failure", yellow}
	case KnownStale:
		return label{"STALE ENTRY", red}
	}
	return labels[r.Verdict]
}

// WriteHead says what is going to be judged: the report needs no results yet.
// Checks is how many are planned.
func (r *Report) WriteHead(w io.Writer, s Style, checks int) error {
	p := newPrinter(w, s)
	line := func(name, text string) { p.block(p.paint(dim, fmt.Sprintf("%-10s", name)), 10, text) }
	p.printf("%s\n", p.paint(bold, fmt.Sprintf("Parley %s judges a partner of %s", r.Version, r.Contract.Name)))
	line("suites", fmt.Sprintf("%s (%s)", strings.Join(r.Suites, ", "), plural.Of(checks, "check")))
	if r.Target != "" {
		line("target", r.Target)
	}
	if r.Channel != "" {
		line("channel", r.Channel)
	}
	if r.Address != "" {
		line("calls to", r.Address)
	}
	line("seed", fmt.Sprint(r.Seed))
	if deadline := r.Timing["deadline"]; deadline != "" {
		line("takes", "at most "+deadline+" (--deadline)")
	}
	for _, o := range r.Opening {
		line("opening", o.text())
	}
	if text, _ := notFound(r.Exchanges); text != "" {
		line("remark", text)
	}
	for _, reading := range r.Readings {
		if reading.Chosen != reading.Default {
			line("reading", fmt.Sprintf("%s=%s (default %s)", reading.ID, reading.Chosen, reading.Default))
		}
	}
	p.printf("\n")
	return p.err
}

func (o Opening) text() string {
	text := "events/" + o.Event
	if o.Status != 0 {
		text += fmt.Sprintf(" was answered %d", o.Status)
	} else {
		text += " " + string(o.State)
	}
	if o.Error != "" && o.State != "delivered" {
		text += " (" + printable(o.Error) + ")"
	}
	if o.Exchange != "" {
		text += ", " + o.Exchange
	}
	return text
}

// WriteLine writes a result in one line, as it is known.
func (r Result) WriteLine(w io.Writer, s Style) error {
	p := newPrinter(w, s)
	l := labelOf(r)
	text := r.Title
	if r.Duration >= time.Second {
		text += fmt.Sprintf(" (%s)", roughly(r.Duration))
	}
	p.block(p.paint(l.color, fmt.Sprintf("%-*s", labelWidth, l.text)), labelWidth, text)
	return p.err
}

// WriteSummary writes what a person needs in order to act: every result that is
// not a plain pass, the counts and the outcome.
func (r *Report) WriteSummary(w io.Writer, s Style) error {
	p := newPrinter(w, s)
	if text, _ := notFound(r.Exchanges); text != "" {
		p.printf("\n%s\n", p.paint(bold, strings.ToUpper(text[:1])+text[1:]+"."))
	}
	for _, section := range sections {
		r.section(p, section)
	}
	r.measured(p)
	if causes := r.causes(); len(causes) > 0 {
		p.printf("\n%s\n", p.paint(bold, "What failures have in common"))
		for _, cause := range causes {
			p.block("  ", 2, cause)
		}
	}
	p.printf("\n")
	p.block("", 0, r.tally())
	p.block("", 0, r.touched())
	if r.Dropped > 0 {
		p.block("", 0, fmt.Sprintf("The journal was too small: %d exchanges are missing from the evidence.", r.Dropped))
	}
	color := map[Outcome]string{OutcomePassed: green, OutcomeFailed: red, OutcomeIncomplete: yellow}[r.Outcome]
	p.printf("%s\n", p.paint(bold+";"+color, strings.ToUpper(string(r.Outcome))))
	for _, reason := range r.Reasons {
		p.block("  ", 2, reason)
	}
	return p.err
}

// touched says how much of the contract the run was about.
func (r *Report) touched() string {
	var parts []string
	for _, part := range r.Coverage.Parts {
		if part.Of > 0 {
			parts = append(parts, fmt.Sprintf("%s %.1f %%", part.Name, part.Percent))
		}
	}
	return fmt.Sprintf("The run touched %.1f %% of the contract: %s.", r.Coverage.Total.Percent, strings.Join(parts, ", "))
}

// section is a part of the summary: results that belong together.
type section struct {
	title   string
	holds   func(Result) bool
	full    bool // with exchanges and the command that reproduces it
	grouped bool // those with one reason together
}

func verdictIs(v Verdict) func(Result) bool {
	return func(r Result) bool { return r.Verdict == v && r.Known != KnownFailing && r.Known != KnownStale }
}

var sections = []section{
	{"Parley's own errors", verdictIs(VerdictHarnessError), true, false},
	{"Failed", verdictIs(VerdictFail), true, false},
	{"Listed as known to fail, but does not", func(r Result) bool { return r.Known == KnownStale }, false, false},
	{"Could not run", verdictIs(VerdictCouldNotRun), false, true},
	{"Warnings", verdictIs(VerdictWarn), false, false},
	{"Undetermined: the documents do not decide", verdictIs(VerdictUndetermined), false, true},
	{"Not applicable", verdictIs(VerdictNotApplicable), false, true},
	{"Known failures", func(r Result) bool { return r.Known == KnownFailing }, false, false},
}

func (r *Report) section(p *printer, s section) {
	var results []Result
	for _, result := range r.Results {
		if s.holds(result) {
			results = append(results, result)
		}
	}
	if len(results) == 0 {
		return
	}
	p.printf("\n%s\n", p.paint(bold, fmt.Sprintf("%s (%d)", s.title, len(results))))
	same := func(result Result) string { return result.ID }
	if s.grouped {
		same = reason
	}
	for _, group := range groups(results, same) {
		switch {
		case s.full:
			p.printf("\n")
			r.full(p, group[0])
		case len(group) > 1:
			p.group(group)
		default:
			p.brief(group[0])
		}
	}
	if !s.full {
		p.againOnce(results)
	}
}

// measured lists what was measured of the run, and what passing checks noted.
func (r *Report) measured(p *printer) {
	head := "\n" + p.paint(bold, "Measured") + "\n"
	for _, remark := range r.Remarks {
		p.printf("%s", head)
		head = ""
		p.block("  ", 2, printable(remark))
	}
	for _, result := range r.Results {
		if result.Verdict != VerdictPass {
			continue
		}
		for _, note := range result.Notes {
			p.printf("%s", head)
			head = ""
			p.block("  ", 2, printable(note)+" ("+result.ID+")")
		}
	}
}

// tally counts the results. A known failure counts as such, not as failed.
func (r *Report) tally() string {
	counts := map[string]int{}
	var order []string
	for _, v := range counted {
		order = append(order, labels[v].text)
	}
	order = append(order, labelOf(Result{Known: KnownFailing}).text, labelOf(Result{Known: KnownStale}).text)
	for _, result := range r.Results {
		counts[labelOf(result).text]++
	}
	var parts []string
	for _, text := range order {
		if counts[text] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[text], strings.ToLower(text)))
		}
	}
	return fmt.Sprintf("%s in %s: %s", plural.Of(len(r.Results), "check"), roughly(r.Ended.Sub(r.Started)), strings.Join(parts, ", "))
}

// roughly is a duration as a person says it.
func roughly(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Millisecond:
		return "less than 1ms"
	}
	return d.Round(time.Millisecond).String()
}

// WriteCheck writes the result of one check with all that is needed to act on it.
func (r *Report) WriteCheck(w io.Writer, s Style, id string) error {
	p := newPrinter(w, s)
	for _, result := range r.Results {
		if result.ID != id {
			continue
		}
		if err := result.WriteLine(w, s); err != nil {
			return err
		}
		r.detail(p, result)
	}
	return p.err
}
