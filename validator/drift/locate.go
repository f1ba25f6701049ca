package drift

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// location is where in a schema something is to be changed.
type location struct {
	payload string   // whose file
	path    []string // of the schema in it
	schema  map[string]any
	name    string // of the property that is to be added or is mandatory; "" otherwise
}

// locate finds where an item belongs: the object that has an unknown key or lacks
// a mandatory one, or else the value's own schema.
func (d *Drift) locate(item *Item) (location, error) {
	p := d.contract.Payloads[item.Payload]
	if p == nil {
		return location{}, fmt.Errorf("no payload is known for it")
	}
	at := location{payload: p.Name, schema: p.Schema()}
	keys := jsonpointer.Keys(item.Pointer)
	if slices.Contains([]string{"body.unknown-key", "body.required", "body.additional-key"}, item.Code) && len(keys) > 0 {
		at.name, keys = keys[len(keys)-1], keys[:len(keys)-1]
	}
	for _, key := range keys {
		var ok bool
		if at, ok = d.into(d.followed(at), key); !ok {
			return at, fmt.Errorf("the schema of %s says nothing about %s in one place", item.Payload, item.Pointer)
		}
	}
	at = d.followed(at)
	if at.name != "" && item.Code == "body.required" && !slices.Contains(names(at.schema["required"]), at.name) {
		return at, fmt.Errorf("%s is demanded in one of several parts of the schema", at.name)
	}
	if item.Code == "body.one-of" || item.Code == "body.any-of" || item.Code == "body.not" || strings.HasPrefix(item.Code, "body.unevaluated-") || strings.HasPrefix(item.Code, "json.") || !strings.HasPrefix(item.Code, "body.") {
		return at, fmt.Errorf("nobody but a person can say what %s asks for", item.Code)
	}
	return at, nil
}

// followed goes where a $ref leads.
func (d *Drift) followed(at location) location {
	for range 32 { // a loop of references is no schema
		ref, ok := at.schema["$ref"].(string)
		if !ok {
			return at
		}
		target, schema := d.contract.Resolve(d.contract.Payloads[at.payload], ref)
		if target == nil {
			return at
		}
		at.payload, at.path = target.Name, nil
		at.path = jsonpointer.Keys(specs.PointerOf(ref))
		at.schema, _ = schema.(map[string]any)
	}
	return at
}

// into is the schema of a property, or of the items, in the schema itself or in a
// part of its allOf.
func (d *Drift) into(at location, segment string) (location, bool) {
	for _, step := range [][]string{{"properties", segment}, {"items"}} {
		if step[0] == "items" && segment != "*" {
			continue
		}
		var inner any = at.schema
		for _, name := range step {
			object, _ := inner.(map[string]any)
			inner = object[name]
		}
		if schema, ok := inner.(map[string]any); ok {
			return location{at.payload, append(slices.Clone(at.path), step...), schema, at.name}, true
		}
	}
	parts, _ := at.schema["allOf"].([]any)
	for i, part := range parts {
		if schema, ok := part.(map[string]any); ok {
			path := append(slices.Clone(at.path), "allOf", strconv.Itoa(i))
			if found, ok := d.into(d.followed(location{at.payload, path, schema, at.name}), segment); ok {
				return found, true
			}
		}
	}
	return at, false
}

// step goes one name, or one index, deeper; nil when nothing is there.
func step(value any, name string) any {
	switch value := value.(type) {
	case map[string]any:
		return value[name]
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(value) {
			return value[i]
		}
	}
	return nil
}

// words says what Propose would change.
func (at location) words(item *Item) string {
	where := fmt.Sprintf("%s in %s.schema.json", cmpPointer(at.path), at.payload)
	switch item.Code {
	case "body.unknown-key":
		return fmt.Sprintf("add the property %s of type %s to %s, evidence observed", at.name, strings.Join(item.Types, " or "), where)
	case "body.unknown-value", "body.enum":
		return fmt.Sprintf("add the values to %s, evidence observed", where)
	case "body.required":
		return fmt.Sprintf("take %s out of required of %s", at.name, where)
	case "body.additional-key":
		return fmt.Sprintf("allow further properties in %s", where)
	case "body.type":
		return fmt.Sprintf("let %s be of type %s, too", where, strings.Join(item.Types, " or "))
	}
	return fmt.Sprintf("take %s away from %s", validator.Keyword(item.Code), where)
}

func cmpPointer(path []string) string {
	if len(path) == 0 {
		return "the object"
	}
	return "/" + strings.Join(path, "/")
}

// patch is the JSON merge patch (RFC 7396) of the schema at the place.
func (at location) patch(item *Item) map[string]any {
	switch item.Code {
	case "body.unknown-key":
		return map[string]any{"properties": map[string]any{at.name: map[string]any{
			"type": oneOrAll(item.Types), "x-evidence": map[string]any{"class": string(specs.Observed)},
		}}}
	case "body.unknown-value":
		return map[string]any{"x-known-values": withValues(at.schema["x-known-values"], item.Values)}
	case "body.enum":
		return map[string]any{"enum": withValues(at.schema["enum"], item.Values)}
	case "body.required":
		left := slices.DeleteFunc(names(at.schema["required"]), func(name string) bool { return name == at.name })
		return map[string]any{"required": left}
	case "body.additional-key":
		return map[string]any{"additionalProperties": nil}
	case "body.type":
		types := names(at.schema["type"])
		if one, ok := at.schema["type"].(string); ok {
			types = []string{one}
		}
		for _, seen := range item.Types {
			types = add(types, seen)
		}
		return map[string]any{"type": oneOrAll(types)}
	}
	return map[string]any{validator.Keyword(item.Code): nil}
}

func withValues(known any, seen []Value) []any {
	list, _ := known.([]any)
	list = slices.Clone(list)
	for _, v := range seen {
		var value any
		if json.Unmarshal([]byte(v.Value), &value) == nil { // one that was cut is left out
			list = append(list, value)
		}
	}
	return list
}

func oneOrAll(types []string) any {
	if len(types) == 1 {
		return types[0]
	}
	return types
}

// names are never nil, which would take a keyword away from a schema by a merge patch.
func names(value any) []string { return append([]string{}, valuepath.Texts(value)...) }

// typeOf is the JSON Schema type of a value.
func typeOf(value any) string {
	if number, ok := value.(json.Number); ok && !strings.ContainsAny(number.String(), ".eE") {
		return "integer"
	}
	return valuepath.Type(value)
}
