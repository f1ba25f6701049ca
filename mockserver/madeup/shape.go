package madeup

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
)

// place is a schema and the payload whose file it stands in, which its references
// begin at.
type place struct {
	payload *specs.Payload
	schema  any
}

// shape is what several schemas demand together.
type shape struct {
	types        []string // nil: any
	values       []any    // one of these; nil: any
	examples     []any
	format       string
	patterns     []string
	lengths      bounds // of a text
	items        bounds // how many
	members      bounds
	least, most  *limit
	multiples    []*big.Rat
	unit         string // of a moment
	unique       bool
	properties   map[string][]place
	byPattern    []patterned
	closed       bool    // no other members
	additional   []place // of other members
	names        []place
	required     []string
	dependencies map[string][]any // names of members by that of one that demands them
	elements     []place
	tuple        [][]place
	noMore       bool // elements after the tuple
	contains     []place
	choices      [][]place
	conditions   []condition
	inside       []string // references that are being followed
}

type patterned struct {
	pattern string
	place   place
}

type condition struct{ test, then, otherwise place }

// errEndless says that a schema demands itself.
var errEndless = errors.New("the schema demands itself without end")

func (s *shape) clone() *shape {
	next := *s
	next.properties = map[string][]place{}
	for name, places := range s.properties {
		next.properties[name] = slices.Clone(places)
	}
	next.dependencies = maps.Clone(s.dependencies)
	for _, list := range []*[]place{&next.additional, &next.names, &next.elements, &next.contains} {
		*list = slices.Clone(*list)
	}
	next.required, next.patterns, next.choices = slices.Clone(s.required), slices.Clone(s.patterns), slices.Clone(s.choices)
	next.byPattern, next.conditions, next.tuple = slices.Clone(s.byPattern), slices.Clone(s.conditions), slices.Clone(s.tuple)
	next.multiples, next.inside = slices.Clone(s.multiples), nil
	return &next
}

// shapeOf joins schemas.
func (h *hand) shapeOf(places []place) (*shape, error) {
	s := &shape{properties: map[string][]place{}, dependencies: map[string][]any{}}
	for _, p := range places {
		if err := h.add(s, p); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// add joins one more schema, references and allOf followed.
func (h *hand) add(s *shape, at place) error {
	schema, ok := at.schema.(map[string]any)
	if !ok {
		if at.schema == false {
			return errors.New("the schema allows nothing")
		}
		return nil
	}
	if ref, ok := schema["$ref"].(string); ok {
		target, err := h.follow(at, ref)
		if err != nil {
			return err
		}
		key := at.payload.Name + " " + ref
		if slices.Contains(s.inside, key) {
			return errEndless
		}
		s.inside = append(s.inside, key)
		defer func() { s.inside = s.inside[:len(s.inside)-1] }()
		return h.add(s, target)
	}
	for _, part := range list(schema["allOf"]) {
		if err := h.add(s, place{at.payload, part}); err != nil {
			return err
		}
	}
	if err := s.addValues(schema); err != nil {
		return err
	}
	s.addText(schema)
	s.addNumber(schema)
	s.addObject(at, schema)
	s.addList(at, schema)
	for _, key := range []string{"oneOf", "anyOf"} {
		if branches := list(schema[key]); len(branches) > 0 {
			s.choices = append(s.choices, placesOf(at, branches))
		}
	}
	if test, ok := schema["if"]; ok {
		s.conditions = append(s.conditions, condition{place{at.payload, test}, place{at.payload, or(schema["then"], true)}, place{at.payload, or(schema["else"], true)}})
	}
	return s.possible()
}

// follow returns where a reference leads to: a schema of this file or of another.
func (h *hand) follow(at place, ref string) (place, error) {
	file, fragment, _ := strings.Cut(ref, "#")
	target := at.payload
	if file != "" {
		target, _ = h.contract.Resolve(at.payload, file)
	}
	if target == nil {
		return place{}, fmt.Errorf("reference %s leads nowhere", ref)
	}
	value, ok := valuepath.Pointer(any(target.Schema()), fragment)
	if !ok {
		return place{}, fmt.Errorf("reference %s leads nowhere", ref)
	}
	return place{target, value}, nil
}

// possible finds demands that exclude each other.
func (s *shape) possible() error {
	for _, b := range []bounds{s.lengths, s.items, s.members} {
		if b.least != nil && b.most != nil && *b.least > *b.most {
			return fmt.Errorf("its schemas demand at least %d and at most %d", *b.least, *b.most)
		}
	}
	if s.least != nil && s.most != nil && s.least.at.Cmp(s.most.at) > 0 {
		return fmt.Errorf("its schemas demand at least %s and at most %s", s.least.at.RatString(), s.most.at.RatString())
	}
	return nil
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}

func placesOf(at place, schemas []any) []place {
	places := make([]place, len(schemas))
	for i, schema := range schemas {
		places[i] = place{at.payload, schema}
	}
	return places
}

func or(value, otherwise any) any {
	if value == nil {
		return otherwise
	}
	return value
}

// holds reports whether a list has a value that is the same JSON.
func holds(values []any, value any) bool {
	text := valuepath.JSON(value)
	return slices.ContainsFunc(values, func(v any) bool { return valuepath.JSON(v) == text })
}
