package validator

import (
	"cmp"
	"maps"
	"slices"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Guess returns the payloads that fit a document best, more than one when they
// fit equally well, none when nothing of it is known. Fixed values (such as a
// type) count most, then the number of errors, then that of unknown keys.
func (v *Validator) Guess(d *Document) []string { return v.guess(v.payloadNames(), d) }

// guess is Guess among some payloads.
func (v *Validator) guess(names []string, d *Document) []string {
	object, ok := d.Value().(map[string]any)
	if !ok {
		return nil
	}
	var best []string
	var top fit
	for _, name := range names {
		p := v.payload(name)
		if p == nil {
			continue
		}
		one, ok := p.fit(d, object)
		if !ok {
			continue
		}
		switch order := one.compare(top); {
		case best == nil || order < 0:
			best, top = []string{name}, one
		case order == 0:
			best = append(best, name)
		}
	}
	return best
}

// fit tells how well a document fits a payload; smaller is better.
type fit struct{ constants, errors, unknown, known int }

func (a fit) compare(b fit) int {
	return cmp.Or(cmp.Compare(b.constants, a.constants), cmp.Compare(a.errors, b.errors),
		cmp.Compare(a.unknown, b.unknown), cmp.Compare(b.known, a.known))
}

// fit is false when the payload knows none of the document's keys.
func (p *payload) fit(d *Document, object map[string]any) (fit, bool) {
	var f fit
	nodes := p.graph.applicable(viewOf(object))
	for key := range object {
		if below, described := member(nodes, key, viewOf(object[key])); described && len(below) > 0 {
			f.known++
		}
	}
	if f.known == 0 {
		return f, false
	}
	for _, constant := range p.constants() {
		given, _ := object[constant.Property].(string)
		switch {
		case given == constant.Value:
			f.constants += 3
		case near.Is(given, constant.Value):
			f.constants++
		}
	}
	drafts, _ := p.judge(d)
	for _, one := range drafts {
		if one.Severity.AtLeast(traffic.Error) {
			f.errors++
		} else {
			f.unknown++
		}
	}
	return f, true
}

// constants returns the strings that the payload fixes at its top level, whatever
// else a body holds.
func (p *payload) constants() []specs.Selector { return p.graph.constants() }

func (n *node) constants() []specs.Selector {
	var fixed []specs.Selector
	for _, key := range slices.Sorted(maps.Keys(n.properties)) {
		if value, ok := n.properties[key].constant.(string); ok {
			fixed = append(fixed, specs.Selector{Property: key, Value: value})
		}
	}
	for _, next := range n.allOf {
		fixed = append(fixed, next.constants()...)
	}
	return append(append(fixed, inAll(n.oneOf)...), inAll(n.anyOf)...)
}

// inAll are the constants that all alternatives have.
func inAll(alternatives []*node) []specs.Selector {
	var common []specs.Selector
	for i, next := range alternatives {
		own := next.constants()
		if i == 0 {
			common = own
		}
		common = slices.DeleteFunc(common, func(s specs.Selector) bool { return !slices.Contains(own, s) })
	}
	return common
}

// Select chooses among operations that share method and path, or among events,
// by the property that tells them apart. Where none fits, it returns nil and a
// finding; where several fit, the one whose payload fits best.
func (v *Validator) Select(candidates []*specs.Operation, d *Document) (*specs.Operation, []traffic.Finding) {
	if len(candidates) == 1 && candidates[0].Selector == (specs.Selector{}) {
		return candidates[0], nil
	}
	var few [4]*specs.Operation // as nearly always
	fitting := v.fitting(few[:0], candidates, d)
	switch len(fitting) {
	case 0:
		return nil, v.unselected(candidates, d)
	case 1:
		return fitting[0], nil
	}
	return v.fittest(fitting, d), nil
}

// fitting appends the candidates of which a document has the values that tell them from
// others.
func (v *Validator) fitting(to, candidates []*specs.Operation, d *Document) []*specs.Operation {
	for _, o := range candidates {
		if v.selects(o, d) {
			to = append(to, o)
		}
	}
	return to
}

// fittest is the one whose payload fits a document best; there is at least one.
func (v *Validator) fittest(fitting []*specs.Operation, d *Document) *specs.Operation {
	var names []string
	for _, o := range fitting {
		names = append(names, payloadIn(o, d))
	}
	slices.Sort(names)
	guessed := v.guess(slices.Compact(names), d)
	for _, o := range fitting {
		if slices.Contains(guessed, payloadIn(o, d)) {
			return o
		}
	}
	return fitting[0]
}

// selects tells whether a document has the values that tell an operation from others.
func (v *Validator) selects(o *specs.Operation, d *Document) bool {
	if o.Selector != (specs.Selector{}) {
		return d.hasMember(o.Selector)
	}
	return !slices.ContainsFunc(v.selectors(o, d), func(s specs.Selector) bool { return !d.hasMember(s) })
}

// selectors are an operation's own, or the constants of the payload that it has in the
// content type of a document.
func (v *Validator) selectors(o *specs.Operation, d *Document) []specs.Selector {
	if o.Selector != (specs.Selector{}) {
		return []specs.Selector{o.Selector}
	}
	if p := v.payload(payloadIn(o, d)); p != nil {
		return p.constants()
	}
	return nil
}

// payloadIn is the payload of an operation in the content type of a document that is a
// form; of any other type it is the first that the contract has.
func payloadIn(o *specs.Operation, d *Document) string {
	if d == nil || d.kind == "" {
		return o.Payload
	}
	return cmp.Or(o.Body(d.kind), o.Payload)
}

func (v *Validator) unselected(candidates []*specs.Operation, d *Document) []traffic.Finding {
	var property string
	var values []string
	for _, o := range candidates {
		for _, s := range v.selectors(o, d) {
			property, values = s.Property, append(values, s.Value)
		}
	}
	if len(candidates) == 0 || property == "" {
		return []traffic.Finding{finding("operation.unknown", traffic.Finding{Expected: "an operation of the contract", Actual: "none that fits"})}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	f := finding("operation.unknown", traffic.Finding{Pointer: "/" + jsonpointer.Escape(property), Expected: plural.List(values, "or"), Actual: "nothing"})
	given, ok := d.Lookup(f.Pointer)
	if ok {
		f.Actual = actual(given)
		if text, isText := given.(string); isText {
			f.Hint = near.DidYouMean(text, values)
		}
	} else if object, isObject := d.Value().(map[string]any); isObject {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if near.Is(property, key) {
				f.Actual, f.Hint = `"`+shorten(key)+`"`, nearHint(property, key)
			}
		}
	}
	if !d.readable() {
		f.Hint = "the body could not be read, so nothing tells which of them is meant"
	}
	return v.report(nil, d, append(draftsOf(d.Findings), draft{Finding: f, place: f.Pointer}), 0)
}
