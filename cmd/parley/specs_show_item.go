package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
)

func (p *page) operation(o *specs.Operation) {
	p.printf("%s: %s\n", o.Name(), o.Summary)
	if o.Event {
		p.printf("  %s calls the partner: %s to the partner's webhook\n", p.c.Name, o.Method)
	} else {
		p.printf("  the partner calls %s: %s %s\n", p.c.Name, o.Method, o.Path)
	}
	if o.Selector.Property != "" {
		p.printf("  told apart from others there by %s = %q\n", o.Selector.Property, o.Selector.Value)
	}
	p.evidence(o.Evidence)
	p.paragraph(o.Description)
	p.parameters(o)
	p.printf("\nAnswers\n")
	statuses := o.Answers()
	if _, ok := o.Responses[specs.AnyStatus]; ok {
		statuses = append([]int{specs.AnyStatus}, statuses...)
	}
	for _, status := range statuses {
		r := o.Responses[status]
		body := cmp.Or(bodies(r.Payload, r.Bodies), "no body documented")
		shown := specs.StatusName(status)
		if status == specs.AnyStatus {
			shown = "any other"
		}
		p.printf("  %s  %s (%s) [%s]\n", shown, strings.TrimSpace(r.Description), body, cmp.Or(r.Evidence.Class, "unmarked"))
	}
	if len(o.Requirements) > 0 {
		p.printf("\nRequirements\n")
	}
	for _, id := range o.Requirements {
		if r, ok := p.c.Requirement(id); ok {
			p.requirementLine(r)
		}
	}
	if payload, ok := p.c.Payloads[o.Payload]; ok {
		p.printf("\n")
		p.payload(payload)
	}
	p.affecting(o.Name(), o.Payload)
}

// bodies names the payloads of a body, by content type where these have different ones.
func bodies(payload string, byType map[string]string) string {
	if len(byType) == 0 {
		return payload
	}
	var list []string
	for _, kind := range sortedKeys(byType) {
		list = append(list, kind+": "+cmp.Or(byType[kind], "no schema"))
	}
	return strings.Join(list, ", ")
}

func (p *page) parameters(o *specs.Operation) {
	if len(o.Parameters) > 0 {
		p.printf("\nParameters\n")
	}
	for _, one := range o.Parameters {
		evidence := cmp.Or(one.Evidence.Class, "unmarked")
		if of := one.OfValues.Class; of != "" && of != evidence {
			evidence += ", its values " + of
		}
		p.printf("  %-28s %-9s %-9s [%s]\n", one.In+":"+one.Name, one.Type(), needed(one.Required), evidence)
		p.indented("      ", one.Description)
		p.indented("      ", strings.Join(demands(one), ", "))
	}
}

// demands are what the schema of a parameter says beyond the type, and whose
// requirement it is.
func demands(one specs.Parameter) []string {
	var list []string
	for _, key := range sortedKeys(one.Schema) {
		if slices.Contains([]string{"type", "title", "description", "$comment", "x-evidence", "x-assumed", "x-requirement", "x-secret"}, key) {
			continue
		}
		text, err := json.Marshal(one.Schema[key])
		if err != nil {
			continue // it was JSON before
		}
		shown := strings.ReplaceAll(strings.TrimPrefix(key, "x-"), "-", " ") + " " + string(text)
		if slices.Contains(one.Assumed, key) {
			shown += " (assumed)"
		}
		list = append(list, shown)
	}
	if one.Requirement != "" {
		list = append(list, one.Requirement)
	}
	return list
}

func needed(required bool) string {
	if required {
		return "required"
	}
	return "optional"
}

func (p *page) payload(payload *specs.Payload) {
	p.printf("Payload %s: %s\n", payload.Name, payload.Title())
	p.paragraph(payload.Description())
	for _, f := range p.c.Fields(payload.Name) {
		p.printf("  %-28s %-9s %-9s [%s]\n", f.Pointer, f.Type, needed(f.Required), cmp.Or(f.Evidence.Class, "unmarked"))
		p.indented("      ", f.Description)
	}
	for _, s := range payload.Samples {
		p.printf("\nSample %s [%s] %s\n", s.Name, s.Evidence, s.Source)
		for _, note := range slices.Concat(s.Repairs, s.Replaced) {
			p.printf("  repaired: %s\n", note)
		}
		p.printf("%s\n", visible.Lines(strings.TrimSpace(string(s.Body))))
	}
}

func (p *page) requirement(r specs.Requirement) {
	p.printf("%s  %s binds the %s\n", r.ID, r.Level, r.Binds)
	p.indented("  ", r.Text)
	p.evidence(specs.Evidence{Class: r.Evidence, Source: r.Source, Quote: r.Quote})
	if r.Excluded != "" {
		p.printf("  no check: %s\n", r.Excluded)
	}
	p.affecting(r.ID)
}

func (p *page) reading(r specs.Reading) {
	p.printf("%s\n", r.ID)
	p.indented("  ", r.Question)
	for _, quote := range r.Quotes {
		p.printf("  quote: %q\n", quote)
	}
	if r.Harmless != "" {
		p.indented("  ", "harmless: "+r.Harmless)
		return
	}
	for _, name := range sortedKeys(r.Options) {
		mark := " "
		if name == p.c.Chosen(r.ID) {
			mark = "*"
		}
		p.printf("  %s %s\n", mark, name)
		p.indented("      ", r.Options[name].Text)
	}
	p.printf("  default: %s [%s]; switch with --reading %s=<option>\n", r.Default, r.Evidence, r.ID)
	if len(r.Affects) > 0 {
		p.indented("  ", "affects: "+strings.Join(r.Affects, ", "))
	}
}

func (p *page) evidence(e specs.Evidence) {
	p.printf("  evidence: %s", cmp.Or(e.Class, "unmarked"))
	if e.Source != "" {
		p.printf(", %s", e.Source)
	}
	if link := p.c.Link(e.Source); link != "" {
		p.printf(" (%s)", link)
	}
	p.printf("\n")
	if e.Quote != "" {
		p.printf("  quote: %q\n", e.Quote)
	}
}

func (p *page) paragraph(text string) { p.indented("  ", text) }

// pageWidth is how wide a page is printed where the terminal has room.
const pageWidth = 96

// indented prints text, if there is any, wrapped behind an indent.
func (p *page) indented(indent, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	for _, line := range terminal.Wrap(strings.Join(strings.Fields(text), " "), p.width-len(indent)) {
		p.printf("%s%s\n", indent, line)
	}
}

// affecting lists the readings on which something depends.
func (p *page) affecting(names ...string) {
	head := visible.Shown("\nDepends on readings\n")
	for _, r := range p.c.Affecting(names...) {
		p.printf("%s  %s = %s\n", head, r.ID, p.c.Chosen(r.ID))
		p.indented("      ", r.Question)
		head = ""
	}
}

// names is everything that show takes, apart from the lists.
func names(c *specs.Contract) []string {
	var all []string
	for _, o := range slices.Concat(c.Operations, c.Events) {
		all = append(all, o.Name())
	}
	all = append(all, c.PayloadNames()...)
	for _, r := range c.Requirements {
		all = append(all, r.ID)
	}
	for _, r := range c.Readings {
		all = append(all, r.ID)
	}
	return all
}

// nearest suggests names that contain what was asked for, or one that is spelled nearly so.
func nearest(asked string, all []string) string {
	var close []string
	for _, name := range all {
		if strings.Contains(strings.ToLower(name), strings.ToLower(asked)) && !slices.Contains(close, name) {
			close = append(close, name)
		}
	}
	if len(close) == 0 || len(close) > 8 {
		return near.Aside(asked, all)
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(close, ", "))
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
