package coverage

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
)

// Schema is the JSON Schema (draft-07) of what WriteJSON writes.
//
//go:embed coverage.schema.json
var Schema []byte

//go:embed coverage.html.tmpl
var pageText string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("coverage").Funcs(template.FuncMap{"quoted": quoted}).Parse(pageText))
})

// WriteJSON writes the report for a program; Schema describes it.
func (r *Report) WriteJSON(w io.Writer) error {
	return plainjson.Write(w, r)
}

// WriteHTML writes one page without scripts and without anything to fetch.
func (r *Report) WriteHTML(w io.Writer) error {
	var text strings.Builder
	if err := page().Execute(&text, r); err != nil {
		return err
	}
	_, err := io.WriteString(w, visible.HTML(text.String()))
	return err
}

// WriteText writes the report for a person: the figures, each call with its
// statuses, and by name what was not touched.
func (r *Report) WriteText(w io.Writer) error {
	var text strings.Builder
	visible.Fprintf(&text, "%s: %s touched %.1f %% of the contract\n\n", r.Contract, plural.Of(r.Exchanges, "exchange"), r.Total.Percent)
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, part := range r.Parts() {
		visible.Fprintf(table, "  %s\t%5.1f %%\t%d of %d\n", part.Name, part.Percent, part.Touched, part.Of)
	}
	fmt.Fprintln(table)
	for _, group := range []Group[Call]{r.Operations, r.Events} {
		for _, c := range group.Items {
			visible.Fprintf(table, "  %s\t%d ×\t%s\n", c.Name, c.Count, c.answers())
		}
	}
	table.Flush() // to memory
	if len(r.Untouched) > 0 {
		text.WriteString("\nnot touched:\n")
	}
	for _, item := range r.Untouched {
		visible.Fprintf(&text, "  %s\n", item)
	}
	_, err := io.WriteString(w, visible.Text(text.String()))
	return err
}

// Part is one line of the figures.
type Part struct {
	Name string `json:"name"`
	Tally
}

// Parts are the tallies of the report's groups.
func (r *Report) Parts() []Part {
	return []Part{
		{"operations", r.Operations.Tally}, {"events", r.Events.Tally},
		{"fields and values", r.Payloads.Tally}, {"requirements", r.Requirements.Tally},
	}
}

// answers is how often each status was answered: "200 × 12, 401 never".
func (c Call) answers() string {
	var parts []string
	for _, s := range c.Statuses {
		if s.Count == 0 {
			parts = append(parts, s.Name()+" never")
		} else {
			parts = append(parts, fmt.Sprintf("%s × %d", s.Name(), s.Count))
		}
	}
	for _, s := range c.Undocumented {
		parts = append(parts, fmt.Sprintf("undocumented %d × %d", s.Status, s.Count))
	}
	if c.Unanswered > 0 {
		parts = append(parts, fmt.Sprintf("no answer × %d", c.Unanswered))
	}
	return strings.Join(parts, ", ")
}
