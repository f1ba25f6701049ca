package validator

import (
	"fmt"
	"net/url"
	"strings"
)

// splitKeys are the names under which choices are set aside.
var splitKeys = map[string]string{"oneOf": "x-parley-oneOf", "anyOf": "x-parley-anyOf"}

// formatPrefix marks our own format checks: the library's accept a bare time as
// date-time and a display name as email, and refuse numbers.
const formatPrefix = "parley:"

// prepared copies a schema for the compiler, without what it does not read.
func prepared(value any, split bool) any {
	keywords, ok := value.(map[string]any)
	if !ok {
		return value
	}
	next := make(map[string]any, len(keywords))
	for key, inside := range keywords {
		switch key {
		case "format":
			next[key] = formatPrefix + fmt.Sprint(inside)
		case "properties", "patternProperties", "definitions", "dependencies":
			next[key] = preparedMap(inside, split && key != "dependencies")
		case "oneOf", "anyOf":
			if split {
				key = splitKeys[key]
			}
			next[key] = preparedList(inside, split)
		case "items", "allOf", "additionalItems", "additionalProperties", "then", "else":
			next[key] = preparedList(inside, split)
		case "if", "not", "contains", "propertyNames":
			next[key] = prepared(inside, false)
		default:
			if !strings.HasPrefix(key, "x-") {
				next[key] = inside
			}
		}
	}
	return next
}

func preparedMap(value any, split bool) any {
	named, ok := value.(map[string]any)
	if !ok {
		return value
	}
	next := make(map[string]any, len(named))
	for name, inside := range named {
		next[name] = prepared(inside, split)
	}
	return next
}

// preparedList also takes the one schema that some keywords allow for a list.
func preparedList(value any, split bool) any {
	list, ok := value.([]any)
	if !ok {
		return prepared(value, split)
	}
	next := make([]any, len(list))
	for i := range list {
		next[i] = prepared(list[i], split)
	}
	return next
}

// addressOf gives a file of the contract, and a pointer into it, an address. The
// name is reserved (RFC 2606), so nothing can be fetched from it.
func addressOf(place string) string {
	file, pointer, _ := strings.Cut(place, "#")
	u := url.URL{Scheme: "https", Host: "contract.invalid", Path: "/" + file, Fragment: pointer}
	return u.String()
}
