package validator

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/valuepath"
)

// replaceMember puts a member, written as JSON, in the place of another.
func replaceMember(t *testing.T, body, member string) string {
	t.Helper()
	var object, with map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &object); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte("{"+member+"}"), &with); err != nil {
		t.Fatal(err)
	}
	maps.Copy(object, with)
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// change returns a deep copy of a value in which the one at a pointer is replaced
// by what edit makes of the object or array that holds it.
func change(value any, pointer string, edit func(holder any, key string)) any {
	next := valuepath.Copy(value)
	holder, _ := valuepath.Pointer(next, jsonpointer.Parent(pointer))
	edit(holder, jsonpointer.Last(pointer))
	return next
}

// pointers lists every member and element of a value, in a fixed order.
func pointers(value any, at string) []string {
	var list []string
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			list = append(append(list, at+"/"+jsonpointer.Escape(key)), pointers(value[key], at+"/"+jsonpointer.Escape(key))...)
		}
	case []any:
		for i, inside := range value {
			list = append(append(list, at+"/"+strconv.Itoa(i)), pointers(inside, at+"/"+strconv.Itoa(i))...)
		}
	}
	return list
}

func without(holder any, key string) { delete(holder.(map[string]any), key) }

func with(value any) func(holder any, key string) {
	return func(holder any, key string) {
		switch holder := holder.(type) {
		case map[string]any:
			holder[key] = value
		case []any:
			i, _ := strconv.Atoi(key)
			holder[i] = value
		}
	}
}

// document is what Decode makes of a value's JSON.
func document(t *testing.T, value any) *Document {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return Decode(data)
}
