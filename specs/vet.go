package specs

import (
	"fmt"
	"io/fs"
	"maps"
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
}

// Where schemas stand inside a schema: by name, or as a value or a list.
var (
	namedSchemas  = []string{"properties", "patternProperties", "definitions", "dependencies"}
	nestedSchemas = []string{"items", "additionalItems", "contains", "additionalProperties", "propertyNames",
		"if", "then", "else", "not", "allOf", "anyOf", "oneOf"}
)

const draft7URI = "http://json-schema.org/draft-07/schema"

// vetSchema finds what would make the compiler crash, fetch something or
// silently check less than the schema says.
func vetSchema(p *Payload, payloads map[string]*Payload, at place, folder fs.FS) error {
	if uri, _ := p.printed["$schema"].(string); strings.TrimSuffix(uri, "#") != draft7URI {
		return at.line(lineOf(folder, p.File, "$schema")).errorf("`$schema` is %q; write %q, the draft that payloads are compiled with", uri, draft7URI+"#")
	}
	found := vetNode(p, payloads, p.printed)
	if found == nil {
		return nil
	}
	return at.line(lineOf(folder, p.File, found.near)).errorf("%s", found.text)
}

// flaw is what is wrong with a schema, and a text that stands in the line.
type flaw struct{ text, near string }

func (f *flaw) Error() string { return f.text }

// vetNode returns the first flaw below a schema.
func vetNode(p *Payload, payloads map[string]*Payload, schema map[string]any) *flaw {
	for _, key := range slices.Sorted(maps.Keys(schema)) {
		if !strings.HasPrefix(key, "x-") && !slices.Contains(draft7, key) {
			return &flaw{fmt.Sprintf("keyword %q is not of JSON Schema draft-07 and would be ignored; express it otherwise or prefix it with x-", key), `"` + key + `"`}
		}
		if found := vetKeyword(p, payloads, key, schema[key]); found != nil {
			return found
		}
	}
	return nil
}

func vetKeyword(p *Payload, payloads map[string]*Payload, key string, value any) *flaw {
	switch {
	case key == "$ref":
		return vetReference(p, payloads, value)
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

// vetReference allows a schema of this contract: the compiler follows any other
// address over the network, and an anchor overflows its stack.
func vetReference(p *Payload, payloads map[string]*Payload, value any) *flaw {
	ref, ok := value.(string)
	if !ok {
		return &flaw{"`$ref` must be a string", "$ref"}
	}
	target := targetOf(p, ref, payloads)
	if file, _, _ := strings.Cut(ref, "#"); target == nil || strings.Contains(file, ":") {
		return &flaw{fmt.Sprintf("`$ref` %q leads to no schema of this contract; write a path relative to this file", ref), ref}
	}
	if _, found := schemaAt(target.printed, PointerOf(ref)); !found {
		return &flaw{fmt.Sprintf("`$ref` %q leads to no schema in %s; what stands behind # is a JSON pointer to one, such as #/definitions/<name>", ref, target.File), ref}
	}
	return nil
}
