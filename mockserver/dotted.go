package mockserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// lookUp finds a value by its dotted path, "data.files.0.name".
func lookUp(value any, dotted string) (any, bool) {
	for segment := range strings.SplitSeq(dotted, ".") {
		switch inside := value.(type) {
		case map[string]any:
			next, ok := inside[segment]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(inside) {
				return nil, false
			}
			value = inside[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// put stores a value at a dotted path of an object. Objects on the way are made;
// an array's element must be there.
func put(object map[string]any, dotted string, value any) error {
	if dotted != "" && !strings.Contains(dotted, ".") {
		object[dotted] = value
		return nil
	}
	segments := strings.Split(dotted, ".")
	if slices.Contains(segments, "") {
		return fmt.Errorf("path %q has an empty name; write it as data.text", dotted)
	}
	var inside any = object
	for i, segment := range segments[:len(segments)-1] {
		next, ok := lookUp(inside, segment)
		if !ok || next == nil {
			next = map[string]any{}
			if err := putOne(inside, segment, next); err != nil {
				return fmt.Errorf("path %q: %w", dotted, err)
			}
		}
		switch next.(type) {
		case map[string]any, []any:
		default:
			return fmt.Errorf("path %q goes through %q, which is no object but %s", dotted, strings.Join(segments[:i+1], "."), compact(next))
		}
		inside = next
	}
	if err := putOne(inside, segments[len(segments)-1], value); err != nil {
		return fmt.Errorf("path %q: %w", dotted, err)
	}
	return nil
}

func putOne(inside any, segment string, value any) error {
	switch inside := inside.(type) {
	case map[string]any:
		inside[segment] = value
		return nil
	case []any:
		i, err := strconv.Atoi(segment)
		if err != nil || i < 0 || i >= len(inside) {
			return fmt.Errorf("%q is no element of an array with %d", segment, len(inside))
		}
		inside[i] = value
	}
	return nil
}

// putAll stores values in the order of their paths, so that a longer path finds
// what a shorter one made.
func putAll(object, values map[string]any) error {
	for _, dotted := range slices.Sorted(maps.Keys(values)) {
		if err := put(object, dotted, copied(values[dotted])); err != nil {
			return err
		}
	}
	return nil
}

// copied returns a copy of a decoded JSON value.
func copied(value any) any {
	switch value := value.(type) {
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, one := range value {
			next[key] = copied(one)
		}
		return next
	case []any:
		next := make([]any, len(value))
		for i, one := range value {
			next[i] = copied(one)
		}
		return next
	}
	return value
}

// compact writes a value as JSON, as it stands in error messages and comparisons.
func compact(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// Lookup finds a value in a JSON body by its dotted path, "data.files.0.name", and
// returns a string as it is and anything else as JSON. It reports false when the
// body is no JSON or has no such value.
func Lookup(body []byte, dotted string) (string, bool) {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return "", false
	}
	found, ok := lookUp(value, dotted)
	if !ok {
		return "", false
	}
	if text, isText := found.(string); isText {
		return text, true
	}
	return compact(found), true
}
