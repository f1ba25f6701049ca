package specs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/plural"
)

// unjudged gathers what a contract's files have and nobody judges: what it is, and
// where.
type unjudged struct {
	contract *Contract
	places   map[string][]string
}

// maxPlaces is how many places of one kind a sentence names.
const maxPlaces = 3

func (u *unjudged) note(what, where string) {
	if !slices.Contains(u.places[what], where) {
		u.places[what] = append(u.places[what], where)
	}
}

// notJudged says what of a contract nobody judges, a sentence for each kind.
func (c *Contract) notJudged() []string {
	u := unjudged{contract: c, places: map[string][]string{}}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		if described := c.Described(o); described != nil {
			u.operation(o, described)
		}
	}
	for _, name := range c.PayloadNames() {
		p := c.Payloads[name]
		walkSchemas(p.printed().draft7, func(schema map[string]any) { u.schema(p, schema) })
	}
	var list []string
	for _, what := range slices.Sorted(maps.Keys(u.places)) {
		list = append(list, what+" ("+plural.Few(u.places[what], maxPlaces)+")")
	}
	return list
}

func (u *unjudged) operation(o *Operation, described *openapi3.Operation) {
	if body := described.RequestBody; body != nil && body.Value != nil {
		u.content(o.Name(), body.Value.Content, false)
	}
	for _, status := range slices.Sorted(maps.Keys(described.Responses.Map())) {
		if answer := described.Responses.Value(status); answer != nil && answer.Value != nil {
			u.content(o.Name()+" "+status, answer.Value.Content, true)
		}
	}
	for _, p := range o.Parameters {
		u.parameter(o, o.Name(), p)
	}
	for _, status := range o.Answers() {
		for _, p := range o.Responses[status].Headers {
			u.parameter(o, o.Name()+" "+StatusName(status), p)
		}
	}
	for _, set := range u.contract.Credentials(o) {
		for _, k := range set {
			if k.Scheme == "" && k.Type != "apiKey" {
				u.note("credentials of the connection: "+k.Type, o.Name())
			}
		}
	}
	for name := range described.Callbacks {
		u.note("callbacks", o.Name()+" "+name)
	}
}

func (u *unjudged) parameter(o *Operation, where string, p Parameter) {
	for _, what := range p.unread {
		u.note(what, where+" "+p.In+":"+p.Name)
	}
	walkSchemas(p.Schema, func(schema map[string]any) {
		if format, ok := schema["format"].(string); ok && !slices.Contains(Formats, format) {
			u.note("formats that nobody knows", format)
		}
	})
	if p.In == openapi3.ParameterInPath && strings.Count(o.Path, "{"+p.Name+"}") == 0 {
		u.note("path parameters that the path does not have", where+" "+p.Name)
	}
}

func (u *unjudged) content(where string, content openapi3.Content, answer bool) {
	for _, kind := range contentTypes(content) {
		media := content[kind]
		if schemaOf(media) == nil {
			continue
		}
		name := payloadOf(media.Schema.Ref)
		p := u.contract.Payloads[name]
		switch read := MediaOf(kind); {
		case read == Multipart && (answer || !strings.HasPrefix(kind, "multipart/form-data")):
			u.note("parts of answers, and of multipart bodies other than multipart/form-data", where+" "+kind)
		case name == "" && !strings.Contains(kind, "json"):
			u.note("bodies that are no JSON and whose schema stands in no file", where+" "+kind)
		case read == Text && p != nil && !u.contract.takesText(p, p.printed().draft7, nil):
			u.note("bodies whose schema is that of an object or a list and whose text nobody reads", where+" "+kind)
		}
		if p != nil && (kind == "*/*" || kind == "application/*") && !u.contract.takesText(p, p.printed().draft7, nil) {
			u.note("bodies other than JSON and forms where any type is allowed", where+" "+kind)
		}
		for _, part := range slices.Sorted(maps.Keys(media.Encoding)) {
			u.encoding(where+" "+part, kind, media.Encoding[part])
		}
	}
}

// encoding notes what of the members of forms nobody reads. Of what is written in a style
// the content type says nothing.
func (u *unjudged) encoding(where, kind string, how *openapi3.Encoding) {
	if how == nil {
		return
	}
	if MediaOf(kind) == Multipart && len(how.Headers) > 0 {
		u.note("headers of parts", where)
	}
	first, _, _ := strings.Cut(how.ContentType, ",")
	if MediaOf(kind) == Form && how.Style == "" && how.Explode == nil && first != "" && !strings.Contains(first, "json") && !strings.HasPrefix(first, "text/plain") {
		u.note("members of forms in a content type that nobody reads, where they are objects or lists", where+" "+how.ContentType)
	}
}

// takesText tells whether a schema can be that of a text.
func (c *Contract) takesText(p *Payload, schema any, inside []string) bool {
	keywords := object(schema)
	if ref, ok := keywords["$ref"].(string); ok {
		target, inner := c.Resolve(p, ref)
		if target == nil || slices.Contains(inside, target.Name+ref) {
			return true
		}
		return c.takesText(target, inner, append(inside, target.Name+ref))
	}
	kind := typeOf(keywords)
	return strings.Contains(kind, "string") || kind == "any" && keywords["properties"] == nil && keywords["items"] == nil
}

// beside are the keywords that draft-07 ignores beside $ref although they assert
// something.
var beside = slices.DeleteFunc(slices.Clone(draft7), func(key string) bool {
	return slices.Contains([]string{"$schema", "$id", "$ref", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly",
		"example", "deprecated", "discriminator", "definitions", "contentMediaType", "contentEncoding", "format"}, key)
})

func (u *unjudged) schema(p *Payload, schema map[string]any) {
	if _, ok := schema["$ref"].(string); ok {
		for _, key := range slices.Sorted(maps.Keys(schema)) {
			if slices.Contains(beside, key) {
				u.note("keywords beside $ref, which draft-07 ignores", p.File+" "+key)
			}
		}
		return
	}
	if format, ok := schema["format"].(string); ok && !slices.Contains(Formats, format) {
		u.note("formats that nobody knows", format)
	}
	for _, key := range []string{"discriminator", "contentSchema"} {
		if schema[key] != nil {
			u.note(fmt.Sprintf("keyword %q of a schema", key), p.File)
		}
	}
}

// Formats are the formats that are judged, and those that assert nothing.
var Formats = []string{
	"date-time", "date", "time", "email", "uuid", "uri", "uri-reference", "ipv4", "ipv6", "hostname", "regex", "byte", "int32", "int64",
	"password", "binary", "float", "double",
}
