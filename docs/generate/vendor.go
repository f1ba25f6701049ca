package generate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/internal/markdown/links"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// vendor is what the pages about one contract are made of.
type vendor struct {
	c      *specs.Contract
	home   string // the folder of the contract, from the page's
	suites []conformance.Suite
	plan   []conformance.Planned
	where  map[string][]string // the operations, events and payloads of a requirement
	named  map[string][]string // the codes of findings that name a requirement
}

// The pages of a vendor, all in one folder.
const (
	operationsPage   = "operations.md"
	eventsPage       = "events.md"
	payloadsPage     = "payloads.md"
	requirementsPage = "requirements.md"
	readingsPage     = "readings.md"
	checksPage       = "checks.md"
	codesPage        = "codes.md"
)

// Vendor writes the pages about a contract, by their names, with what the README in its
// folder tells, and the codes that name its requirements.
func Vendor(c *specs.Contract, readme string, named map[string][]string) (map[string]string, error) {
	v := &vendor{c: c, home: "../../../../specs/" + c.ID, where: c.Belonging(), named: named}
	var own []conformance.Suite
	if suites := vendors.Of(c.ID).Suites; suites != nil {
		own = suites()
	}
	v.suites = generated.Suites(c, own...)
	var err error
	if v.plan, err = conformance.Plan(c, v.suites, nil, nil); err != nil {
		return nil, err
	}
	overview, err := v.overview(readme)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"index.md":       overview,
		operationsPage:   v.operations("Operations", fmt.Sprintf("Your integration calls %s.", c.Name), c.Operations),
		eventsPage:       v.operations("Events", fmt.Sprintf("%s calls your webhook.", c.Name), c.Events),
		payloadsPage:     v.payloads(),
		requirementsPage: v.requirements(),
		readingsPage:     v.readings(),
		checksPage:       v.checks(),
		codesPage:        v.codes(),
	}, nil
}

// title begins a page and leads to the others.
func (v *vendor) title(p *Page, title string) {
	p.Heading(1, v.c.Name+": "+title)
	p.Paragraph("%s · %s · %s · %s · %s · %s · %s · %s · %s", Link("Overview", "index.md"), Link("operations", operationsPage), Link("events", eventsPage),
		Link("payloads", payloadsPage), Link("requirements", requirementsPage), Link("readings", readingsPage), Link("checks", checksPage), Link("finding codes", codesPage), Link("what evidence is", "../../../explanation/evidence.md"))
}

// contents lead to the headings of a page, a line per group of them.
func contents(p *Page, names []string, group func(name string) (of, short string)) {
	var order []string
	short := map[string][]string{}
	for _, name := range names {
		of, text := group(name)
		if short[of] == nil {
			order = append(order, of)
		}
		short[of] = append(short[of], Link(text, "#"+links.Anchor(name)))
	}
	var lines []string
	for _, of := range order {
		lines = append(lines, strings.TrimPrefix(of+": ", ": ")+strings.Join(short[of], " · "))
	}
	p.List(lines...)
}

// delivery is what is known of how events come.
func (v *vendor) delivery(p *Page) {
	if len(v.c.Events) == 0 {
		return
	}
	d := v.c.Delivery
	attempts := "unspecified"
	if d.Attempts > 0 {
		attempts = fmt.Sprint(d.Attempts)
	}
	p.Heading(2, "How events are delivered")
	rows := [][]string{
		{"time for an answer", cmp.Or(d.Timeout, "unspecified")}, {"attempts", attempts}, {"pause between them", cmp.Or(d.Backoff, "unspecified")},
		{"statuses that end it well", cmp.Or(strings.Trim(strings.Join(strings.Fields(fmt.Sprint(d.Success)), ", "), "[]"), "unspecified")},
	}
	if v.c.Signature != nil {
		rows = append(rows, []string{"signature", Prose(fmt.Sprint(v.c.Signature)) + ", " + v.class(v.c.Signature.Evidence.Class)})
	}
	p.Table([]string{"what", "as the contract has it"}, rows)
	v.evidence(p, d.Evidence)
}

func (v *vendor) evidenceRows() [][]string {
	var rows [][]string
	for _, class := range []specs.Class{specs.Documented, specs.Observed, specs.Assumed} {
		requirements, readings := 0, 0
		for _, r := range v.c.Requirements {
			if r.Evidence == class {
				requirements++
			}
		}
		for _, r := range v.c.Readings {
			if r.Harmless == "" && r.Evidence == class {
				readings++
			}
		}
		rows = append(rows, []string{string(class), fmt.Sprint(requirements), fmt.Sprint(readings)})
	}
	return rows
}

// checksOf are those that decide a requirement.
func (v *vendor) checksOf(id string) []string {
	var links []string
	for _, one := range v.plan {
		if slices.Contains(one.Requirements, id) {
			links = append(links, v.checkLink(one.ID))
		}
	}
	return links
}
