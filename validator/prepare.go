package validator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/parleykit/parley/specs"
)

// splitKeys are the names under which choices are set aside, and patterns of keys, which
// the compiler reads anew for every key of every body.
var splitKeys = map[string]string{"oneOf": splitPrefix + "oneOf", "anyOf": splitPrefix + "anyOf", "patternProperties": splitPrefix + "patternProperties"}

const splitPrefix = "x-parley-"

// patternsAlone reports whether what patterns of keys say can be told without the rest of a
// schema: no other keyword asks which keys they leave.
func patternsAlone(keywords map[string]any) bool {
	rest, said := keywords["additionalProperties"]
	return !said || rest == true
}

// formatPrefix marks our own format checks: the library's accept a bare time as
// date-time and a display name as email, and refuse numbers.
const formatPrefix = "parley:"

// choices says what becomes of oneOf and anyOf.
type choices int8

const (
	kept     choices = iota
	apart            // set aside
	keptHere         // kept, because they decide, where others are set aside
)

// deciding is what becomes of choices where a schema only decides.
func (c choices) deciding() choices {
	if c == apart {
		return keptHere
	}
	return c
}

// prepared copies a schema for the compiler, without what it does not read.
func prepared(value any, choices choices) any {
	keywords, ok := value.(map[string]any)
	if !ok {
		return value
	}
	next := make(map[string]any, len(keywords))
	for key, inside := range keywords {
		switch key {
		case "format":
			next[key] = formatPrefix + fmt.Sprint(inside)
		case "$ref":
			next[key] = preparedRef(inside, choices)
		case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
			next[key] = preparedCount(inside)
		case "patternProperties":
			if choices == apart && patternsAlone(keywords) {
				next[splitKeys[key]] = preparedMap(inside, choices)
				continue
			}
			next[key] = preparedPatterns(inside, choices)
		case "properties", "definitions":
			next[key] = preparedMap(inside, choices)
		case "dependencies":
			next[key] = preparedMap(inside, choices.deciding())
		case "oneOf", "anyOf":
			if choices == apart {
				key = splitKeys[key]
			}
			next[key] = preparedList(inside, choices)
		case "items", "allOf", "additionalItems", "additionalProperties", "then", "else":
			next[key] = preparedList(inside, choices)
		case "if", "not", "contains", "propertyNames":
			next[key] = prepared(inside, choices.deciding())
		default:
			if !strings.HasPrefix(key, "x-") {
				next[key] = inside
			}
		}
	}
	prepareParts(keywords, next)
	return next
}

// prepareParts writes what the compiler does not know as it does: a pattern that it
// cannot take as a format, the format of a number as bounds. It leaves to the acceptor what other keys than those of such patterns may be.
func prepareParts(keywords, next map[string]any) {
	if text, ok := keywords["pattern"].(string); ok && !isRE2(text) {
		delete(next, "pattern")
		list, _ := next["allOf"].([]any)
		next["allOf"] = append(list[:len(list):len(list)], map[string]any{"format": asFormat(text)})
	}
	boundNumber(keywords, next)
	named, _ := keywords["patternProperties"].(map[string]any)
	for key := range named {
		if !isRE2(key) {
			delete(next, "additionalProperties")
		}
	}
}

// boundNumber writes the format of a number as bounds.
func boundNumber(keywords, next map[string]any) {
	if name, ok := keywords["format"].(string); ok && numberFormats[name] != nil {
		bounds := numberFormats[name]
		list, _ := next["allOf"].([]any)
		next["allOf"] = append(list[:len(list):len(list)], map[string]any{"minimum": bounds.least, "maximum": bounds.most})
	}
}

// preparedPatterns leaves out the patterns that the compiler cannot take: the acceptor
// judges by them.
func preparedPatterns(value any, choices choices) any {
	named, ok := preparedMap(value, choices).(map[string]any)
	if !ok {
		return value
	}
	for key := range named {
		if !isRE2(key) {
			delete(named, key)
		}
	}
	return named
}

func preparedMap(value any, choices choices) any {
	return preparedNamed(value, func(inside any) any { return prepared(inside, choices) })
}

// preparedNamed copies an object of schemas, each of which is prepared.
func preparedNamed(value any, prepare func(schema any) any) any {
	named, ok := value.(map[string]any)
	if !ok {
		return value
	}
	next := make(map[string]any, len(named))
	for name, inside := range named {
		next[name] = prepare(inside)
	}
	return next
}

// preparedList also takes the one schema that some keywords allow for a list.
func preparedList(value any, choices choices) any {
	list, ok := value.([]any)
	if !ok {
		return prepared(value, choices)
	}
	next := make([]any, len(list))
	for i := range list {
		next[i] = prepared(list[i], choices)
	}
	return next
}

// preparedRef is a reference to where its target stands when choices are set aside.
func preparedRef(value any, choices choices) any {
	ref, ok := value.(string)
	pointer := specs.PointerOf(ref)
	if !ok || choices == kept || pointer == "" {
		return value
	}
	file, _, _ := strings.Cut(ref, "#")
	return file + "#" + (&url.URL{Fragment: splitPointer(pointer)}).EscapedFragment()
}

// splitPointer is the pointer to a schema when choices are set aside.
func splitPointer(pointer string) string {
	if !strings.Contains(pointer, "Of") {
		return pointer
	}
	segments := strings.Split(pointer, "/")
	for i := 1; i < len(segments); i++ { // the first is what stands before the first slash
		switch segments[i] {
		case "if", "not", "contains", "propertyNames", "dependencies":
			return strings.Join(segments, "/") // what decides keeps its choices
		case "oneOf", "anyOf":
			segments[i] = splitKeys[segments[i]]
			i++ // its index
		case "properties", "patternProperties", "definitions":
			i++ // a name, whatever it is
		}
	}
	return strings.Join(segments, "/")
}

// preparedCount writes a count as the compiler takes it: to draft-07 2.0 is a whole
// number as well.
func preparedCount(value any) any {
	number, ok := value.(json.Number)
	if whole, digits, pointed := strings.Cut(string(number), "."); ok && pointed && strings.Trim(digits, "0") == "" {
		return json.Number(whole)
	}
	return value
}

// addressOf gives a file of the contract, and a pointer into it, an address. The
// name is reserved (RFC 2606), so nothing can be fetched from it.
func addressOf(place string) string {
	file, pointer, _ := strings.Cut(place, "#")
	u := url.URL{Scheme: "https", Host: "contract.invalid", Path: "/" + file, Fragment: pointer}
	return u.String()
}
