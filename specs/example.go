package specs

import (
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// exampleOf is a value that the document shows for a parameter: its own example, the
// first of its examples, or that of its schema. Nil: none.
func exampleOf(source *openapi3.Parameter) any {
	if source.Example != nil {
		return jsonNumbers(source.Example)
	}
	for _, name := range slices.Sorted(maps.Keys(source.Examples)) {
		if one := source.Examples[name]; one != nil && one.Value != nil && one.Value.Value != nil {
			return jsonNumbers(one.Value.Value)
		}
	}
	if source.Schema == nil || source.Schema.Value == nil {
		return nil
	}
	if len(source.Schema.Value.Examples) > 0 {
		return jsonNumbers(source.Schema.Value.Examples[0])
	}
	if source.Schema.Value.Example == nil {
		return nil
	}
	return jsonNumbers(source.Schema.Value.Example)
}

// Documented is a value of which the document says that the parameter has it: the only
// one, the first of few, an example, or the default.
func (p Parameter) Documented() (value any, ok bool) {
	if value, ok = p.Schema["const"]; ok {
		return value, true
	}
	if list, _ := p.Schema["enum"].([]any); len(list) > 0 {
		if p.Example != nil && slices.ContainsFunc(list, func(one any) bool { return fmt.Sprint(one) == fmt.Sprint(p.Example) }) {
			return p.Example, true
		}
		return list[0], true
	}
	if p.Example != nil {
		return p.Example, true
	}
	value, ok = p.Schema["default"]
	return value, ok
}
