package independent

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// fault is a body in which one thing is wrong, or which is only different.
type fault struct {
	payload string
	sample  string
	keyword string // of the schema that is broken; "" when it is for the judges to say
	pointer string // of the value that breaks it
	body    any
	found   func() []traffic.Finding // by Parley, judged once for all tests that ask; nil: in a body of one test
}

func (f fault) String() string {
	body, err := json.Marshal(f.body)
	if err != nil {
		body = []byte(err.Error())
	}
	change := "as it is"
	switch {
	case f.keyword != "":
		change = fmt.Sprintf("breaks %s at %q", f.keyword, f.pointer)
	case f.pointer != "":
		change = fmt.Sprintf("changed at %q", f.pointer)
	}
	return fmt.Sprintf("%s, sample %s, %s: %.600s", f.payload, f.sample, change, body)
}

// corpus is every sample of a contract; each sample with one keyword of its schema
// broken, wherever one applies in every case; and the first sample of each payload
// with one value replaced by others, of which the judges say what they are.
func corpus(c *specs.Contract) []fault {
	var list []fault
	for _, name := range c.PayloadNames() {
		p := c.Payloads[name]
		for i, s := range p.Samples {
			var value any
			if err := json.Unmarshal(s.Body, &value); err != nil {
				continue // a form, which is no JSON
			}
			g := &generator{contract: c, fault: fault{payload: name, sample: s.Name}, whole: value}
			g.add("", "", value)
			g.breakKeywords(p, p.Schema(), value, nil)
			if i == 0 { // the others have much the same values
				g.replaceValues(value, nil)
			} else {
				g.made = slices.DeleteFunc(g.made, func(f fault) bool { return f.keyword == "type" })
			}
			list = append(list, g.made...)
		}
	}
	return list
}

type generator struct {
	contract *specs.Contract
	fault    fault
	whole    any
	made     []fault
}

func (g *generator) add(keyword, pointer string, body any) {
	next := g.fault
	next.keyword, next.pointer, next.body = keyword, pointer, body
	g.made = append(g.made, next)
}

// put makes the whole body with another value at a place.
func (g *generator) put(keyword string, at []string, value any) {
	g.add(keyword, pointerOf(at), with(g.whole, at, value))
}

// breakKeywords follows what applies to a value in every case: not the branches
// of anyOf, oneOf and if.
func (g *generator) breakKeywords(p *specs.Payload, schema, value any, at []string) {
	rules, ok := schema.(map[string]any)
	if !ok {
		return
	}
	if ref, ok := rules["$ref"].(string); ok {
		target, inner := g.contract.Resolve(p, ref)
		g.breakKeywords(target, inner, value, at)
		return // beside $ref draft-07 knows nothing
	}
	for _, part := range list(rules["allOf"]) {
		g.breakKeywords(p, part, value, at)
	}
	for _, keyword := range slices.Sorted(maps.Keys(rules)) {
		for _, broken := range breaking(keyword, rules, value) {
			g.put(keyword, at, broken)
		}
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range list(rules["required"]) {
			if name := name.(string); value[name] != nil {
				g.add("required", pointerOf(append(at, name)), without(g.whole, append(at, name)))
			}
		}
		properties, _ := rules["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(value)) {
			g.breakKeywords(p, properties[name], value[name], append(slices.Clone(at), name))
		}
	case []any:
		for i, element := range value[:min(len(value), 2)] {
			g.breakKeywords(p, rules["items"], element, append(slices.Clone(at), fmt.Sprint(i)))
		}
	}
}

// breaking are values of the right type, where that is possible, that one keyword
// does not allow.
func breaking(keyword string, rules map[string]any, value any) []any {
	switch keyword {
	case "type":
		return notOfTypes(rules["type"])
	case "const", "enum":
		switch value.(type) {
		case string:
			return []any{"zz-no-such-value"}
		case float64:
			return []any{-7777.5}
		}
	case "minLength":
		if _, isString := value.(string); isString && number(rules["minLength"]) >= 1 {
			return []any{""}
		}
	case "minimum":
		if _, isNumber := value.(float64); isNumber {
			return []any{number(rules["minimum"]) - 1}
		}
	case "minItems":
		if _, isArray := value.([]any); isArray && number(rules["minItems"]) >= 1 {
			return []any{[]any{}}
		}
	case "pattern":
		if _, isString := value.(string); isString {
			return []any{" "} // none of the contracts' patterns allows it
		}
	case "format":
		if _, isString := value.(string); isString {
			return []any{"no format knows <this>"}
		}
	}
	return nil
}

// notOfTypes has one value of each type that is not allowed.
func notOfTypes(allowed any) []any {
	names := list(allowed)
	if one, ok := allowed.(string); ok {
		names = []any{one}
	}
	var values []any
	for _, candidate := range []struct {
		names []string
		value any
	}{
		{[]string{"null"}, nil}, {[]string{"boolean"}, true}, {[]string{"string"}, "text"}, {[]string{"number", "integer"}, 17.0},
		{[]string{"number"}, 1.5}, {[]string{"array"}, []any{}}, {[]string{"object"}, map[string]any{}},
	} {
		if !slices.ContainsFunc(names, func(name any) bool { return slices.Contains(candidate.names, name.(string)) }) {
			values = append(values, candidate.value)
		}
	}
	return values
}

const spacedURL = "http://127.0.0.1/a b"

// others take the place of every value, one at a time.
var others = []any{nil, true, "", "x", " ", "é\u0000😀", spacedURL, "https://vendor.example/x", 0.0, -1.0, 1.5, 1e300, []any{}, []any{nil}, map[string]any{}, map[string]any{"zz": "x"}}

func (g *generator) replaceValues(value any, at []string) {
	for _, other := range others {
		g.put("", at, other)
	}
	switch value := value.(type) {
	case map[string]any:
		g.put("", append(slices.Clone(at), "zzAddedLater"), "x")
		for _, name := range slices.Sorted(maps.Keys(value)) {
			inner := append(slices.Clone(at), name)
			g.add("", pointerOf(inner), without(g.whole, inner))
			g.replaceValues(value[name], inner)
		}
	case []any:
		for i := range min(len(value), 1) { // the others are alike
			g.replaceValues(value[i], append(slices.Clone(at), fmt.Sprint(i)))
		}
	}
}

// with returns a copy of a body in which a value stands at a place.
func with(body any, at []string, value any) any {
	if len(at) == 0 {
		return value
	}
	switch body := body.(type) {
	case map[string]any:
		next := maps.Clone(body)
		next[at[0]] = with(body[at[0]], at[1:], value)
		return next
	case []any:
		next := slices.Clone(body)
		for i := range next {
			if fmt.Sprint(i) == at[0] {
				next[i] = with(next[i], at[1:], value)
			}
		}
		return next
	}
	return body
}

// without returns a copy of a body in which a member is missing.
func without(body any, at []string) any {
	object, ok := body.(map[string]any)
	if ok && len(at) == 1 {
		next := maps.Clone(object)
		delete(next, at[0])
		return next
	}
	if ok {
		return with(body, at[:1], without(object[at[0]], at[1:]))
	}
	elements, _ := body.([]any)
	for i, element := range elements {
		if fmt.Sprint(i) == at[0] {
			return with(body, at[:1], without(element, at[1:]))
		}
	}
	return body
}

func number(value any) float64 {
	n, err := strconv.ParseFloat(fmt.Sprint(value), 64)
	if err != nil {
		panic(err) // the schemas are compiled, so this is a number
	}
	return n
}

func list(value any) []any {
	elements, _ := value.([]any)
	return elements
}

func pointerOf(at []string) string {
	var text strings.Builder
	for _, name := range at {
		text.WriteString("/" + jsonpointer.Escape(name))
	}
	return text.String()
}
