package madeup

import (
	"errors"
	"maps"
	"slices"
)

func (s *shape) addValues(schema map[string]any) error {
	if kinds := typesOf(schema); kinds != nil {
		if s.types == nil {
			s.types = kinds
		} else {
			s.types = common(s.types, kinds)
		}
		if len(s.types) == 0 {
			return errors.New("its schemas demand types that exclude each other")
		}
	}
	values, narrowed := list(schema["enum"]), schema["enum"] != nil
	if value, ok := schema["const"]; ok {
		values, narrowed = []any{value}, true
	}
	if narrowed {
		if s.values != nil {
			values = slices.DeleteFunc(slices.Clone(values), func(v any) bool { return !holds(s.values, v) })
		}
		if s.values = values; len(values) == 0 {
			return errors.New("its schemas demand values that exclude each other")
		}
	}
	s.examples = append(s.examples, list(schema["examples"])...)
	if value, ok := schema["example"]; ok {
		s.examples = append(s.examples, value)
	}
	if known := list(schema["x-known-values"]); len(known) > 0 {
		s.examples = append(s.examples, known...)
	}
	if value, ok := schema["default"]; ok && value != nil {
		s.examples = append(s.examples, value)
	}
	return nil
}

func typesOf(schema map[string]any) []string {
	var kinds []string
	switch kind := schema["type"].(type) {
	case string:
		kinds = []string{kind}
	case []any:
		for _, one := range kind {
			if name, ok := one.(string); ok {
				kinds = append(kinds, name)
			}
		}
	}
	if schema["nullable"] == true && kinds != nil && !slices.Contains(kinds, "null") {
		kinds = append(kinds, "null")
	}
	return kinds
}

// common are the types of both; an integer is a number.
func common(a, b []string) []string {
	var both []string
	for _, kind := range a {
		switch {
		case slices.Contains(b, kind), kind == "integer" && slices.Contains(b, "number"):
			both = append(both, kind)
		case kind == "number" && slices.Contains(b, "integer"):
			both = append(both, "integer")
		}
	}
	return both
}

func (s *shape) addText(schema map[string]any) {
	if format, ok := schema["format"].(string); ok {
		s.format = format
	}
	if pattern, ok := schema["pattern"].(string); ok && !slices.Contains(s.patterns, pattern) {
		s.patterns = append(s.patterns, pattern)
	}
	s.lengths.narrow(schema["minLength"], schema["maxLength"])
}

func (s *shape) addNumber(schema map[string]any) {
	if unit, ok := schema["x-unit"].(string); ok {
		s.unit = unit
	}
	low, high := rational(schema["minimum"]), rational(schema["maximum"])
	if low != nil {
		s.least = higher(s.least, &limit{low, schema["exclusiveMinimum"] == true})
	}
	if high != nil {
		s.most = lower(s.most, &limit{high, schema["exclusiveMaximum"] == true})
	}
	if low := rational(schema["exclusiveMinimum"]); low != nil {
		s.least = higher(s.least, &limit{low, true})
	}
	if high := rational(schema["exclusiveMaximum"]); high != nil {
		s.most = lower(s.most, &limit{high, true})
	}
	if multiple := rational(schema["multipleOf"]); multiple != nil && multiple.Sign() > 0 {
		s.multiples = append(s.multiples, multiple)
	}
}

func (s *shape) addObject(at place, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	others, limited := schema["additionalProperties"]
	patterns, _ := schema["patternProperties"].(map[string]any)
	own := func(name string) bool {
		_, named := properties[name]
		return named || matchesAny(patterns, name)
	}
	if limited && others == false {
		maps.DeleteFunc(s.properties, func(name string, _ []place) bool { return !own(name) })
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if _, known := s.properties[name]; known || !s.closed || s.byPatternHas(name) {
			s.properties[name] = append(s.properties[name], place{at.payload, properties[name]})
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(patterns)) {
		s.byPattern = append(s.byPattern, patterned{pattern, place{at.payload, patterns[pattern]}})
	}
	switch {
	case others == false:
		s.closed = true
	case limited && others != true:
		for name := range s.properties {
			if !own(name) {
				s.properties[name] = append(s.properties[name], place{at.payload, others})
			}
		}
		s.additional = append(s.additional, place{at.payload, others})
	}
	for _, name := range list(schema["required"]) {
		if name, ok := name.(string); ok && !slices.Contains(s.required, name) {
			s.required = append(s.required, name)
		}
	}
	if names, ok := schema["propertyNames"]; ok {
		s.names = append(s.names, place{at.payload, names})
	}
	for _, key := range []string{"dependencies", "dependentRequired", "dependentSchemas"} {
		dependencies, _ := schema[key].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(dependencies)) {
			demanded := dependencies[name]
			if names, isList := demanded.([]any); isList {
				s.dependencies[name] = append(slices.Clone(s.dependencies[name]), names...)
				continue
			}
			there := place{at.payload, map[string]any{"required": []any{name}}}
			s.conditions = append(s.conditions, condition{there, place{at.payload, demanded}, place{at.payload, true}})
		}
	}
	s.members.narrow(schema["minProperties"], schema["maxProperties"])
}

func (s *shape) byPatternHas(name string) bool {
	return slices.ContainsFunc(s.byPattern, func(p patterned) bool { return matches(p.pattern, name) })
}

func (s *shape) addList(at place, schema map[string]any) {
	tuple := list(schema["prefixItems"])
	rest, hasRest := schema["items"]
	if inOrder, ok := rest.([]any); ok {
		tuple = inOrder
		rest, hasRest = schema["additionalItems"]
	}
	for i, one := range tuple {
		if i >= len(s.tuple) {
			s.tuple = append(s.tuple, slices.Clone(s.elements))
		}
		s.tuple[i] = append(slices.Clone(s.tuple[i]), place{at.payload, one})
	}
	if hasRest && rest == false {
		s.noMore = true
	} else if hasRest {
		s.elements = append(s.elements, place{at.payload, rest})
	}
	if one, ok := schema["contains"]; ok {
		least, given := whole(schema["minContains"])
		if !given {
			least = 1
		} else if least > 0 {
			s.items.narrow(schema["minContains"], nil)
		}
		for range min(least, mostElements) { // the first so many elements are such
			s.contains = append(s.contains, place{at.payload, one})
		}
	}
	s.unique = s.unique || schema["uniqueItems"] == true
	s.items.narrow(schema["minItems"], schema["maxItems"])
}
