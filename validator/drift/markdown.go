package drift

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/parleykit/parley/internal/markdown"
	"github.com/parleykit/parley/internal/plural"
)

// WriteMarkdown writes the report for the page of a pipeline's job.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var d markdown.Document
	d.Heading(2, fmt.Sprintf("%s: %s", r.Contract, plural.Of(len(r.Items), "drift")))
	d.Paragraph("Compared:", plural.Of(r.Exchanges, "exchange"))
	var items [][]string
	for _, i := range r.Items {
		items = append(items, i.cells())
	}
	d.Table([]string{"operation", "where", "drift", "times", "of", "seen", "first", "proposed", "by hand"}, items)
	if r.LeftOut > 0 {
		d.Paragraph("Left out:", fmt.Sprintf("%d more findings, beyond the first %d items", r.LeftOut, maxItems))
	}
	if r.NoDriftCalls > 0 {
		d.Paragraph("Not documented:", r.noDriftWords()+": "+seen(r.NoDrift))
	}
	return d.Write(w)
}

// cells are one row of the report.
func (i *Item) cells() []string {
	where := i.Pointer
	if i.Status == 0 {
		where = strings.TrimSpace(i.Payload + " " + i.Pointer)
	}
	return []string{
		i.Operation, where, cmp.Or(i.what(), i.Code), fmt.Sprint(i.Count), fmt.Sprint(i.Of), seen(i.Values),
		cmp.Or(i.First.Position.String(), i.First.Exchange), i.Change, i.Unfit,
	}
}
