package validator

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Values that are written as name[member]=value, in queries and in forms. OpenAPI has the
// style for the members of an object alone; what is inside of those, and lists, is written
// as PHP and Rails read it.

// mostDeep is how deep names are followed: each step reads the rest of the name again.
const mostDeep = 32

// deepName is what a key names inside of a member: size][min for name[size][min] is
// size[min]. A list there is written name[member][]=value or repeats its name.
func deepName(name, key string) (inside string, ok bool) {
	rest, ok := strings.CutPrefix(key, name+"[")
	if !ok || strings.Count(rest, "[") > mostDeep {
		return "", false
	}
	return step(rest)
}

// step takes the first name out of member]… as deepName has it.
func step(rest string) (inside string, closed bool) {
	member, rest, closed := strings.Cut(rest, "]")
	if rest != "" && rest != "[]" {
		member += rest
	}
	return member, closed
}

// deepFields are those that a query or a form has as name[member]=value.
func deepFields(name string, given url.Values) url.Values {
	var fields url.Values
	for key, texts := range given {
		inside, ok := deepName(name, key)
		if !ok {
			continue
		}
		if fields == nil {
			fields = url.Values{}
		}
		fields[inside] = append(fields[inside], texts...)
	}
	return fields
}

// grouped are fields by their first name: those that are texts, and those that have
// members of their own.
func grouped(fields url.Values) (plain url.Values, deeper map[string]url.Values) {
	plain, deeper = url.Values{}, map[string]url.Values{}
	for name, texts := range fields {
		outer, rest, isDeeper := strings.Cut(name, "[")
		inside, closed := step(rest)
		if !isDeeper || !closed {
			plain[name] = texts
			continue
		}
		if deeper[outer] == nil {
			deeper[outer] = url.Values{}
		}
		deeper[outer][inside] = append(deeper[outer][inside], texts...)
	}
	return plain, deeper
}

// objectOf reads the members of an object by the schema. It is not read where nobody
// knows what a list in it has.
func objectOf(nodes []*node, fields url.Values) (object map[string]any, read bool) {
	plain, deeper := grouped(fields)
	object = make(map[string]any, len(fields))
	for name, texts := range plain {
		object[name] = fieldOf(nodes, name, texts)
	}
	for name, inside := range deeper {
		below, _ := member(nodes, name, viewOf(anything{}))
		if object[name], read = deepValue(below, inside); !read {
			return nil, false
		}
	}
	return object, true
}

// deepValue is an object, or a list where the schema has one and names are numbers or
// nothing.
func deepValue(nodes []*node, fields url.Values) (value any, read bool) {
	kinds, items := kindsOf(nodes)
	plain, deeper := grouped(fields)
	names := itemNames(plain, deeper)
	if !slices.Contains(kinds, "array") || names == nil {
		return objectOf(nodes, fields)
	}
	inside, list := element(nodes, 0, viewOf(anything{})), []any{}
	for _, name := range names {
		for _, text := range plain[name] {
			list = append(list, decodeAs(items, text))
		}
		for _, one := range itemsOf(name, deeper[name]) {
			if value, read = deepValue(inside, one); !read {
				return nil, false
			}
			list = append(list, value)
		}
		if name == "" && len(deeper[name]) > 1 {
			return nil, false // PHP and Rails differ in which members are of one item
		}
	}
	return list, true
}

// itemsOf are the items of a name: one, or, where they have no number, one for each text.
func itemsOf(name string, members url.Values) []url.Values {
	switch {
	case len(members) == 0:
		return nil
	case name != "":
		return []url.Values{members}
	}
	var list []url.Values
	for member, texts := range members {
		for _, text := range texts {
			list = append(list, url.Values{member: {text}})
		}
	}
	return list
}

// itemNames are the numbers of a list's items in their order; nil where a name is no
// number, nor nothing.
func itemNames(plain url.Values, deeper map[string]url.Values) []string {
	numbers := map[string]uint64{}
	add := func(name string) bool {
		number, err := strconv.ParseUint(name, 10, 64)
		numbers[name] = number
		return err == nil || name == ""
	}
	for name := range plain {
		if !add(name) {
			return nil
		}
	}
	for name := range deeper {
		if !add(name) {
			return nil
		}
	}
	names := make([]string, 0, len(numbers))
	for name := range numbers {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(numbers[a], numbers[b]), strings.Compare(a, b)) })
	return names
}
