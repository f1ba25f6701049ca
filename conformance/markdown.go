package conformance

import (
	"fmt"
	"io"
	"strings"

	"github.com/parleykit/parley/internal/markdown"
)

// WriteMarkdown writes the report for the page of a pipeline's job: the outcome, every
// result that is not a plain pass with what it rests on, and what was touched.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var d markdown.Document
	d.Heading(2, fmt.Sprintf("%s: %s", r.Contract.Name, r.Outcome))
	d.Paragraph("Judged:", r.tally())
	for _, reason := range r.Reasons {
		d.Paragraph("Reason:", reason)
	}
	if text, _ := notFound(r.Exchanges); text != "" {
		d.Paragraph("Remark:", text)
	}
	for _, section := range sections {
		var rows [][]string
		for _, result := range r.Results {
			if section.holds(result) {
				rows = append(rows, result.cells())
			}
		}
		if len(rows) > 0 {
			d.Heading(3, fmt.Sprintf("%s (%d)", section.title, len(rows)))
		}
		d.Table([]string{"check", "the partner", "expected", "actual", "hint", "requirements", "evidence", "exchanges"}, rows)
	}
	d.Heading(3, "Coverage")
	d.Paragraph("Touched:", r.touched())
	var parts [][]string
	for _, p := range r.Coverage.Parts {
		parts = append(parts, []string{p.Name, fmt.Sprintf("%.1f %%", p.Percent), fmt.Sprint(p.Touched), fmt.Sprint(p.Of)})
	}
	d.Table([]string{"part", "touched", "items", "of"}, parts)
	if r.Dropped > 0 {
		d.Paragraph("Missing:", fmt.Sprintf("%d exchanges, since the journal was too small", r.Dropped))
	}
	return d.Write(w)
}

// cells are one row of a section.
func (r Result) cells() []string {
	evidence := ""
	if r.decided() {
		evidence = fmt.Sprintf("%s, %s", r.Level, r.Evidence)
	}
	for _, reading := range r.Readings {
		evidence += fmt.Sprintf("; %s=%s", reading.ID, reading.Chosen)
	}
	actual := r.Actual
	if r.Known != "" {
		actual = strings.TrimPrefix(fmt.Sprintf("%s; known: %s", actual, r.KnownReason), "; ")
	}
	var requirements []string
	for _, q := range r.Requirements {
		requirements = append(requirements, fmt.Sprintf("%s: %s", q.ID, q.Text))
	}
	return []string{r.ID, r.Title, r.Expected, actual, r.Hint, strings.Join(requirements, "; "), strings.TrimPrefix(evidence, "; "), strings.Join(r.Exchanges, ", ")}
}
