package generate

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
)

func (v *vendor) operations(title, who string, list []*specs.Operation) string {
	var p Page
	v.title(&p, strings.ToLower(title))
	p.Paragraph("%s", Prose(who))
	if len(list) == 0 {
		p.Paragraph("The contract documents none.")
	}
	var names []string
	for _, o := range list {
		names = append(names, o.ID)
	}
	contents(&p, names, func(id string) (string, string) { return "", id })
	for _, o := range list {
		v.operation(&p, o)
	}
	return p.Text()
}

func (v *vendor) operation(p *Page, o *specs.Operation) {
	p.Heading(2, o.ID)
	p.Paragraph("%s.", strings.TrimSuffix(v.prose(o.Summary), "."))
	request := strings.TrimSpace(o.Method + " " + o.Path)
	if o.Event {
		request += " to your webhook"
	}
	p.Fence("http", request)
	v.evidence(p, o.Evidence)
	p.Paragraph("%s", v.prose(o.Description))
	if o.Selector.Property != "" {
		p.Paragraph("Told apart from others there by %s, which is %s.", Code(o.Selector.Property), Code(o.Selector.Value))
	}
	if body := v.bodies(o.Payload, o.Bodies); body != "" {
		needed := "may have one"
		if o.BodyRequired {
			needed = "must have one"
		}
		p.Paragraph("Body: %s (%s), as %s.", body, needed, cmp.Or(codes(o.ContentTypes), "no documented content type"))
	}
	v.parameters(p, o)
	var rows [][]string
	for _, status := range answers(o) {
		r := o.Responses[status]
		rows = append(rows, []string{specs.StatusName(status), v.prose(r.Description), cmp.Or(v.bodies(r.Payload, r.Bodies), "none documented"), v.class(r.Evidence.Class)})
	}
	p.Paragraph("Answers:")
	p.Table([]string{"status", "meaning", "body", "evidence"}, rows)
	rows = nil
	for _, id := range o.Requirements {
		if r, ok := v.c.Requirement(id); ok {
			rows = append(rows, v.requirementRow(r))
		}
	}
	if len(rows) > 0 {
		p.Paragraph("Requirements:")
		p.Table(requirementHead, rows)
	}
	v.affecting(p, o.Name(), o.Payload)
}

// answers are the statuses of an operation, the one for all others last.
func answers(o *specs.Operation) []int {
	statuses := o.Answers()
	if _, ok := o.Responses[specs.AnyStatus]; ok {
		statuses = append(statuses, specs.AnyStatus)
	}
	return statuses
}

func codes(list []string) string {
	var all []string
	for _, one := range list {
		all = append(all, Code(one))
	}
	return strings.Join(all, ", ")
}

// bodies leads to the payloads of a body, by content type where these have different
// ones.
func (v *vendor) bodies(payload string, byType map[string]string) string {
	if len(byType) == 0 {
		return v.payloadLink(payload)
	}
	var list []string
	for _, kind := range sorted(byType) {
		list = append(list, Code(kind)+": "+cmp.Or(v.payloadLink(byType[kind]), "no schema"))
	}
	return strings.Join(list, ", ")
}

func (v *vendor) parameters(p *Page, o *specs.Operation) {
	var rows [][]string
	for _, one := range o.Parameters {
		evidence := v.class(one.Evidence.Class)
		if of := one.OfValues.Class; of != "" && of != one.Evidence.Class {
			evidence += ", its values " + string(of)
		}
		about := strings.TrimSpace(v.prose(one.Description) + " " + v.demands(one))
		rows = append(rows, []string{Code(one.Name), one.In, one.Type() + ", " + needed(one.Required), about, evidence})
	}
	if len(rows) > 0 {
		p.Paragraph("Parameters:")
		p.Table([]string{"name", "in", "type", "meaning", "evidence"}, rows)
	}
}

// demands are what the schema of a parameter says beyond its type.
func (v *vendor) demands(one specs.Parameter) string {
	var list []string
	for _, key := range sorted(one.Schema) {
		text, err := json.Marshal(one.Schema[key])
		if err != nil || strings.HasPrefix(key, "x-") || slices.Contains([]string{"type", "title", "description", "$comment"}, key) {
			continue
		}
		shown := Code(key + ": " + string(text))
		if slices.Contains(one.Assumed, key) {
			shown += " (assumed)"
		}
		list = append(list, shown)
	}
	if one.Requirement != "" {
		list = append(list, v.links(one.Requirement))
	}
	return strings.Join(list, ", ")
}

func needed(required bool) string {
	if required {
		return "required"
	}
	return "optional"
}
