package generate

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
)

func (v *vendor) payloads() string {
	var p Page
	v.title(&p, "payloads")
	p.Paragraph("Each body has one JSON Schema and its samples. `parley specs export %s --out contract` writes them as files.", v.c.ID)
	used := v.usedBy()
	contents(&p, v.c.PayloadNames(), folder)
	for _, name := range v.c.PayloadNames() {
		v.payload(&p, v.c.Payloads[name], used[name])
	}
	return p.Text()
}

// folder is the one of a payload, and its name there.
func folder(name string) (of, short string) {
	of, short, _ = strings.Cut(name, "/")
	return of, short
}

func (v *vendor) payload(p *Page, payload *specs.Payload, used []string) {
	p.Heading(2, payload.Name)
	p.Paragraph("%s", v.prose(payload.Title()))
	p.Paragraph("%s", v.prose(payload.Description()))
	if len(used) > 0 {
		p.Paragraph("Body of %s.", v.links(used...))
	}
	p.Paragraph("Its %s has all that is demanded.", Link("JSON Schema", path.Join(v.home, payload.File)))
	var rows [][]string
	for _, f := range v.c.Fields(payload.Name) {
		about := v.prose(f.Description)
		if f.Requirement != "" {
			about += " " + v.links(f.Requirement)
		}
		rows = append(rows, []string{Code(f.Pointer), Prose(f.Type) + ", " + needed(f.Required), about, v.class(f.Evidence.Class)})
	}
	p.Table([]string{"place", "type", "meaning", "evidence"}, rows)
	v.affecting(p, payload.Name)
	for _, s := range payload.Samples {
		source := v.class(s.Evidence)
		if s.Source != "" {
			key, _, _ := strings.Cut(s.Source, "#")
			source += ", " + linked(Prose(cmp.Or(v.c.Sources[key].Title, s.Source)), v.c.Link(s.Source))
		}
		p.Paragraph("Sample %s (%s)", Code(s.Name), source)
		var notes []string
		for _, note := range slices.Concat(s.Repairs, s.Replaced) {
			notes = append(notes, "Repaired: "+v.prose(note))
		}
		p.List(notes...)
		p.Fence("json", string(s.Body))
	}
}

// usedBy are the operations and events of a payload, as their bodies or in an answer.
func (v *vendor) usedBy() map[string][]string {
	used := map[string][]string{}
	note := func(payload, name string) {
		if payload != "" && !slices.Contains(used[payload], name) {
			used[payload] = append(used[payload], name)
		}
	}
	for _, o := range slices.Concat(v.c.Operations, v.c.Events) {
		note(o.Payload, o.Name())
		for _, payload := range o.Bodies {
			note(payload, o.Name())
		}
		for _, status := range answers(o) {
			note(o.Responses[status].Payload, o.Name())
			for _, payload := range o.Responses[status].Bodies {
				note(payload, o.Name())
			}
		}
	}
	return used
}
