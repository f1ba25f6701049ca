package infer

import (
	"maps"
	"slices"
	"strings"
)

// often is from how many on what was always there is taken for mandatory.
const often = 2

// schema is the JSON Schema (draft-07) of a shape. It allows further members.
func (s *shape) schema() map[string]any {
	out := map[string]any{}
	types := s.types()
	if len(types) == 0 {
		return out
	}
	out["type"] = oneOrAll(types)
	s.strings.describe(out)
	if s.closed {
		return out
	}
	if s.items != nil {
		out["items"] = s.items.schema()
	}
	if s.isMap() {
		out["additionalProperties"] = s.anyMember().schema()
		return out
	}
	if s.hidden != nil {
		out["additionalProperties"] = s.hidden.schema()
	}
	if len(s.members) == 0 {
		return out
	}
	properties, required := map[string]any{}, []any{}
	for _, name := range slices.Sorted(maps.Keys(s.members)) {
		inside := s.members[name].schema()
		inside["x-evidence"] = "observed"
		properties[name] = inside
		if s.members[name].seen == s.objects && s.objects >= often {
			required = append(required, name)
		}
	}
	out["properties"] = properties
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func oneOrAll(types []string) any {
	if len(types) == 1 {
		return types[0]
	}
	var list []any
	for _, one := range types {
		list = append(list, one)
	}
	return list
}

// isMap tells whether an object's names are data: all are IDs, or they are many, none
// of which most objects have, while their values are alike.
func (s *shape) isMap() bool {
	const many = 8
	if len(s.members) == 0 {
		return false
	}
	ids, common := 0, 0
	for name, inside := range s.members {
		if isID(name) {
			ids++
		}
		if inside.seen*2 > s.objects {
			common++
		}
	}
	return ids == len(s.members) || len(s.members) >= many && common == 0 && s.membersAreAlike()
}

func (s *shape) membersAreAlike() bool {
	first := ""
	for _, inside := range s.members {
		kinds := strings.Join(slices.DeleteFunc(inside.types(), func(kind string) bool { return kind == "null" }), " ")
		switch {
		case kinds == "" || kinds == first:
		case first == "":
			first = kinds
		default:
			return false
		}
	}
	return true
}

// anyMember is what all members are together.
func (s *shape) anyMember() *shape {
	all := &shape{}
	all.merge(s.hidden)
	for _, inside := range s.members {
		all.merge(inside)
	}
	return all
}

// paths lists where the shape has members, to a depth that tells one kind of thing
// from another.
func (s *shape) paths() map[string]bool {
	found := map[string]bool{}
	var walk func(s *shape, at string, depth int)
	walk = func(s *shape, at string, depth int) {
		if s == nil || depth == 0 {
			return
		}
		walk(s.items, at+"/*", depth-1)
		for name, inside := range s.members {
			found[at+"/"+name] = true
			walk(inside, at+"/"+name, depth-1)
		}
	}
	walk(s, "", 5)
	return found
}
