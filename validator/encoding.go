package validator

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// How the members of forms are written: what `encoding` documents of them (OpenAPI
// 3.1.1, 4.8.15).

// encodingOf is what the contract documents of how members are written in a body of a
// request (status 0) or of an answer that has this Content-Type.
func (v *Validator) encodingOf(o *specs.Operation, status int, contentType string) openapi3.Encodings {
	content := v.content(o, status)
	if media := content[specs.BestMedia(slices.Sorted(maps.Keys(content)), contentType)]; media != nil {
		return media.Encoding
	}
	return nil
}

// contentTypes are those that are documented for a member, with commas between.
func (d *Document) contentTypes(name string) string {
	if how := d.encoding[name]; how != nil {
		return how.ContentType
	}
	return ""
}

// written is the document of a form with how its members are written; any other stays as it
// is, and nothing is looked up for it.
func (v *Validator) written(d *Document, o *specs.Operation, status int, contentType string) *Document {
	if d.fields == nil {
		return d
	}
	next := *d
	next.encoding = v.encodingOf(o, status, contentType)
	return &next
}

// isStyled tells whether a member is written in a style, which then is what counts,
// and not its content type.
func isStyled(how *openapi3.Encoding) bool {
	return how != nil && (how.Style != "" || how.Explode != nil)
}

// styled takes the members that `encoding` documents out of the fields of a form, which
// it changes, and returns their values by name.
func (d *Document) styled(nodes []*node, fields url.Values) map[string]any {
	values := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(d.encoding)) {
		how := d.encoding[name]
		below, _ := member(nodes, name, viewOf(anything{}))
		pointer := "/" + jsonpointer.Escape(name)
		value, read := any(nil), false
		switch method := how.SerializationMethod(); {
		case slices.ContainsFunc(fields[name], traffic.Hidden):
		case !isStyled(how):
			value, read = d.typedMember(how, below, pointer, fields[name])
		case method.Style == "deepObject":
			value, read = d.deepMember(name, below, pointer, fields)
		case method.Explode:
			value, read = d.spread(name, nodes, below, pointer, fields)
		default:
			value, read = divided(name, method, below, fields[name])
		}
		if read {
			d.withoutDuplicates(name)
			delete(fields, name)
			values[name] = value
		}
	}
	return values
}

// styledParts is styled for parts, of which a style says how it is only since OpenAPI 3.1:
// before, an object is one part, in JSON.
func (d *Document) styledParts(nodes []*node, texts url.Values) map[string]any {
	inStyle := *d
	inStyle.encoding = openapi3.Encodings{}
	for name, how := range d.encoding {
		if all := texts[name]; isStyled(how) && (len(all) == 0 || len(all) == 1 && !strings.ContainsAny(all[0][:min(1, len(all[0]))], "[{")) {
			inStyle.encoding[name] = how
		}
	}
	values := inStyle.styled(nodes, texts)
	d.Findings = inStyle.Findings
	return values
}

// withoutDuplicates drops the finding of a name that is sent more than once, where that is
// how a list is written.
func (d *Document) withoutDuplicates(name string) {
	d.Findings = slices.DeleteFunc(slices.Clone(d.Findings), func(f traffic.Finding) bool {
		return f.Code == "form.duplicate-key" && f.Pointer == "/"+jsonpointer.Escape(name)
	})
}

// typedMember is an object or a list that is written in a content type of its own: JSON is
// read, and of any other nothing is judged.
func (d *Document) typedMember(how *openapi3.Encoding, below []*node, pointer string, texts []string) (value any, read bool) {
	kinds, _ := kindsOf(below)
	isPlain := strings.HasPrefix(how.ContentType, textType) && slices.Contains(kinds, "array") // its items
	if how.ContentType == "" || len(texts) == 0 || isPlain || !isStructured(below, kinds) {
		return nil, false
	}
	if !(part{}).isJSON(how.ContentType) {
		d.stands[pointer] = ofUnread
		return nil, true
	}
	inside := Decode([]byte(texts[0]))
	if len(texts) > 1 || !inside.Valid || slices.Contains(kinds, "array") && valuepath.Type(inside.Value()) != "array" {
		return nil, false // a list with a text for each item, or what is wrong anyhow
	}
	return inside.Value(), true
}

// deepMember is what stands as name[member]=value; a list has numbers there, or nothing.
func (d *Document) deepMember(name string, below []*node, pointer string, fields url.Values) (value any, read bool) {
	inside := deepFields(name, fields)
	if inside == nil {
		return nil, false
	}
	for key := range fields {
		if _, isInside := deepName(name, key); isInside {
			delete(fields, key)
			d.withoutDuplicates(key)
		}
	}
	value, read = deepValue(below, inside)
	if !read {
		d.stands[pointer] = ofUnread
	}
	return value, true
}

// spread is an object whose members are keys of the form: those that the form does not
// name, and the object's schema describes. A list is a name that is sent more than once.
func (d *Document) spread(name string, nodes, below []*node, pointer string, fields url.Values) (value any, read bool) {
	kinds, _ := kindsOf(below)
	if fields[name] != nil || slices.Contains(kinds, "array") || !isStructured(below, kinds) {
		return nil, false
	}
	members := url.Values{}
	for key, texts := range fields {
		isNamed := slices.ContainsFunc(nodes, func(n *node) bool { return n.properties[key] != nil })
		inside, described := member(below, key, viewOf(anything{}))
		if !isNamed && described && !slices.ContainsFunc(inside, func(n *node) bool { return n.never }) {
			members[key] = texts
			delete(fields, key)
		}
	}
	if len(members) == 0 { // nothing tells an empty object from none
		d.stands[pointer] = ofUnread
		return nil, false
	}
	if value, read = objectOf(below, members); !read {
		d.stands[pointer] = ofUnread
	}
	return value, true
}

// divided is a list, or an object, that is one text with something between its items.
func divided(name string, method *openapi3.SerializationMethod, below []*node, texts []string) (value any, read bool) {
	kinds, items := kindsOf(below)
	p := &parameter{Parameter: specs.Parameter{Name: name, In: "query", Style: method.Style}}
	switch {
	case len(texts) == 0:
		return nil, false
	case slices.Contains(kinds, "array"):
		if texts[0] == "" {
			return []any{}, true
		}
		parts, _ := p.split(texts)
		list := make([]any, len(parts))
		for i, text := range parts {
			list[i] = decodeAs(items, text)
		}
		return list, true
	case isStructured(below, kinds):
		members, wrong := p.fields(nil, texts)
		if wrong == "" {
			return objectOf(below, members)
		}
	}
	return nil, false
}
