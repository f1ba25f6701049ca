package coverage

import (
	"fmt"
	"io"

	"github.com/parleykit/parley/internal/markdown"
	"github.com/parleykit/parley/internal/plural"
)

// WriteMarkdown writes the report for the page of a pipeline's job: the figures, each
// call with its statuses, and by name what was not touched.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var d markdown.Document
	d.Heading(2, fmt.Sprintf("%s: %.1f %% touched", r.Contract, r.Total.Percent))
	d.Paragraph("Counted:", fmt.Sprintf("%s touched %d of %d items of the contract", plural.Of(r.Exchanges, "exchange"), r.Total.Touched, r.Total.Of))
	var parts, calls, untouched [][]string
	for _, p := range r.Parts() {
		parts = append(parts, []string{p.Name, fmt.Sprintf("%.1f %%", p.Percent), fmt.Sprint(p.Touched), fmt.Sprint(p.Of)})
	}
	d.Table([]string{"part", "touched", "items", "of"}, parts)
	for _, group := range []Group[Call]{r.Operations, r.Events} {
		for _, c := range group.Items {
			calls = append(calls, []string{c.Name, fmt.Sprint(c.Count), c.answers()})
		}
	}
	d.Table([]string{"call", "times", "answers"}, calls)
	for _, item := range r.Untouched {
		untouched = append(untouched, []string{item})
	}
	d.Table([]string{"not touched"}, untouched)
	return d.Write(w)
}
