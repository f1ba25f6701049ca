package specs

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// draft7 is every keyword that the schema compiler honours. It ignores newer
// ones without a word, so that a schema would promise what nobody checks.
var draft7 = []string{
	"$schema", "$id", "$ref", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly",
	"type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
	"maxLength", "minLength", "pattern", "format", "items", "additionalItems", "maxItems", "minItems",
	"uniqueItems", "contains", "maxProperties", "minProperties", "required", "properties",
	"patternProperties", "additionalProperties", "dependencies", "propertyNames", "definitions",
	"if", "then", "else", "allOf", "anyOf", "oneOf", "not", "contentMediaType", "contentEncoding",
	"example", "deprecated", // of OpenAPI and of later drafts; they describe only
	"discriminator", // of OpenAPI, and named as not judged
}

// Where schemas stand inside a schema: by name, or as a value or a list.
var (
	namedSchemas  = []string{"properties", "patternProperties", "definitions", "dependencies"}
	nestedSchemas = []string{"items", "additionalItems", "contains", "additionalProperties", "propertyNames",
		"if", "then", "else", "not", "allOf", "anyOf", "oneOf", "unevaluatedProperties", "unevaluatedItems"}
)

const draft7URI = "http://json-schema.org/draft-07/schema"

// vetSchema finds what would make the compiler crash, fetch something or
// silently check less than the schema says.
func vetSchema(p *Payload, payloads map[string]*Payload, at place, folder fs.FS) error {
	if uri, _ := p.printed().draft7["$schema"].(string); !p.IsNewer() && strings.TrimSuffix(uri, "#") != draft7URI {
		return at.line(lineOf(folder, p.File, "$schema")).errorf("`$schema` is %q; write %q or %q, the drafts that payloads are compiled with", uri, draft7URI+"#", NewerURI)
	}
	found := vetNewer(p)
	if found == nil {
		found = vetNode(p, payloads, p.printed().draft7)
	}
	if found == nil {
		return nil
	}
	return at.line(lineOf(folder, p.File, found.near)).errorf("%s", found.text)
}

// vetNewer finds words of draft-07 that 2020-12 ignores.
func vetNewer(p *Payload) *flaw {
	var found *flaw
	if !p.IsNewer() {
		return nil
	}
	walkSchemas(p.printed().written, func(schema map[string]any) {
		for key, instead := range map[string]string{"additionalItems": "items", "dependencies": "dependentRequired or dependentSchemas"} {
			if _, ok := schema[key]; ok {
				found = &flaw{fmt.Sprintf("keyword %q is not of JSON Schema 2020-12 and would be ignored; write %s", key, instead), `"` + key + `"`}
			}
		}
		if isList(schema["items"]) {
			found = &flaw{"keyword \"items\" is a list, which JSON Schema 2020-12 does not know; write prefixItems", `"items"`}
		}
	})
	return found
}

// flaw is what is wrong with a schema, and a text that stands in the line.
type flaw struct{ text, near string }

func (f *flaw) Error() string { return f.text }

// vetNode returns the first flaw below a schema.
func vetNode(p *Payload, payloads map[string]*Payload, schema map[string]any) *flaw {
	for _, key := range slices.Sorted(maps.Keys(schema)) {
		if text := unknownKeyword(p, key); text != "" {
			return &flaw{text, `"` + key + `"`}
		}
		if found := vetKeyword(p, payloads, key, schema[key]); found != nil {
			return found
		}
	}
	return nil
}

// unknownKeyword says why a keyword is refused; "" for one that is known.
func unknownKeyword(p *Payload, key string) string {
	draft, fix := "draft-07", "express it otherwise or prefix it with x-"
	switch {
	case strings.HasPrefix(key, "x-"), slices.Contains(draft7, key):
		return ""
	case p.IsNewer() && (slices.Contains(newer, key) || key == "contentSchema"):
		return ""
	case p.IsNewer():
		draft = "2020-12"
	case slices.Contains(newer, key), slices.Contains(renamed, key):
		fix = fmt.Sprintf("write \"$schema\": %q if the schema is of that draft", NewerURI)
	}
	return fmt.Sprintf("keyword %q is not of JSON Schema %s and would be ignored; %s", key, draft, fix)
}

func vetKeyword(p *Payload, payloads map[string]*Payload, key string, value any) *flaw {
	switch {
	case key == "$ref":
		return vetReference(p, payloads, value)
	case key == "$schema" && p.IsNewer() && value != p.printed().draft7["$schema"]:
		return &flaw{fmt.Sprintf("`$schema` is %q inside of a schema with another; a file is of one draft", value), key}
	case slices.Contains(namedSchemas, key):
		named, _ := value.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(named)) {
			if found := vetValue(p, payloads, named[name]); found != nil {
				return found
			}
		}
	case slices.Contains(nestedSchemas, key):
		return vetValue(p, payloads, value)
	}
	return nil
}

func vetValue(p *Payload, payloads map[string]*Payload, value any) *flaw {
	switch value := value.(type) {
	case map[string]any:
		return vetNode(p, payloads, value)
	case []any:
		for _, one := range value {
			if found := vetValue(p, payloads, one); found != nil {
				return found
			}
		}
	}
	return nil
}

// ownAddress tells whether a reference may lead to a schema by an address or an anchor
// that only the file itself knows.
func ownAddress(p *Payload, ref string) bool {
	file, _, _ := strings.Cut(ref, "#")
	return p.identified && (file == "" || payloadOf(path.Join(path.Dir(p.File), file)) == "") || strings.HasPrefix(file, NewerURI)
}

// vetReference allows a schema of this contract: the compiler follows any other
// address over the network, and an anchor overflows its stack.
func vetReference(p *Payload, payloads map[string]*Payload, value any) *flaw {
	ref, ok := value.(string)
	if !ok {
		return &flaw{"`$ref` must be a string", "$ref"}
	}
	if p.IsNewer() && ownAddress(p, ref) {
		return nil // whoever compiles it knows
	}
	target := targetOf(p, ref, payloads)
	if file, _, _ := strings.Cut(ref, "#"); target == nil || strings.Contains(file, ":") {
		return &flaw{fmt.Sprintf("`$ref` %q leads to no schema of this contract; write a path relative to this file", ref), ref}
	}
	if _, found := schemaAt(target.printed().draft7, PointerOf(ref)); !found {
		return &flaw{fmt.Sprintf("`$ref` %q leads to no schema in %s; what stands behind # is a JSON pointer to one, such as #/definitions/<name>", ref, target.File), ref}
	}
	return nil
}
