// Package valuepath tells what values in decoded JSON are, finds them, and puts them
// there, by a path: a dotted one as users write it in flags, stories and tests,
// "data.files.0.name", or a JSON pointer (RFC 6901) as findings have it,
// "/data/files/0/name".
package valuepath

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// Dotted finds a value by its dotted path, "data.files.0.name".
func Dotted(value any, path string) (any, bool) {
	found := true
	for segment := range strings.SplitSeq(path, ".") {
		if value, found = member(value, segment); !found {
			return nil, false
		}
	}
	return value, true
}

// Pointer finds a value by a JSON pointer; "" is the whole value.
func Pointer(value any, pointer string) (any, bool) {
	if pointer == "" {
		return value, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	found := true
	for segment := range strings.SplitSeq(pointer[1:], "/") {
		if value, found = member(value, jsonpointer.Unescape(segment)); !found {
			return nil, false
		}
	}
	return value, true
}

// member is what an object has under a key, or an array at an index.
func member(value any, key string) (any, bool) {
	switch inside := value.(type) {
	case map[string]any:
		next, ok := inside[key]
		return next, ok
	case []any:
		if i, ok := index(inside, key); ok {
			return inside[i], true
		}
	}
	return nil, false
}

func index(array []any, key string) (int, bool) {
	i, err := strconv.Atoi(key)
	return i, err == nil && i >= 0 && i < len(array)
}

// Text finds a value in a JSON body by its dotted path, and returns a string as it
// is and anything else as JSON. It reports false when the body is no JSON or has no
// such value.
func Text(body []byte, path string) (string, bool) {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return "", false
	}
	found, ok := Dotted(value, path)
	if !ok {
		return "", false
	}
	if text, isText := found.(string); isText {
		return text, true
	}
	return JSON(found), true
}
