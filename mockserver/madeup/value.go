package madeup

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
)

// Bounds of what is made: how deep members are made that need not be there, how deep
// any are, how many values there are at most, and how many in one list.
const (
	depthOfOptional = 3
	deepest         = 24
	mostValues      = 4_000
	mostElements    = 1_000
	mostDecisions   = 2_000
)

// errTangled says that too many choices exclude each other.
var errTangled = errors.New("its choices exclude each other in too many ways")

// hand makes one body.
type hand struct {
	contract *specs.Contract
	random   *rand.Rand
	budget   int // how many values may still be made
	taken    int // decisions
	try      int
	required bool
	given    map[string]any // at the top
}

// value makes a value that several schemas demand together. Name is that of the
// member that it is for.
func (h *hand) value(name string, places []place, depth int) (any, error) {
	if depth > deepest {
		return nil, errEndless
	}
	s, err := h.shapeOf(places)
	if err != nil {
		return nil, err
	}
	return h.decided(name, s, depth)
}

// decided takes each choice of a shape and each condition one way, and makes a value
// of what is demanded then.
func (h *hand) decided(name string, s *shape, depth int) (any, error) {
	if h.taken++; h.taken > mostDecisions {
		return nil, errTangled
	}
	if len(s.choices) > 0 {
		branches, failed := s.choices[0], errors.New("none of its choices can be")
		for _, i := range h.order(len(branches)) {
			next := s.clone()
			next.choices = next.choices[1:]
			value, err := h.decidedWith(name, next, depth, branches[i])
			if err == nil {
				return value, nil
			}
			failed = err
		}
		return nil, failed
	}
	if len(s.conditions) > 0 {
		return h.conditional(name, s, depth)
	}
	return h.plain(name, s, depth)
}

// conditional lets one of the conditions hold, or, where that can't be, not.
func (h *hand) conditional(name string, s *shape, depth int) (any, error) {
	i := h.random.IntN(len(s.conditions))
	one := s.conditions[i]
	ways := [][]place{{one.test, required(one.test), one.then}, {one.otherwise}}
	if h.try%3 == 2 {
		slices.Reverse(ways)
	}
	var failed error
	for _, way := range ways {
		next := s.clone()
		next.conditions = slices.Delete(next.conditions, i, i+1)
		value, err := h.decidedWith(name, next, depth, way...)
		if err == nil {
			return value, nil
		}
		failed = err
	}
	return nil, failed
}

// decidedWith is decided of a shape that must fit these places, too.
func (h *hand) decidedWith(name string, s *shape, depth int, more ...place) (any, error) {
	for _, p := range more {
		if err := h.add(s, p); err != nil {
			return nil, err
		}
	}
	return h.decided(name, s, depth)
}

// required demands the members that a condition is about: one that is absent would
// make it hold as well, but not so that anybody sees why.
func required(test place) place {
	schema, _ := test.schema.(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	var names []any
	for name := range properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
	return place{test.payload, map[string]any{"required": names}}
}

// order is a random order of n things; the first try takes them as they stand, if the
// chance does not say otherwise.
func (h *hand) order(n int) []int { return h.random.Perm(n) }

// plain makes a value of a shape without choices.
func (h *hand) plain(name string, s *shape, depth int) (any, error) {
	if h.budget--; h.budget < -mostValues {
		return nil, fmt.Errorf("it would have more than %d values", 2*mostValues)
	}
	if s.values != nil {
		fitting := slices.DeleteFunc(slices.Clone(s.values), func(v any) bool { return !s.ofType(v) || v == nil && len(s.values) > 1 })
		if len(fitting) == 0 {
			return nil, errors.New("none of its values has its type")
		}
		return valuepath.Copy(fitting[h.random.IntN(len(fitting))]), nil
	}
	if fitting := slices.DeleteFunc(slices.Clone(s.examples), func(v any) bool { return !s.ofType(v) }); len(fitting) > 0 && h.try < tries*3/4 && depth > 0 {
		return valuepath.Copy(fitting[h.random.IntN(len(fitting))]), nil
	}
	switch s.kind(depth) {
	case "null":
		return nil, nil
	case "boolean":
		return h.random.IntN(2) == 0, nil
	case "integer":
		return h.number(name, s, true)
	case "number":
		return h.number(name, s, false)
	case "array":
		return h.array(name, s, depth)
	case "object":
		return h.object(name, s, depth)
	}
	return h.text(name, s)
}

// kind is the type that a value is made of: not null, unless there is no other or it
// is deep inside.
func (s *shape) kind(depth int) string {
	kinds := s.types
	if slices.Contains(kinds, "null") && len(kinds) > 1 && depth <= depthOfOptional+2 {
		kinds = slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return kind == "null" })
	}
	switch {
	case slices.Contains(kinds, "null"):
		return "null"
	case len(kinds) > 0:
		return kinds[0]
	case len(s.properties)+len(s.required)+len(s.byPattern)+len(s.additional) > 0 || s.closed || s.members != bounds{}:
		return "object"
	case len(s.elements)+len(s.tuple)+len(s.contains) > 0 || s.items != bounds{}:
		return "array"
	case s.least != nil || s.most != nil || len(s.multiples) > 0:
		return "number"
	case s.format != "" || len(s.patterns) > 0 || s.lengths != bounds{} || depth > 0:
		return "string"
	}
	return "object"
}

// ofType reports whether a value has one of the types.
func (s *shape) ofType(value any) bool {
	if s.types == nil {
		return true
	}
	return slices.ContainsFunc(s.types, func(kind string) bool {
		switch value := value.(type) {
		case nil:
			return kind == "null"
		case bool:
			return kind == "boolean"
		case string:
			return kind == "string"
		case []any:
			return kind == "array"
		case map[string]any:
			return kind == "object"
		case json.Number, float64, int, int64:
			_, isWhole := whole(value)
			return kind == "number" || kind == "integer" && isWhole
		}
		return false
	})
}
