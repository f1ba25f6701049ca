package specs

import (
	"maps"
	"slices"
	"strings"
)

// A schema file is of draft-07 or of 2020-12, as its $schema says. One of 2020-12 is
// written in the words of draft-07 where draft-07 has them, so that whoever reads
// schemas knows one form only. What draft-07 cannot say stays as it is, and who judges by
// it reads the file's own words.

// NewerURI is the $schema of 2020-12.
const NewerURI = "https://json-schema.org/draft/2020-12/schema"

// newer are the keywords of 2020-12 that draft-07 has no words for.
var newer = []string{"unevaluatedProperties", "unevaluatedItems", "minContains", "maxContains", "$dynamicRef", "$dynamicAnchor"}

// renamed are those for which it has other words.
var renamed = []string{"$defs", "$anchor", "prefixItems", "dependentRequired", "dependentSchemas"}

// besideRef may stand beside $ref in both: they change nothing of what it demands.
var besideRef = []string{"$ref", "$schema", "$comment", "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "definitions"}

// IsNewer reports whether the schema's file is of 2020-12.
func (p *Payload) IsNewer() bool { return p.newer }

func isNewer(schema map[string]any) bool {
	uri, _ := schema["$schema"].(string)
	return strings.TrimSuffix(uri, "#") == NewerURI
}

// older copies a schema of 2020-12 in the words of draft-07.
func older(value any) any {
	switch value := value.(type) {
	case []any:
		next := make([]any, len(value))
		for i := range value {
			next[i] = older(value[i])
		}
		return next
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, inside := range value {
			next[key] = olderKeyword(key, inside)
		}
		rename(next)
		referBeside(next)
		return next
	}
	return value
}

func olderKeyword(key string, value any) any {
	named, isMap := value.(map[string]any)
	switch {
	case isMap && (slices.Contains(namedSchemas, key) || key == "$defs" || key == "dependentSchemas"):
		next := make(map[string]any, len(named))
		for name, one := range named {
			next[name] = older(one)
		}
		return next
	case slices.Contains(nestedSchemas, key), key == "prefixItems":
		return older(value)
	}
	return value
}

// rename gives keywords their names in draft-07.
func rename(schema map[string]any) {
	if inOrder, ok := schema["prefixItems"]; ok {
		if rest, ok := schema["items"]; ok {
			schema["additionalItems"] = rest
		}
		schema["items"] = inOrder
	}
	merge(schema, "definitions", object(schema["$defs"]))
	merge(schema, "dependencies", object(schema["dependentSchemas"]))
	merge(schema, "dependencies", object(schema["dependentRequired"]))
	for _, key := range []string{"prefixItems", "$defs", "dependentSchemas", "dependentRequired"} {
		delete(schema, key)
	}
}

// merge adds named schemas to those of a keyword. One of the same name demands both.
func merge(schema map[string]any, key string, more map[string]any) {
	if len(more) == 0 {
		return
	}
	all := maps.Clone(object(schema[key]))
	if all == nil {
		all = map[string]any{}
	}
	for name, one := range more {
		if before, ok := all[name]; ok && key == "dependencies" {
			one = map[string]any{"allOf": []any{asSchema(before), asSchema(one)}}
		}
		all[name] = one
	}
	schema[key] = all
}

// asSchema is a schema that demands a list of members, or the schema itself.
func asSchema(value any) any {
	if names, ok := value.([]any); ok {
		return map[string]any{"required": names}
	}
	return value
}

// referBeside moves a reference into allOf where something beside it demands more, which
// draft-07 would not read.
func referBeside(schema map[string]any) {
	ref, ok := schema["$ref"]
	if !ok || !slices.ContainsFunc(slices.Collect(maps.Keys(schema)), func(key string) bool {
		return !slices.Contains(besideRef, key) && !strings.HasPrefix(key, "x-")
	}) {
		return
	}
	delete(schema, "$ref")
	all, _ := schema["allOf"].([]any)
	schema["allOf"] = append(slices.Clone(all), map[string]any{"$ref": ref})
}

// inOlder is a keyword of a pointer as the schema, in the words of draft-07, has it.
// Next is the key behind it, "" for none.
func inOlder(schema map[string]any, key, next string) string {
	_, there := schema[key]
	switch {
	case key == "items" && isList(schema[key]) && strings.Trim(next, "0123456789") != "", key == "items" && isList(schema[key]) && next == "":
		return "additionalItems" // prefixItems is called items
	case there:
		return key
	case key == "$defs":
		return "definitions"
	case key == "prefixItems":
		return "items"
	case key == "dependentSchemas":
		return "dependencies"
	}
	return key
}

func isList(value any) bool { _, ok := value.([]any); return ok }
