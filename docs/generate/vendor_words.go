package generate

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/markdown/links"
	"github.com/parleykit/parley/specs"
)

var identifier = regexp.MustCompile(`\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b`)

// prose is a text of the contract, in which the IDs of requirements and readings lead to
// them.
func (v *vendor) prose(text string) string {
	return identifier.ReplaceAllStringFunc(Prose(strings.ReplaceAll(text, "`", `"`)), func(id string) string {
		return cmp.Or(v.link(id, id), id)
	})
}

// link leads to what has a name in the contract: an operation, an event, a payload, a
// requirement, a reading, or with a text of "" under its own name; "" where there is none.
func (v *vendor) link(name, text string) string {
	page, heading := "", name
	if o := v.c.Operation(name); o != nil {
		page, heading = operationsPage, o.ID
		if o.Event {
			page = eventsPage
		}
	} else if _, ok := v.c.Payloads[name]; ok {
		page = payloadsPage
	} else if _, ok := v.c.Requirement(name); ok {
		page = requirementsPage
	} else if slices.ContainsFunc(v.c.Readings, func(r specs.Reading) bool { return r.ID == name }) {
		page = readingsPage
	} else {
		return ""
	}
	return Link(cmp.Or(text, name), page+"#"+links.Anchor(heading))
}

// payloadLink leads to a payload, which may have the name of an operation.
func (v *vendor) payloadLink(name string) string {
	if name == "" {
		return ""
	}
	return Link(name, payloadsPage+"#"+links.Anchor(name))
}

// links lead to what has these names, separated by commas; a name of nothing stands as
// it is.
func (v *vendor) links(names ...string) string {
	var list []string
	for _, name := range names {
		list = append(list, cmp.Or(v.link(name, name), Code(name)))
	}
	return strings.Join(list, ", ")
}

func (v *vendor) checkLink(id string) string {
	return Link(strings.TrimPrefix(id, v.c.ID+"/"), checksPage+"#"+links.Anchor(id))
}

func (v *vendor) class(class specs.Class) string { return cmp.Or(string(class), "unmarked") }

// evidence says what says so: the class, the page, and its sentence.
func (v *vendor) evidence(p *Page, e specs.Evidence) {
	text := "Evidence: " + v.class(e.Class)
	if e.Source != "" {
		key, section, _ := strings.Cut(e.Source, "#")
		text += ", " + linked(Prose(cmp.Or(v.c.Sources[key].Title, key)), v.c.Link(e.Source))
		if section != "" {
			text += ", section " + Code(section)
		}
	}
	p.Paragraph("%s.", text)
	p.Quote(e.Quote)
}

func linked(text, address string) string {
	if address == "" {
		return text
	}
	return Link(text, address)
}

// affecting lists the readings on which things of these names depend, with the option in
// force.
func (v *vendor) affecting(p *Page, names ...string) {
	var list []string
	for _, r := range v.c.Affecting(names...) {
		list = append(list, v.link(r.ID, r.ID)+" ("+Code(v.c.Chosen(r.ID))+"): "+v.prose(r.Question))
	}
	if len(list) > 0 {
		p.Paragraph("Depends on readings:")
		p.List(list...)
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
