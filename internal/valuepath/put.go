package valuepath

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Put stores a value at a dotted path of an object. Objects on the way are made;
// an array's element must be there.
func Put(object map[string]any, path string, value any) error {
	if path != "" && !strings.Contains(path, ".") {
		object[path] = value
		return nil
	}
	segments := strings.Split(path, ".")
	if slices.Contains(segments, "") {
		return fmt.Errorf("path %q has an empty name; write it as data.text", path)
	}
	var inside any = object
	for i, segment := range segments[:len(segments)-1] {
		next, ok := member(inside, segment)
		if !ok || next == nil {
			next = map[string]any{}
			if err := putMember(inside, segment, next); err != nil {
				return fmt.Errorf("path %q: %w", path, err)
			}
		}
		switch next.(type) {
		case map[string]any, []any:
		default:
			return fmt.Errorf("path %q goes through %q, which is no object but %s", path, strings.Join(segments[:i+1], "."), JSON(next))
		}
		inside = next
	}
	if err := putMember(inside, segments[len(segments)-1], value); err != nil {
		return fmt.Errorf("path %q: %w", path, err)
	}
	return nil
}

func putMember(inside any, key string, value any) error {
	switch inside := inside.(type) {
	case map[string]any:
		inside[key] = value
	case []any:
		i, ok := index(inside, key)
		if !ok {
			return fmt.Errorf("%q is no element of an array with %d", key, len(inside))
		}
		inside[i] = value
	}
	return nil
}

// PutAll stores copies of values in the order of their dotted paths, so that a
// longer path finds what a shorter one made.
func PutAll(object, values map[string]any) error {
	for _, path := range slices.Sorted(maps.Keys(values)) {
		if err := Put(object, path, Copy(values[path])); err != nil {
			return err
		}
	}
	return nil
}

// Copy returns a copy of a decoded JSON value.
func Copy(value any) any {
	switch value := value.(type) {
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, one := range value {
			next[key] = Copy(one)
		}
		return next
	case []any:
		next := make([]any, len(value))
		for i, one := range value {
			next[i] = Copy(one)
		}
		return next
	}
	return value
}

// JSON writes a value in one line, as it stands in error messages and comparisons.
func JSON(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}
