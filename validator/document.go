package validator

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Document is one body, read once: its value, and what was wrong with the
// text itself. It refers to the body's bytes and must not outlive a change of
// them.
type Document struct {
	Valid    bool              // the text is exactly one JSON value, and UTF-8
	Findings []traffic.Finding // of the text alone: syntax, duplicate keys, encoding

	tape     *tape // of a text that nothing is wrong with; nil: value has what could be read
	value    any
	raw      []byte
	repairs  *repaired          // what Value was decoded from when the text itself is broken
	end      int                // of the value in the text it was read from
	utf8     bool               // so is that text
	form     bool               // decoded from a form or a text, so that there are no lines
	kind     string             // the Content-Type of one that is a form; "" where it has none
	plain    bool               // decoded as text
	fields   url.Values         // of a form, as they were sent
	parts    map[string][]part  // of a multipart form, by name
	encoding openapi3.Encodings // what the contract documents of how members of a form are written
	stands   map[string]stand   // by pointer
	extreme  bool               // holds a number that the schema compiler can't take
	leftOut  int                // findings of the text beyond maxFindings
}

// Value returns what the body says: map[string]any, []any, string, json.Number, bool or
// nil. It is made when it is first asked for, and the same for all who ask; for few
// values of a body, Lookup and Text cost less.
func (d *Document) Value() any {
	if d.tape != nil {
		return d.tape.whole()
	}
	return d.value
}

// view is the value as it is judged.
func (d *Document) view() view {
	if d.tape != nil {
		return view{tape: d.tape}
	}
	return viewOf(d.value)
}

// Empty reports whether the body has nothing but white space.
func (d *Document) Empty() bool { return len(trimSpace(d.raw)) == 0 }

// Repaired reports whether Value was read from a repaired text, because the text
// as sent is no JSON.
func (d *Document) Repaired() bool { return d.repairs != nil }

// readable reports whether Value holds what the body says.
func (d *Document) readable() bool { return d.Valid || d.value != nil }

// Lookup returns the value at a JSON pointer (RFC 6901); "" is the whole value.
func (d *Document) Lookup(pointer string) (any, bool) {
	found, ok := d.found(pointer)
	if ok && found.isLarge() { // not a copy of its own
		return valuepath.Pointer(d.Value(), pointer)
	}
	if !ok {
		return nil, false
	}
	return found.value(), true
}

// Text returns the string at a JSON pointer, or "" when there is none or it is
// no string.
func (d *Document) Text(pointer string) string {
	text, _ := d.String(pointer)
	return text
}

// String returns the string at a JSON pointer, and whether there is one.
func (d *Document) String(pointer string) (text string, ok bool) {
	found, ok := d.found(pointer)
	if !ok || found.kind() != '"' {
		return "", false
	}
	return strings.Clone(found.text()), true
}

// Peek is Text for a look: what it returns shares the memory of the body, and must not be
// kept.
func (d *Document) Peek(pointer string) string {
	found, ok := d.found(pointer)
	if !ok || found.kind() != '"' {
		return ""
	}
	return found.text()
}

// Says reports whether there is a string at a JSON pointer, and it is this one.
func (d *Document) Says(pointer, text string) bool {
	found, ok := d.found(pointer)
	return ok && found.kind() == '"' && found.text() == text
}

// Given reports whether there is a value at a JSON pointer, and it is not null.
func (d *Document) Given(pointer string) bool {
	found, ok := d.found(pointer)
	return ok && found.kind() != 'n'
}

// found is the view at a JSON pointer.
func (d *Document) found(pointer string) (view, bool) {
	if d == nil || !d.readable() {
		return view{}, false
	}
	return d.view().find(pointer)
}

// Element is one of a list in a document. It must not be kept.
type Element struct{ view view }

// Elements goes over the list at a JSON pointer, without a tree of what is in it;
// nothing where there is none.
func (d *Document) Elements(pointer string) iter.Seq[Element] {
	return func(yield func(Element) bool) {
		if d == nil || !d.readable() {
			return
		}
		found, _ := d.view().find(pointer)
		if found.kind() != '[' {
			return
		}
		for _, value := range found.elements {
			if !yield(Element{value}) {
				return
			}
		}
	}
}

// Text returns the string under a key of an element, or "" when there is none.
func (e Element) Text(key string) string {
	if value, ok := e.view.member(key); ok && value.kind() == '"' {
		return strings.Clone(value.text())
	}
	return ""
}

// Value returns what an element has under a key, nil when it has nothing there.
func (e Element) Value(key string) any {
	value, ok := e.view.member(key)
	if !ok {
		return nil
	}
	return value.value()
}

// hasMember tells whether the outermost object has a text under a key; "" is also that of
// a key that is missing, or has no text.
func (d *Document) hasMember(s specs.Selector) bool {
	value, ok := d.view().member(s.Property)
	if !ok || value.kind() != '"' {
		return s.Value == ""
	}
	return value.text() == s.Value
}

// DecodeBody reads a body by its Content-Type: as JSON, as a form, with parts or without,
// or, where its type is one of those documented, or these are texts only, as text.
func DecodeBody(header http.Header, documented []string, body []byte) *Document {
	given := header.Get("Content-Type")
	switch specs.MediaOf(given) {
	case specs.Form:
		d := DecodeForm(body)
		d.kind = given
		return d
	case specs.Multipart:
		if kind, params := mediaType(header); kind == formData && params["boundary"] != "" {
			d := DecodeMultipart(params["boundary"], body)
			d.kind = given
			return d
		}
	case specs.Text:
		isRead := func(kind string) bool { return specs.MediaOf(kind) != specs.Text }
		if specs.BestMedia(documented, given) != "" || len(documented) > 0 && !slices.ContainsFunc(documented, isRead) {
			return DecodeText(body)
		}
	}
	return Decode(body)
}

// as is the document read by its Content-Type, once the operation is known. A nil one
// is read from the body.
func (d *Document) as(header http.Header, documented []string, body []byte) *Document {
	given := header.Get("Content-Type")
	read := specs.MediaOf(given)
	if d != nil && read != specs.Text && (read != specs.Form || d.form || specs.BestMedia(documented, given) == "") {
		return d
	}
	if d != nil && len(d.raw) > len(body) {
		body = d.raw
	}
	return DecodeBody(header, documented, body)
}

// DecodeText reads a body as one string.
func DecodeText(body []byte) *Document {
	return &Document{value: string(body), Valid: true, raw: body, form: true, plain: true}
}

// add keeps a finding of the text, or counts it when there are enough.
func (d *Document) add(f traffic.Finding) {
	if len(d.Findings) >= maxFindings {
		d.leftOut++
		return
	}
	d.Findings = append(d.Findings, f)
}
