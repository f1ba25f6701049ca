package generate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// vendor is what the pages about one contract are made of.
type vendor struct {
	c      *specs.Contract
	suites []conformance.Suite
	plan   []conformance.Planned
	where  map[string][]string // the operations, events and payloads of a requirement
}

// The pages of a vendor, all in one folder.
const (
	operationsPage   = "operations.md"
	eventsPage       = "events.md"
	payloadsPage     = "payloads.md"
	requirementsPage = "requirements.md"
	readingsPage     = "readings.md"
	checksPage       = "checks.md"
)

// Vendor writes the pages about a contract, by their names.
func Vendor(c *specs.Contract) (map[string]string, error) {
	v := &vendor{c: c, where: c.Belonging()}
	var own []conformance.Suite
	if suites := vendors.Of(c.ID).Suites; suites != nil {
		own = suites()
	}
	v.suites = generated.Suites(c, own...)
	var err error
	if v.plan, err = conformance.Plan(c, v.suites, nil, nil); err != nil {
		return nil, err
	}
	return map[string]string{
		"index.md":       v.overview(),
		operationsPage:   v.operations("Operations", fmt.Sprintf("Your integration calls %s.", c.Name), c.Operations),
		eventsPage:       v.operations("Events", fmt.Sprintf("%s calls your webhook.", c.Name), c.Events),
		payloadsPage:     v.payloads(),
		requirementsPage: v.requirements(),
		readingsPage:     v.readings(),
		checksPage:       v.checks(),
	}, nil
}

// title begins a page and leads to the others.
func (v *vendor) title(p *Page, title string) {
	p.Heading(1, v.c.Name+": "+title)
	p.Paragraph("%s · %s · %s · %s · %s · %s · %s", Link("Overview", "index.md"), Link("operations", operationsPage), Link("events", eventsPage),
		Link("payloads", payloadsPage), Link("requirements", requirementsPage), Link("readings", readingsPage), Link("checks", checksPage))
}

func (v *vendor) overview() string {
	var p Page
	v.title(&p, "overview")
	p.Paragraph("%s: %s and %s; %s, %s where the pages are silent or contradict each other, and %s that judge a partner. `parley` calls the contract %s.",
		Prose(v.c.Title), plural.Of(len(v.c.Operations), "operation"), plural.Of(len(v.c.Events), "event"), plural.Of(len(v.c.Requirements), "requirement"),
		plural.Of(len(v.c.Readings), "reading"), plural.Of(len(v.plan), "check"), Code(v.c.ID))
	p.Heading(2, "Sources")
	var sources []string
	for _, key := range sorted(v.c.Sources) {
		s := v.c.Sources[key]
		sources = append(sources, Code(key)+": "+linked(Prose(s.Title), s.URL))
	}
	p.List(sources...)
	p.Heading(2, "What your integration calls")
	p.Table([]string{"operation", "request", "what it does", "evidence"}, v.overviewRows(v.c.Operations))
	if len(v.c.Events) > 0 {
		p.Heading(2, "What calls your webhook")
		p.Table([]string{"event", "request", "what it says", "evidence"}, v.overviewRows(v.c.Events))
	}
	v.delivery(&p)
	p.Heading(2, "What says so")
	p.Table([]string{"evidence", "requirements", "readings"}, v.evidenceRows())
	p.Paragraph("*Documented* is what a page of %s states, with its sentence. *Observed* was seen in a sample, in public code or in a client. *Assumed* is ours, because nothing says it: it never fails a partner.", Prose(v.c.Name))
	if len(v.c.NotJudged) > 0 {
		p.Heading(2, "Not judged")
		var list []string
		for _, what := range v.c.NotJudged {
			list = append(list, v.prose(what))
		}
		p.List(list...)
	}
	return p.Text()
}

func (v *vendor) overviewRows(list []*specs.Operation) [][]string {
	var rows [][]string
	for _, o := range list {
		rows = append(rows, []string{v.link(o.Name(), o.ID), Code(strings.TrimSpace(o.Method + " " + o.Path)), v.prose(o.Summary), v.class(o.Evidence.Class)})
	}
	return rows
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
