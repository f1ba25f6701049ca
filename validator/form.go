package validator

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/traffic"
)

// DecodeForm reads an application/x-www-form-urlencoded body: an object whose
// values are all strings, until a payload's schema says otherwise. A key that is sent
// twice is a finding, and the first value counts, unless the schema has a list there.
func DecodeForm(body []byte) *Document {
	d := &Document{raw: body, form: true}
	values, err := pairs.Parse(string(body))
	if err != nil {
		d.add(finding("form.syntax", traffic.Finding{
			Expected: "name=value pairs joined by &, percent-encoded",
			Actual:   shorten(err.Error()),
			Hint:     "encode % as %25 and & as %26 inside values, and join pairs with & only",
		}))
	}
	object := make(map[string]any, len(values))
	for key, all := range values {
		object[key] = all[0]
		if len(all) > 1 {
			d.add(finding("form.duplicate-key", traffic.Finding{
				Pointer: "/" + jsonpointer.Escape(key), Expected: "each name once", Actual: strconv.Itoa(len(all)) + " times",
			}))
		}
	}
	slices.SortFunc(d.Findings, func(a, b traffic.Finding) int { return strings.Compare(a.Pointer, b.Pointer) })
	d.value, d.Valid, d.fields = object, err == nil, values
	return d
}

// typed is a form with its values read as the payload's schema has them: numbers and
// booleans are such, and a name that is sent twice is a list where the schema has one.
// Any other document stays as it is.
func (p *payload) typed(d *Document) *Document {
	if d.parts != nil {
		return p.typedParts(d)
	}
	if d.fields == nil {
		return d
	}
	next := *d
	next.stands = map[string]stand{}
	fields := maps.Clone(d.fields)
	nodes := p.graph.applicable(viewOf(anything{}))
	object := next.styled(nodes, fields)
	for name, texts := range fields {
		object[name] = fieldOf(nodes, name, texts)
		if _, isList := object[name].([]any); isList {
			next.withoutDuplicates(name)
		}
	}
	if value, ok := d.value.(map[string]any); ok && len(value) == len(d.fields) {
		next.value = object
	}
	return &next
}

// kindsOf are the types that nodes allow a value, and the items of a list.
func kindsOf(nodes []*node) (kinds, items []string) {
	for _, n := range nodes {
		kinds, items = n.kinds(kinds, items)
	}
	return textLast(kinds), textLast(items)
}

// kinds adds the types that a node allows a value, and the items of a list.
func (n *node) kinds(kinds, items []string) (ofValue, ofItems []string) {
	kinds = append(kinds, n.types...)
	if len(n.types) == 0 { // what is listed has a type
		if n.hasConst {
			kinds = append(kinds, valuepath.Type(n.constant))
		}
		if n.limits != nil {
			for _, one := range n.limits.enum {
				kinds = append(kinds, valuepath.Type(one))
			}
		}
	}
	if n.items != nil {
		items, _ = n.items.kinds(items, nil)
	}
	for _, next := range slices.Concat(n.allOf, n.oneOf, n.anyOf) {
		kinds, items = next.kinds(kinds, items)
	}
	return kinds, items
}

// textLast puts the type string behind the others, because any text is one.
func textLast(kinds []string) []string {
	slices.SortStableFunc(kinds, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case b == "string":
			return -1
		case a == "string":
			return 1
		}
		return 0
	})
	return kinds
}

// takesText tells whether a schema can be that of a text.
func (n *node) takesText() bool {
	if n.never || len(n.types) > 0 && !slices.Contains(n.types, "string") || len(n.types) == 0 && len(n.properties) > 0 {
		return false
	}
	takes := (*node).takesText
	refuses := func(n *node) bool { return !n.takesText() }
	return !slices.ContainsFunc(n.allOf, refuses) &&
		(len(n.anyOf) == 0 || slices.ContainsFunc(n.anyOf, takes)) && (len(n.oneOf) == 0 || slices.ContainsFunc(n.oneOf, takes))
}
