package generate

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
)

// elsewhere are the sections of a contract's README that this page, or another one of the
// reference, has from the contract itself, or that only who runs the mock needs.
var elsewhere = []string{"Sources", "Schemas", "Try it"}

// overview is the page that leads to the others. The README in the contract's folder tells
// what no table of it can: its first paragraph begins the page, its sections follow what
// crosses the wire.
func (v *vendor) overview(readme string) (string, error) {
	said, sections := sectionsOf(readme)
	if said == "" {
		return "", fmt.Errorf("the README of %s does not begin with a paragraph that says what it is about", v.c.ID)
	}
	var p Page
	v.title(&p, "overview")
	p.Paragraph("%s", v.written(said))
	p.Paragraph("%s: %s and %s; %s, %s where the pages are silent or contradict each other, and %s that judge a partner. `parley serve %s` plays it, `parley conform %s` judges by it.",
		Prose(v.c.Title), plural.Of(len(v.c.Operations), "operation"), plural.Of(len(v.c.Events), "event"), plural.Of(len(v.c.Requirements), "requirement"),
		plural.Of(len(v.c.Readings), "reading"), plural.Of(len(v.plan), "check"), v.c.ID, v.c.ID)
	p.Heading(2, "Who calls whom")
	p.Fence("txt", v.diagram())
	p.Heading(2, "What your integration calls")
	p.Table(append(overviewHead, "credential"), v.overviewRows(v.c.Operations, v.credential))
	if len(v.c.Events) > 0 {
		p.Heading(2, "What calls your webhook")
		p.Table(overviewHead, v.overviewRows(v.c.Events, nil))
	}
	v.statuses(&p)
	v.delivery(&p)
	for _, s := range sections {
		if !slices.Contains(elsewhere, s.title) {
			p.Heading(2, s.title)
			p.block(v.written(s.text))
		}
	}
	v.said(&p)
	return p.Text(), nil
}

// said is what the contract rests on, and what nobody judges.
func (v *vendor) said(p *Page) {
	p.Heading(2, "What says so")
	p.Table([]string{"evidence", "requirements", "readings"}, v.evidenceRows())
	p.Paragraph("*Documented* is what a page of %s states, with its sentence. *Observed* was seen in a sample, in public code or in a client. *Assumed* is ours, because nothing says it: it never fails a partner. %s tells more.", Prose(v.c.Name), Link("Evidence and readings", "../../../explanation/evidence.md"))
	p.Heading(2, "Sources")
	var sources []string
	for _, key := range sorted(v.c.Sources) {
		s := v.c.Sources[key]
		sources = append(sources, Code(key)+": "+linked(Prose(s.Title), s.URL))
	}
	p.List(sources...)
	if len(v.c.NotJudged) > 0 {
		p.Heading(2, "Not judged")
		var list []string
		for _, what := range v.c.NotJudged {
			list = append(list, v.prose(what))
		}
		p.List(list...)
	}
}

var overviewHead = []string{"name", "request", "what it does", "evidence"}

// overviewRows has a row for each, with one more cell where that is asked for.
func (v *vendor) overviewRows(list []*specs.Operation, more func(*specs.Operation) string) [][]string {
	var rows [][]string
	for _, o := range list {
		row := []string{v.link(o.Name(), o.ID), Code(strings.TrimSpace(o.Method + " " + o.Path)), v.prose(o.Summary), v.class(o.Evidence.Class)}
		if more != nil {
			row = append(row, more(o))
		}
		rows = append(rows, row)
	}
	return rows
}

// credential is what a call of an operation proves itself with.
func (v *vendor) credential(o *specs.Operation) string {
	var sets []string
	for _, set := range v.c.Credentials(o) {
		var parts []string
		for _, one := range set {
			parts = append(parts, Prose(one.String())+" ("+v.class(one.Evidence.Class)+")")
		}
		sets = append(sets, strings.Join(parts, " and "))
	}
	for _, f := range v.c.Fields(o.Payload) {
		if f.Secret && len(sets) == 0 {
			sets = append(sets, Code(f.Pointer)+" in the body ("+v.class(f.Evidence.Class)+")")
		}
	}
	return cmp.Or(strings.Join(sets, ", or "), "none documented")
}

// statuses says where each status is answered, and what it means there.
func (v *vendor) statuses(p *Page) {
	type meaning struct {
		status      int
		text, class string
	}
	var order []meaning
	where := map[meaning][]string{}
	for _, o := range slices.Concat(v.c.Operations, v.c.Events) {
		for _, status := range answers(o) {
			r := o.Responses[status]
			m := meaning{status, r.Description, v.class(r.Evidence.Class)}
			if where[m] == nil {
				order = append(order, m)
			}
			where[m] = append(where[m], v.link(o.Name(), o.Name()))
		}
	}
	slices.SortStableFunc(order, func(a, b meaning) int { return cmp.Compare(rank(a.status), rank(b.status)) })
	var rows [][]string
	for _, m := range order {
		rows = append(rows, []string{specs.StatusName(m.status), v.prose(m.text), m.class, v.answering(where[m])})
	}
	p.Heading(2, "Answers and errors")
	p.Paragraph("Who is called answers with these. An answer that is not among them is a finding, %s.", Link("response.status", "../../findings.md#responsestatus"))
	p.Table([]string{"status", "meaning", "evidence", "answered by"}, rows)
}

// rank sorts statuses, and what stands for all others behind them.
func rank(status int) int {
	if status == specs.AnyStatus {
		return 1000
	}
	return status
}

// answering is all, many, or those of a few links.
func (v *vendor) answering(links []string) string {
	const few = 6
	switch all := len(v.c.Operations) + len(v.c.Events); {
	case len(links) == all && all > few:
		return "all"
	case len(links) > few:
		return strings.Join(links[:few], ", ") + fmt.Sprintf(" and %d more", len(links)-few)
	}
	return strings.Join(links, ", ")
}

type section struct{ title, text string }

// sectionsOf are a README's first paragraph and its sections of level 2.
func sectionsOf(readme string) (first string, sections []section) {
	parts := strings.Split("\n"+readme, "\n## ")
	for _, paragraph := range strings.Split(parts[0], "\n\n")[1:] {
		first = strings.TrimSpace(paragraph)
		break
	}
	for _, part := range parts[1:] {
		title, text, _ := strings.Cut(part, "\n")
		sections = append(sections, section{title, strings.TrimSpace(text)})
	}
	return first, sections
}

// written is Markdown of a README, in which the IDs of requirements and readings, and the
// names of operations and events, lead to them.
func (v *vendor) written(text string) string {
	parts := strings.Split(text, "`")
	for i, part := range parts {
		if i%2 == 0 {
			parts[i] = identifier.ReplaceAllStringFunc(part, func(id string) string { return cmp.Or(v.link(id, id), id) })
			continue
		}
		parts[i] = cmp.Or(v.link(v.wholeName(part), Code(part)), Code(part))
	}
	return tableRule.ReplaceAllStringFunc(strings.Join(parts, ""), func(rule string) string { return strings.ReplaceAll(rule, "|---", "| --- ") })
}

// tableRule is the line below the head of a table, which these pages write with spaces.
var tableRule = regexp.MustCompile(`(?m)^ *(\|---)+\|$`)

// wholeName is the whole name of an operation that is written without its kind, where no event
// has that name, too.
func (v *vendor) wholeName(text string) string {
	if v.c.Operation("operations/"+text) != nil && v.c.Operation("events/"+text) == nil {
		return "operations/" + text
	}
	return text
}
