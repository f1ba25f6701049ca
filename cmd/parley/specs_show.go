package main

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
)

func specsShowCommand() *cobra.Command {
	var contracts contractFlags
	cmd := &cobra.Command{
		Use: "show VENDOR [NAME]", Short: "Show a contract, or one operation, event, payload, requirement or reading of it",
		Long: `Show prints what the vendor demands, with quote, source and evidence.

NAME is a list (operations, events, payloads, requirements, readings), an
operation or event (operations/message, events/connect), a payload
(answers/userInfo) or an ID of a requirement or reading (ELMA365-GEN-001).`,
		Example: `  parley specs show elma365
  parley specs show elma365 events/connect
  parley specs show elma365 requirements
  parley specs show elma365 ELMA365-GEN-001`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := contracts.one(args[0])
			if err != nil {
				return err
			}
			return paged(cmd, func(out io.Writer) error {
				p := &page{out: out, width: terminal.Width(cmd.OutOrStdout(), pageWidth), c: c}
				if len(args) == 1 {
					p.overview()
					return p.err
				}
				if !p.show(args[1]) {
					return usage("%s has no %q; `parley specs show %s` lists what there is%s", c.ID, args[1], c.OnLine(), nearest(args[1], names(c)))
				}
				return p.err
			})
		},
	}
	contracts.register(cmd)
	return cmd
}

// page writes about one contract; the first error of the writer is kept.
type page struct {
	out   io.Writer
	width int // of a line, in characters
	c     *specs.Contract
	err   error
}

func (p *page) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = visible.Fprintf(p.out, format, args...)
	}
}

// show prints the thing of that name and reports whether there is one.
func (p *page) show(name string) bool {
	switch strings.TrimSuffix(name, "s") {
	case "operation":
		p.operations("Operations (the partner calls "+p.c.Name+")", p.c.Operations)
		return true
	case "event":
		p.operations("Events ("+p.c.Name+" calls the partner)", p.c.Events)
		return true
	case "payload":
		p.payloads()
		return true
	case "requirement":
		p.requirements()
		return true
	case "reading":
		p.readings()
		return true
	}
	return p.showItem(name)
}

func (p *page) showItem(name string) bool {
	if o := p.c.Operation(name); o != nil {
		p.operation(o)
		return true
	}
	if payload, ok := p.c.Payloads[name]; ok {
		p.payload(payload)
		return true
	}
	if r, ok := p.c.Requirement(strings.ToUpper(name)); ok {
		p.requirement(r)
		return true
	}
	i := slices.IndexFunc(p.c.Readings, func(r specs.Reading) bool { return strings.EqualFold(r.ID, name) })
	if i >= 0 {
		p.reading(p.c.Readings[i])
	}
	return i >= 0
}

func (p *page) overview() {
	c := p.c
	p.printf("%s (%s)\n", c.Title, c.ID)
	for _, key := range sortedKeys(c.Sources) {
		p.printf("  source %s: %s\n", key, strings.TrimSpace(c.Sources[key].Title+"  "+c.Sources[key].URL))
	}
	p.printf("\n")
	p.show("operations")
	p.printf("\n")
	p.show("events")
	if c.Signature != nil {
		p.printf("  signed: %s  [%s]\n", c.Signature, cmp.Or(c.Signature.Evidence.Class, "unmarked"))
	}
	if len(c.NotJudged) > 0 {
		p.printf("\nNot judged\n")
	}
	for _, what := range c.NotJudged {
		p.indented("  ", what)
	}
	p.printf("\n%d payloads, %d requirements, %d readings: parley specs show %s payloads|requirements|readings\n",
		len(c.Payloads), len(c.Requirements), len(c.Readings), c.OnLine())
	p.printf("One of them in full:                     parley specs show %s %s\n", c.OnLine(), names(c)[0])
}

func (p *page) operations(title string, list []*specs.Operation) {
	p.printf("%s\n", title)
	for _, o := range list {
		p.printf("  %-28s %s  [%s]\n", o.Name(), o.Summary, cmp.Or(o.Evidence.Class, "unmarked"))
	}
	if len(list) == 0 {
		p.printf("  none\n")
	}
}

func (p *page) payloads() {
	p.printf("Payloads (one JSON Schema each)\n")
	for _, name := range p.c.PayloadNames() {
		payload := p.c.Payloads[name]
		p.printf("  %-28s %s  (samples: %d)\n", name, payload.Title(), len(payload.Samples))
	}
}

func (p *page) requirements() {
	p.printf("Requirements\n")
	for _, r := range p.c.Requirements {
		p.requirementLine(r)
	}
}

func (p *page) requirementLine(r specs.Requirement) {
	note := ""
	if r.Excluded != "" {
		note = " (no check)"
	}
	p.printf("  %-18s %s binds the %s [%s]%s\n", r.ID, r.Level, r.Binds, r.Evidence, note)
	p.indented("      ", r.Text)
}

func (p *page) readings() {
	p.printf("Readings (where the documents are silent or contradict each other; --reading ID=option switches)\n")
	for _, r := range p.c.Readings {
		chosen := p.c.Chosen(r.ID)
		if r.Harmless != "" {
			chosen = "harmless"
		}
		p.printf("  %-14s %s\n", r.ID, chosen)
		p.indented("      ", r.Question)
	}
}
