package summary

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/markdown"
)

// writeMarkdown writes the report for the page of a pipeline's job: the outcome, every
// kind of finding, the bodies that were judged, and what was not read.
func (r *Report) writeMarkdown(w io.Writer) error {
	var d markdown.Document
	d.Heading(2, fmt.Sprintf("%s: %s", r.Contract, r.Outcome))
	d.Paragraph("Judged:", strings.TrimSpace(r.lastLine()))
	var kinds [][]string
	for _, g := range r.Groups {
		for _, k := range g.Kinds {
			kinds = append(kinds, k.cells(g.ID()))
		}
	}
	d.Table([]string{"severity", "code", "where", "times", "expected", "actual", "hint", "requirement", "first"}, kinds)
	if r.LeftOut > 0 {
		d.Paragraph("Only counted:", fmt.Sprintf("%d more findings, of kinds beyond the first %d", r.LeftOut, maxKinds))
	}
	var sentences [][]string
	for _, g := range r.Groups {
		if q := g.Requirement; q != nil && q.Text != "" {
			sentences = append(sentences, []string{q.ID, fmt.Sprintf("%s, %s", q.Level, q.Evidence), q.Text, q.Link})
		}
	}
	d.Table([]string{"requirement", "evidence", "text", "page"}, sentences)
	var bodies [][]string
	for _, b := range r.Results {
		bodies = append(bodies, []string{b.File, cmp.Or(b.Payload, "none could be guessed"), map[bool]string{true: "valid", false: "not valid"}[b.Valid], fmt.Sprint(len(b.Findings))})
	}
	d.Table([]string{"body", "payload", "verdict", "findings"}, bodies)
	r.notJudgedTables(&d)
	return d.Write(w)
}

// cells are one row of the findings.
func (k Kind) cells(requirement string) []string {
	where := strings.Join(slices.DeleteFunc([]string{k.Operation, string(k.Part), k.Pointer}, func(s string) bool { return s == "" }), " ")
	f := k.First.Finding
	actual := f.Actual
	if f.Expected != "" {
		actual = cmp.Or(actual, "nothing")
	}
	return []string{string(k.Severity), k.Code, where, fmt.Sprint(k.Count), f.Expected, actual, f.Hint, requirement, k.First.place()}
}

func (r *Report) notJudgedTables(d *markdown.Document) {
	var skipped, broken [][]string
	for _, s := range r.Skipped {
		skipped = append(skipped, []string{s.Host, fmt.Sprint(s.Count)})
	}
	d.Table([]string{"host that the contract does not know", "skipped"}, skipped)
	for _, b := range r.Broken {
		broken = append(broken, []string{b.Position.String(), b.Text})
	}
	d.Table([]string{"not read", "why"}, broken)
}
