package validator

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// stand is what stands in a document's value for a part that has none there.
type stand int8

const (
	ofFile   stand = iota + 1 // as many characters as the file has bytes
	ofUnread                  // nothing: the part is broken JSON, which is a finding of its own
)

// typedParts is a multipart body with each part read as its property's schema has it:
// text as that of a form, objects as JSON, and a file as a text of its length.
func (p *payload) typedParts(d *Document) *Document {
	next := *d
	next.Findings, next.stands = slices.Clone(d.Findings), map[string]stand{}
	nodes := p.graph.applicable(viewOf(anything{}))
	texts := url.Values{} // of parts that may be written in a style
	for name, parts := range d.parts {
		for _, one := range parts {
			texts.Add(name, string(one.text))
		}
	}
	object := next.styledParts(nodes, texts)
	for name := range texts {
		below, _ := member(nodes, name, viewOf(anything{}))
		object[name] = next.named(below, "/"+jsonpointer.Escape(name), d.contentTypes(name), d.parts[name])
	}
	if d.Valid {
		next.value = object
	}
	return &next
}

// named is the value of the parts of one name: a list, where the schema has one there.
func (d *Document) named(nodes []*node, pointer, documented string, parts []part) any {
	kinds, items := kindsOf(nodes)
	for _, one := range parts {
		d.judgeKind(pointer, documented, one)
	}
	if !slices.Contains(kinds, "array") {
		if len(parts) > 1 {
			d.add(finding("form.duplicate-key", traffic.Finding{Pointer: pointer, Expected: "each name once", Actual: strconv.Itoa(len(parts)) + " times"}))
		}
		return d.part(nodes, kinds, pointer, documented, parts[0])
	}
	inside := element(nodes, 0, viewOf(anything{}))
	if first := parts[0]; len(parts) == 1 && bytes.HasPrefix(trimSpace(first.text), []byte("[")) &&
		(first.isJSON(documented) || !slices.Contains(items, "string")) && !slices.Contains(items, "array") {
		return d.json(pointer, first) // the whole list in one part
	}
	list := make([]any, len(parts))
	for i, one := range parts {
		list[i] = d.part(inside, items, pointer+"/"+strconv.Itoa(i), documented, one)
	}
	return list
}

// part is the value of one part.
func (d *Document) part(nodes []*node, kinds []string, pointer, documented string, one part) any {
	switch text := string(one.text); {
	case traffic.Hidden(text):
		return text
	case slices.ContainsFunc(nodes, func(n *node) bool { return n.file }):
		d.stands[pointer] = ofFile
		return strings.Repeat(".", len(one.text))
	case one.isJSON(documented), isStructured(nodes, kinds):
		return d.json(pointer, one)
	default:
		return decodeAs(kinds, text)
	}
}

// isJSON reports whether a part is said to be JSON, by itself or by the contract.
func (one part) isJSON(documented string) bool {
	given := one.kind
	if given == "" {
		given, _, _ = strings.Cut(documented, ",")
	}
	return strings.Contains(given, "json") && specs.MediaOf(given) == specs.JSON
}

// isStructured reports whether a schema describes what no text can be.
func isStructured(nodes []*node, kinds []string) bool {
	if slices.Contains(kinds, "string") {
		return false
	}
	return slices.Contains(kinds, "object") || slices.Contains(kinds, "array") ||
		slices.ContainsFunc(nodes, func(n *node) bool { return len(n.properties) > 0 || n.items != nil })
}

// json reads a part as JSON. What is wrong with its text is a finding of the part; lines
// would be those of the part, and are left out.
func (d *Document) json(pointer string, one part) any {
	inside := Decode(one.text)
	for _, f := range inside.Findings {
		f.Pointer, f.Line, f.Column = pointer+f.Pointer, 0, 0
		d.add(f)
	}
	d.leftOut, d.extreme = d.leftOut+inside.leftOut, d.extreme || inside.extreme
	if !inside.readable() {
		d.stands[pointer] = ofUnread
	}
	return inside.Value()
}

// textType is that of a part without a Content-Type (RFC 7578, section 4.4).
const textType = "text/plain"

// judgeKind compares the Content-Type of a part with those that its encoding documents.
func (d *Document) judgeKind(pointer, documented string, one part) {
	kinds := strings.FieldsFunc(documented, func(r rune) bool { return r == ',' || r == ' ' })
	given := one.kind
	if given == "" {
		given = textType
	}
	if len(kinds) == 0 || traffic.Hidden(given) || specs.BestMedia(kinds, given) != "" {
		return
	}
	f := finding("multipart.content-type", traffic.Finding{Pointer: pointer, Expected: plural.List(kinds, "or"), Actual: shorten(given)})
	if one.kind == "" {
		f.Severity, f.Actual = traffic.Warn, "nothing, which is "+textType
	}
	d.add(f)
}

// standsIn reports whether a finding is about what stands for a part that has no value.
// Of a file the schema says how long it may be, and nothing else can be judged.
func (d *Document) standsIn(f traffic.Finding) bool {
	aboutLength := f.Code == "body.min-length" || f.Code == "body.max-length"
	aboutKey := f.Code == "body.additional-key" || f.Code == "body.unknown-key" || f.Code == "body.key-name"
	return !aboutKey && (d.stands[f.Pointer] == ofUnread || d.stands[f.Pointer] == ofFile && !aboutLength)
}
