package specs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// Field is one property of a payload, at any depth, as its schema describes it.
type Field struct {
	Pointer     string // "/data/files/*/URL"; * stands for any item
	Type        string // "string", "object", …; "any" when the schema leaves it open
	Required    bool   // in the object that holds it
	Description string
	Const       any
	KnownValues []any // x-known-values: others may come
	Enum        []any // others are wrong
	Secret      bool
	Requirement string // ID; "" when none is named
	Evidence    Evidence
}

// Fields lists the properties of a payload, depth first and sorted, references
// and allOf followed. A schema that refers to itself is followed once.
func (c *Contract) Fields(payload string) []Field {
	p, ok := c.Payloads[payload]
	if !ok {
		return nil
	}
	w := fieldWalk{contract: c, at: map[string]int{}}
	w.schema(p, p.Schema(), "")
	return w.fields
}

// note adds a field, or what an allOf says of one that is there already.
func (w *fieldWalk) note(f Field) {
	i, there := w.at[f.Pointer]
	if !there {
		w.at[f.Pointer] = len(w.fields)
		w.fields = append(w.fields, f)
		return
	}
	known := &w.fields[i]
	known.Required = known.Required || f.Required
	known.Secret = known.Secret || f.Secret
	if known.Type == "any" {
		known.Type = f.Type
	}
	known.Description = cmp.Or(known.Description, f.Description)
	if known.Evidence.Class == "" {
		known.Evidence = f.Evidence
	}
}

type fieldWalk struct {
	contract *Contract
	fields   []Field
	at       map[string]int // index of a field by its pointer
	inside   []string       // references being followed, to stop at a loop
}

func (w *fieldWalk) schema(p *Payload, schema map[string]any, at string) {
	if ref, ok := schema["$ref"].(string); ok {
		w.follow(p, ref, at)
		return
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property, ok := properties[name].(map[string]any)
		if !ok {
			continue
		}
		pointer := at + "/" + jsonpointer.Escape(name)
		w.note(w.field(p, property, pointer, slices.Contains(required, any(name))))
		w.schema(p, property, pointer)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		w.schema(p, items, at+"/*")
	}
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		if part, ok := part.(map[string]any); ok {
			w.schema(p, part, at)
		}
	}
}

func (w *fieldWalk) follow(p *Payload, ref, at string) {
	target, schema := w.contract.Resolve(p, ref)
	object, ok := schema.(map[string]any)
	if !ok || slices.Contains(w.inside, target.Name+ref) {
		return
	}
	w.inside = append(w.inside, target.Name+ref)
	w.schema(target, object, at)
	w.inside = w.inside[:len(w.inside)-1]
}

func (w *fieldWalk) field(p *Payload, property map[string]any, pointer string, required bool) Field {
	f := Field{Pointer: pointer, Required: required, Evidence: EvidenceOf(property), Const: property["const"]}
	f.Requirement, _ = property["x-requirement"].(string)
	if ref, ok := property["$ref"].(string); ok {
		_, schema := w.contract.Resolve(p, ref)
		property = object(schema)
	}
	f.Type = typeOf(property)
	f.Description, _ = property["description"].(string)
	f.KnownValues, _ = property["x-known-values"].([]any)
	f.Enum, _ = property["enum"].([]any)
	f.Secret, _ = property["x-secret"].(bool)
	return f
}

func typeOf(schema map[string]any) string {
	switch kind := schema["type"].(type) {
	case string:
		return kind
	case []any:
		var names []string
		for _, one := range kind {
			names = append(names, fmt.Sprint(one))
		}
		return strings.Join(names, "|")
	}
	switch schema["const"].(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	}
	return "any"
}
