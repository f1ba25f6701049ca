package specs

import (
	"maps"
	"slices"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// Variant is a payload that describes a value inside another payload where one of
// its properties has a certain value: what a schema says with if and then.
type Variant struct {
	Pointer  string // of the object, "/body"; * stands for any item
	Property string // of that object
	Value    any
	Payload  string // that the object then is
}

// Variants lists what a payload's objects can be, in the order of the schema.
// References, properties, items, allOf and then are followed.
func (c *Contract) Variants(payload string) []Variant {
	p, ok := c.Payloads[payload]
	if !ok {
		return nil
	}
	w := variantWalk{contract: c}
	w.schema(p, p.Schema(), "")
	return w.variants
}

type variantWalk struct {
	contract *Contract
	variants []Variant
	inside   []string // references being followed, to stop at a loop
}

func (w *variantWalk) schema(p *Payload, schema map[string]any, at string) {
	if schema == nil {
		return
	}
	if ref, ok := schema["$ref"].(string); ok {
		target, inner := w.contract.Resolve(p, ref)
		if target != nil && !slices.Contains(w.inside, target.Name+ref) {
			w.inside = append(w.inside, target.Name+ref)
			w.schema(target, object(inner), at)
			w.inside = w.inside[:len(w.inside)-1]
		}
		return
	}
	then := object(schema["then"])
	if ref, ok := then["$ref"].(string); ok {
		w.note(p, object(schema["if"]), ref, at)
	} else if then != nil {
		w.schema(p, then, at)
	}
	properties := object(schema["properties"])
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		w.schema(p, object(properties[name]), at+"/"+jsonpointer.Escape(name))
	}
	w.schema(p, object(schema["items"]), at+"/*")
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		w.schema(p, object(part), at)
	}
}

// note keeps a condition that compares one property with one value.
func (w *variantWalk) note(p *Payload, condition map[string]any, ref, at string) {
	target, _ := w.contract.Resolve(p, ref)
	properties := object(condition["properties"])
	if target == nil || len(properties) != 1 {
		return
	}
	for name, rule := range properties {
		if value, ok := object(rule)["const"]; ok {
			w.variants = append(w.variants, Variant{Pointer: at, Property: name, Value: value, Payload: target.Name})
		}
	}
}
