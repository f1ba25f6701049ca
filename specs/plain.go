package specs

import (
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plainjson"
)

// Other people's tools refuse what our schemas may hold: a strict compiler takes no
// keyword that it does not know, no list of types and no required member that is not
// described; OpenAPI's linters want items in every array. So what is exported is
// plain, which says the same, and what is loaded is made ours again.

// typed lists the keywords that concern values of one type only.
var typed = map[string][]string{
	"object": {"properties", "required", "patternProperties", "additionalProperties", "propertyNames", "minProperties", "maxProperties", "dependencies"},
	"array":  {"items", "additionalItems", "contains", "minItems", "maxItems", "uniqueItems"},
	"string": {"minLength", "maxLength", "pattern", "format", "contentMediaType", "contentEncoding"},
	"number": {"multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
}

func keywordsOf(kind any) []string {
	if kind == "integer" {
		kind = "number"
	}
	name, _ := kind.(string)
	return typed[name]
}

// plain returns a copy of a file's schema for other tools. Keywords x-… become the
// JSON text of a $comment. One of 2020-12 stays as it is otherwise: what was added to
// it would count as evaluated.
func plain(schema map[string]any) map[string]any {
	copied := object(rewriteRefs(schema, func(ref string) string { return ref }))
	walkSchemas(copied, func(one map[string]any) {
		withoutOpenAPI(one)
		if isNewer(schema) {
			extensionsToComment(one)
			return
		}
		describeArrays(one)
		describeRequired(one)
		splitTypes(one)
		extensionsToComment(one)
	})
	return copied
}

// ours undoes plain in place, but for what it described as anything.
func ours(schema map[string]any) {
	walkSchemas(schema, func(one map[string]any) {
		extensionsFromComment(one)
		joinTypes(one)
	})
}

// walkSchemas visits a schema and all inside it, the inner ones first.
func walkSchemas(value any, visit func(schema map[string]any)) {
	switch value := value.(type) {
	case []any:
		for _, one := range value {
			walkSchemas(one, visit)
		}
	case map[string]any:
		for key, inside := range value {
			switch {
			case slices.Contains(namedSchemas, key), key == "$defs", key == "dependentSchemas":
				for _, one := range object(inside) {
					walkSchemas(one, visit)
				}
			case slices.Contains(nestedSchemas, key), key == "prefixItems":
				walkSchemas(inside, visit)
			}
		}
		visit(value)
	}
}

// withoutOpenAPI writes what only OpenAPI has otherwise.
func withoutOpenAPI(schema map[string]any) {
	if value, ok := schema["example"]; ok {
		if _, both := schema["examples"]; !both {
			schema["examples"] = []any{value}
		}
		delete(schema, "example")
	}
	if value, ok := schema["discriminator"]; ok {
		schema["x-discriminator"] = value
		delete(schema, "discriminator")
	}
}

func describeArrays(schema map[string]any) {
	kinds, _ := schema["type"].([]any)
	if schema["items"] == nil && (schema["type"] == "array" || slices.Contains(kinds, any("array"))) {
		schema["items"] = map[string]any{}
	}
}

// describeRequired leaves alone what would then no longer be an additional property.
func describeRequired(schema map[string]any) {
	names, _ := schema["required"].([]any)
	if len(names) == 0 || schema["additionalProperties"] != nil || schema["patternProperties"] != nil {
		return
	}
	properties := object(schema["properties"])
	if properties == nil {
		properties = map[string]any{}
	}
	for _, name := range names {
		if name, ok := name.(string); ok && properties[name] == nil {
			properties[name] = map[string]any{}
		}
	}
	schema["properties"] = properties
}

// splitTypes makes a list of types one choice for each. Null beside one type is
// customary.
func splitTypes(schema map[string]any) {
	kinds, _ := schema["type"].([]any)
	if len(kinds) < 2 || len(kinds) == 2 && slices.Contains(kinds, any("null")) || schema["anyOf"] != nil {
		return
	}
	var choices []any
	moved := []string{"type"}
	for _, kind := range kinds {
		choice := map[string]any{"type": kind}
		for _, key := range keywordsOf(kind) {
			if value, ok := schema[key]; ok {
				choice[key], moved = value, append(moved, key)
			}
		}
		choices = append(choices, choice)
	}
	for _, key := range moved {
		delete(schema, key)
	}
	schema["anyOf"] = choices
}

// joinTypes undoes splitTypes, where the choices differ in their type alone.
func joinTypes(schema map[string]any) {
	choices, _ := schema["anyOf"].([]any)
	var kinds []any
	joined := map[string]any{}
	for _, choice := range choices {
		kind := object(choice)["type"]
		if _, single := kind.(string); !single || slices.Contains(kinds, kind) {
			return
		}
		kinds = append(kinds, kind)
		for key, value := range object(choice) {
			_, twice := joined[key] // of number and of integer
			if twice || key != "type" && !slices.Contains(keywordsOf(kind), key) {
				return
			}
			if key != "type" {
				joined[key] = value
			}
		}
	}
	for key := range joined {
		if _, both := schema[key]; both {
			return
		}
	}
	if _, both := schema["type"]; both || len(kinds) < 2 {
		return
	}
	delete(schema, "anyOf")
	maps.Copy(schema, joined)
	schema["type"] = kinds
}

func extensionsToComment(schema map[string]any) {
	kept := map[string]any{}
	for key, value := range schema {
		if strings.HasPrefix(key, "x-") {
			kept[key] = value
		}
	}
	if len(kept) == 0 {
		return
	}
	if comment, ok := schema["$comment"]; ok {
		kept["$comment"] = comment
	}
	text, err := plainjson.Marshal(kept)
	if err != nil {
		return // it came from JSON or YAML, so it is JSON
	}
	maps.DeleteFunc(schema, func(key string, _ any) bool { return strings.HasPrefix(key, "x-") })
	schema["$comment"] = string(text)
}

func extensionsFromComment(schema map[string]any) {
	text, _ := schema["$comment"].(string)
	var kept map[string]any
	if !strings.HasPrefix(text, "{") || decodeJSON([]byte(text), &kept) != nil {
		return // a comment like any other
	}
	for key := range kept {
		if key != "$comment" && !strings.HasPrefix(key, "x-") {
			return
		}
	}
	delete(schema, "$comment")
	maps.Copy(schema, kept)
}
