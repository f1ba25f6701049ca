package generate

import (
	"fmt"

	"github.com/parleykit/parley/specs"
)

// Index leads to all that the reference has.
func Index(contracts []*specs.Contract) string {
	var p Page
	p.Heading(1, "Reference")
	p.Paragraph("These pages are written by the program itself, and a test compares them with it.")
	p.List(
		Link("Commands", "commands/index.md")+" with flags, defaults, examples and exit codes",
		Link("Exit codes", "commands/exit-codes.md")+" of all commands",
		Link("Settings in parley.yaml", "config/index.md")+", and its JSON Schema",
		Link("Output formats", "commands/formats.md")+": which command writes which, with a sample of each",
		Link("JSON Schemas", "schemas.md")+" of what is written and read",
		Link("Finding codes", "findings.md")+" with examples",
		Link("Faults", "faults.md")+", each with what one sees",
		Link("Control API", "control-api/index.md")+" with every path, its bodies and answers",
	)
	p.Heading(2, "Vendors")
	p.Paragraph("All that the pages of a vendor say, sentence by sentence, with what says so, where they are silent, and what judges it.")
	var rows [][]string
	for _, c := range contracts {
		folder := "vendors/" + c.ID + "/"
		rows = append(rows, []string{
			Link(Prose(c.Title), folder+"index.md"), Link(fmt.Sprint(len(c.Operations)), folder+operationsPage), Link(fmt.Sprint(len(c.Events)), folder+eventsPage),
			Link(fmt.Sprint(len(c.Payloads)), folder+payloadsPage), Link(fmt.Sprint(len(c.Requirements)), folder+requirementsPage),
			Link(fmt.Sprint(len(c.Readings)), folder+readingsPage), Link("checks", folder+checksPage),
		})
	}
	p.Table([]string{"contract", "operations", "events", "payloads", "requirements", "readings", "checks"}, rows)
	return p.Text()
}
