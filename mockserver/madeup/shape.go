package madeup

import (
	"encoding/json"
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

type bounds struct{ least, most *int }

type limit struct {
	at        *big.Rat
	exclusive bool
}

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
	value, ok := valuepath.Pointer(any(target.Schema), fragment)
	if !ok {
		return place{}, fmt.Errorf("reference %s leads nowhere", ref)
	}
	return place{target, value}, nil
}

func (s *shape) addValues(schema map[string]any) error {
	if kinds := typesOf(schema); kinds != nil {
		if s.types == nil {
			s.types = kinds
		} else {
			s.types = common(s.types, kinds)
		}
		if len(s.types) == 0 {
			return errors.New("its schemas demand types that exclude each other")
		}
	}
	values, narrowed := list(schema["enum"]), schema["enum"] != nil
	if value, ok := schema["const"]; ok {
		values, narrowed = []any{value}, true
	}
	if narrowed {
		if s.values != nil {
			values = slices.DeleteFunc(slices.Clone(values), func(v any) bool { return !holds(s.values, v) })
		}
		if s.values = values; len(values) == 0 {
			return errors.New("its schemas demand values that exclude each other")
		}
	}
	s.examples = append(s.examples, list(schema["examples"])...)
	if value, ok := schema["example"]; ok {
		s.examples = append(s.examples, value)
	}
	if known := list(schema["x-known-values"]); len(known) > 0 {
		s.examples = append(s.examples, known...)
	}
	if value, ok := schema["default"]; ok && value != nil {
		s.examples = append(s.examples, value)
	}
	return nil
}

func typesOf(schema map[string]any) []string {
	var kinds []string
	switch kind := schema["type"].(type) {
	case string:
		kinds = []string{kind}
	case []any:
		for _, one := range kind {
			if name, ok := one.(string); ok {
				kinds = append(kinds, name)
			}
		}
	}
	if schema["nullable"] == true && kinds != nil && !slices.Contains(kinds, "null") {
		kinds = append(kinds, "null")
	}
	return kinds
}

// common are the types of both; an integer is a number.
func common(a, b []string) []string {
	var both []string
	for _, kind := range a {
		switch {
		case slices.Contains(b, kind), kind == "integer" && slices.Contains(b, "number"):
			both = append(both, kind)
		case kind == "number" && slices.Contains(b, "integer"):
			both = append(both, "integer")
		}
	}
	return both
}

func (s *shape) addText(schema map[string]any) {
	if format, ok := schema["format"].(string); ok {
		s.format = format
	}
	if pattern, ok := schema["pattern"].(string); ok && !slices.Contains(s.patterns, pattern) {
		s.patterns = append(s.patterns, pattern)
	}
	s.lengths.narrow(schema["minLength"], schema["maxLength"])
}

func (s *shape) addNumber(schema map[string]any) {
	if unit, ok := schema["x-unit"].(string); ok {
		s.unit = unit
	}
	low, high := rational(schema["minimum"]), rational(schema["maximum"])
	if low != nil {
		s.least = higher(s.least, &limit{low, schema["exclusiveMinimum"] == true})
	}
	if high != nil {
		s.most = lower(s.most, &limit{high, schema["exclusiveMaximum"] == true})
	}
	if low := rational(schema["exclusiveMinimum"]); low != nil {
		s.least = higher(s.least, &limit{low, true})
	}
	if high := rational(schema["exclusiveMaximum"]); high != nil {
		s.most = lower(s.most, &limit{high, true})
	}
	if multiple := rational(schema["multipleOf"]); multiple != nil && multiple.Sign() > 0 {
		s.multiples = append(s.multiples, multiple)
	}
}

func higher(a, b *limit) *limit {
	if a == nil || a.at.Cmp(b.at) < 0 || a.at.Cmp(b.at) == 0 && b.exclusive {
		return b
	}
	return a
}

func lower(a, b *limit) *limit {
	if a == nil || a.at.Cmp(b.at) > 0 || a.at.Cmp(b.at) == 0 && b.exclusive {
		return b
	}
	return a
}

func (s *shape) addObject(at place, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	others, limited := schema["additionalProperties"]
	patterns, _ := schema["patternProperties"].(map[string]any)
	own := func(name string) bool {
		_, named := properties[name]
		return named || matchesAny(patterns, name)
	}
	if limited && others == false {
		maps.DeleteFunc(s.properties, func(name string, _ []place) bool { return !own(name) })
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if _, known := s.properties[name]; known || !s.closed || s.byPatternHas(name) {
			s.properties[name] = append(s.properties[name], place{at.payload, properties[name]})
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(patterns)) {
		s.byPattern = append(s.byPattern, patterned{pattern, place{at.payload, patterns[pattern]}})
	}
	switch {
	case others == false:
		s.closed = true
	case limited && others != true:
		for name := range s.properties {
			if !own(name) {
				s.properties[name] = append(s.properties[name], place{at.payload, others})
			}
		}
		s.additional = append(s.additional, place{at.payload, others})
	}
	for _, name := range list(schema["required"]) {
		if name, ok := name.(string); ok && !slices.Contains(s.required, name) {
			s.required = append(s.required, name)
		}
	}
	if names, ok := schema["propertyNames"]; ok {
		s.names = append(s.names, place{at.payload, names})
	}
	for _, key := range []string{"dependencies", "dependentRequired", "dependentSchemas"} {
		dependencies, _ := schema[key].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(dependencies)) {
			demanded := dependencies[name]
			if names, isList := demanded.([]any); isList {
				s.dependencies[name] = append(slices.Clone(s.dependencies[name]), names...)
				continue
			}
			there := place{at.payload, map[string]any{"required": []any{name}}}
			s.conditions = append(s.conditions, condition{there, place{at.payload, demanded}, place{at.payload, true}})
		}
	}
	s.members.narrow(schema["minProperties"], schema["maxProperties"])
}

func (s *shape) byPatternHas(name string) bool {
	return slices.ContainsFunc(s.byPattern, func(p patterned) bool { return matches(p.pattern, name) })
}

func (s *shape) addList(at place, schema map[string]any) {
	tuple := list(schema["prefixItems"])
	rest, hasRest := schema["items"]
	if inOrder, ok := rest.([]any); ok {
		tuple = inOrder
		rest, hasRest = schema["additionalItems"]
	}
	for i, one := range tuple {
		if i >= len(s.tuple) {
			s.tuple = append(s.tuple, slices.Clone(s.elements))
		}
		s.tuple[i] = append(slices.Clone(s.tuple[i]), place{at.payload, one})
	}
	if hasRest && rest == false {
		s.noMore = true
	} else if hasRest {
		s.elements = append(s.elements, place{at.payload, rest})
	}
	if one, ok := schema["contains"]; ok {
		s.contains = append(s.contains, place{at.payload, one})
	}
	s.unique = s.unique || schema["uniqueItems"] == true
	s.items.narrow(schema["minItems"], schema["maxItems"])
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

func (b *bounds) narrow(least, most any) {
	if n, ok := whole(least); ok && (b.least == nil || n > *b.least) {
		b.least = &n
	}
	if n, ok := whole(most); ok && (b.most == nil || n < *b.most) {
		b.most = &n
	}
}

// within is the number of the range that is nearest to one.
func (b bounds) within(n int) int {
	if b.most != nil {
		n = min(n, *b.most)
	}
	if b.least != nil {
		n = max(n, *b.least)
	}
	return n
}

func whole(value any) (int, bool) {
	r := rational(value)
	if r == nil || !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return int(r.Num().Int64()), true
}

// rational reads a number as it is written; nil for what is none.
func rational(value any) *big.Rat {
	var text string
	switch value := value.(type) {
	case json.Number:
		text = value.String()
	case float64, int, int64:
		text = fmt.Sprint(value)
	default:
		return nil
	}
	if exponent := strings.IndexAny(text, "eE"); exponent >= 0 && len(text)-exponent > 4 {
		return nil // a number with a thousand digits bounds nothing that is made here
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return r
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
