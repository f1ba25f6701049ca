package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// How much of the evidence a console shows; exchanges.ndjson has it all.
const (
	shownExchanges = 2
	shownBody      = 320 // characters
	shownFindings  = 3   // of one exchange
)

const fieldWidth = 12

func (p *printer) field(name, text string) {
	if text != "" {
		p.block("  "+p.paint(dim, fmt.Sprintf("%-*s", fieldWidth-2, name)), fieldWidth, text)
	}
}

// full writes a result with all that is needed to act on it.
func (r *Report) full(p *printer, result Result) {
	l := labelOf(result)
	p.block(p.paint(l.color, "✗ "), 2, result.Title)
	r.detail(p, result)
}

// detail writes what full does below the title.
func (r *Report) detail(p *printer, result Result) {
	p.field("check", result.ID)
	for _, q := range result.Requirements {
		p.requirement(q)
	}
	p.field("expected", printable(result.Expected))
	p.field("actual", printable(result.Actual))
	p.evidence(result)
	p.field("hint", printable(result.Hint))
	for _, note := range result.Notes {
		p.field("measured", printable(note))
	}
	if result.Known == KnownExpired {
		p.field("known", fmt.Sprintf("%s; that entry expired after %s", result.KnownReason, result.KnownExpires))
	}
	r.exchanges(p, result.Exchanges)
	p.again(result)
}

// requirement cites a requirement in full, and when it comes again without quote
// and source.
func (p *printer) requirement(q Requirement) {
	head := q.ID
	if p.cited[q.ID] {
		p.field("requires", head+", quoted above: "+q.Text)
		return
	}
	p.cited[q.ID] = true
	p.field("requires", head)
	p.field("", q.Text)
	if q.Quote != "" {
		p.field("", "“"+q.Quote+"”")
	}
	p.field("", source(q))
}

// evidence says how strong what a verdict rests on is: the weakest of it.
func (p *printer) evidence(result Result) {
	if !result.decided() {
		return
	}
	text := fmt.Sprintf("%s, %s", result.Level, result.Evidence)
	if list := readingsOf(result); len(list) > 0 {
		text += ", by " + strings.Join(list, " and ")
	}
	p.field("evidence", text)
}

// readingsOf names the readings that a verdict depends on.
func readingsOf(result Result) []string {
	var list []string
	for _, reading := range result.Readings {
		list = append(list, fmt.Sprintf("%s=%s", reading.ID, reading.Chosen))
	}
	return list
}

// brief writes a result by name with its reason.
func (p *printer) brief(result Result) {
	p.block("- ", 2, result.Title)
	p.field("check", result.ID)
	p.because(result)
	if result.Known == "" && (result.Verdict == VerdictWarn || result.Verdict == VerdictCouldNotRun) {
		p.field("requires", strings.Join(requirementIDs(result), ", "))
	}
	if result.Known == "" && result.Verdict == VerdictWarn {
		p.evidence(result)
		p.field("seen in", strings.Join(result.Exchanges[:min(len(result.Exchanges), shownFindings)], ", "))
	}
}

// because writes the reason of a result.
func (p *printer) because(result Result) {
	reason := result.Actual
	if result.Expected != "" {
		reason = fmt.Sprintf("expected %s; actual: %s", result.Expected, result.Actual)
	}
	p.field("because", printable(reason))
	if result.Verdict == VerdictUndetermined {
		p.readings(result)
	}
	p.field("hint", printable(result.Hint))
	if result.KnownReason != "" {
		known := result.KnownReason
		if result.KnownExpires != "" {
			known += " (until " + result.KnownExpires + ")"
		}
		p.field("known", known)
	}
}

func requirementIDs(result Result) []string {
	var ids []string
	for _, q := range result.Requirements {
		ids = append(ids, q.ID)
	}
	return ids
}

// again writes the command that reproduces a result, unbroken for copying.
func (p *printer) again(result Result) {
	if result.Reproduce != "" {
		p.printf("  %s%s\n", p.paint(dim, fmt.Sprintf("%-*s", fieldWidth-2, "again")), result.Reproduce)
	}
}

// readings writes what the readings ask and what the options in force mean.
func (p *printer) readings(result Result) {
	for _, reading := range result.Readings {
		p.field("reading", fmt.Sprintf("%s=%s: %s %s", reading.ID, reading.Chosen, reading.Question, reading.Meaning))
	}
}

// source is where a requirement stands.
func source(q Requirement) string {
	_, part, _ := strings.Cut(q.Source, "#")
	switch {
	case q.Link == "":
		return q.Source
	case part == "":
		return q.Link
	}
	return q.Link + " (" + part + ")"
}

func (r *Report) exchanges(p *printer, ids []string) {
	for i, id := range ids {
		if i == shownExchanges {
			p.field("", fmt.Sprintf("and %s, see exchanges.ndjson of a report: %s", plural.Of(len(ids)-i, "more exchange"), visible.Shorten(strings.Join(ids[i:], ", "), 160)))
			return
		}
		at := slices.IndexFunc(r.Exchanges, func(e *traffic.Exchange) bool { return e.ID == id })
		if at >= 0 {
			p.exchange(r.Exchanges[at])
		}
	}
}

// exchange writes both halves of an exchange, shortened.
func (p *printer) exchange(e *traffic.Exchange) {
	arrow := map[traffic.Caller]string{traffic.Vendor: "vendor → partner", traffic.Partner: "partner → vendor"}[e.Caller]
	p.field(e.ID, fmt.Sprintf("%s %s %s", arrow, e.Request.Method, printable(e.Request.URL)))
	p.body("", e.Request.Body)
	if e.Response == nil {
		p.field("", "no answer: "+printable(e.Error))
	} else {
		p.body(fmt.Sprintf("answered %d in %s: ", e.Status(), roughly(e.Duration)), e.Response.Body)
	}
	for i, f := range e.Findings {
		if i == shownFindings {
			p.field("", fmt.Sprintf("and %s", plural.Of(len(e.Findings)-i, "more finding")))
			break
		}
		p.field("", fmt.Sprintf("%s in the %s: %s", f.Severity, f.Part, printable(FindingText(f))))
	}
}

// body writes the beginning of a body after a head, in lines that fit: JSON need
// not have spaces at which it could be broken.
func (p *printer) body(head string, b traffic.Body) {
	text := printable(strings.TrimSpace(b.String()))
	if shown := visible.Shorten(text, shownBody); shown != text || b.Cut() {
		text = fmt.Sprintf("%s (%d bytes)", shown, b.Size)
	}
	if text == "" {
		text = "no body"
	}
	for chunk := range slices.Chunk([]rune(head+text), max(p.Width-fieldWidth, 20)) {
		p.printf("%*s%s\n", fieldWidth, "", string(chunk))
	}
}
