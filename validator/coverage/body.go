package coverage

import (
	"encoding/json"
	"fmt"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/specs"
)

// body counts the values that one payload described.
type body struct {
	seen     int
	fields   []*field
	variants []variant
}

type variant struct {
	specs.Variant
	path []string // of the object
}

// field counts one property, at whatever depth.
type field struct {
	specs.Field
	path   []string // of the object that holds it; * for any item
	name   string
	values []any // that the contract knows

	present, absent, empty int
	known                  []int // by the index of values
	other                  int   // present with another value
}

func newBody(c *specs.Contract, payload string) *body {
	b := &body{}
	for _, f := range c.Fields(payload) {
		path := jsonpointer.Keys(f.Pointer)
		values := f.KnownValues
		if len(f.Enum) > 0 {
			values = f.Enum
		}
		b.fields = append(b.fields, &field{
			Field: f, path: path[:len(path)-1], name: path[len(path)-1], values: values, known: make([]int, len(values)),
		})
	}
	for _, v := range c.Variants(payload) {
		b.variants = append(b.variants, variant{v, jsonpointer.Keys(v.Pointer)})
	}
	return b
}

func (b *body) count(value any) {
	b.seen++
	for _, f := range b.fields {
		for _, object := range holders(value, f.path) {
			f.count(object)
		}
	}
}

func (f *field) count(object map[string]any) {
	value, there := object[f.name]
	if !there {
		f.absent++
		return
	}
	f.present++
	if isEmpty(value) {
		f.empty++
	}
	for i, known := range f.values {
		if same(value, known) {
			f.known[i]++
			return
		}
	}
	f.other++
}

// holders are the objects at a place, where * stands for every item.
func holders(value any, path []string) []map[string]any {
	if len(path) == 0 {
		if object, ok := value.(map[string]any); ok {
			return []map[string]any{object}
		}
		return nil
	}
	switch value := value.(type) {
	case map[string]any:
		return holders(value[path[0]], path[1:])
	case []any:
		var all []map[string]any
		for _, item := range value {
			if path[0] == "*" {
				all = append(all, holders(item, path[1:])...)
			}
		}
		return all
	}
	return nil
}

// isEmpty is true of null, "", [] and {}.
func isEmpty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

// same compares two scalars of JSON, however they were decoded.
func same(a, b any) bool {
	switch a.(type) {
	case string, bool, json.Number, float64, int:
		return fmt.Sprint(a) == fmt.Sprint(b)
	}
	return a == nil && b == nil
}
