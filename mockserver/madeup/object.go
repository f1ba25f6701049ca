package madeup

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/parleykit/parley/internal/valuepath"
)

// object makes an object: what it must have, and, unless it is deep inside, what it
// may have.
func (h *hand) object(name string, s *shape, depth int) (any, error) {
	object := map[string]any{}
	for _, member := range h.membersOf(s, depth) {
		if err := h.member(object, name, member, s, depth); err != nil {
			return nil, err
		}
	}
	for n := s.members.within(s.sampleOfOthers(len(object), depth)); len(object) < n; {
		if err := h.another(object, s, depth); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// membersOf are the names of the members that an object is given, sorted.
func (h *hand) membersOf(s *shape, depth int) []string {
	chosen := map[string]bool{}
	for _, name := range s.required {
		chosen[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(s.properties)) {
		_, given := h.givenAt(depth)[name]
		if given || !h.required && depth < depthOfOptional && h.budget > 0 && (s.members.most == nil || len(chosen) < *s.members.most) {
			chosen[name] = true
		}
	}
	for again := true; again; { // what is there may demand more
		again = false
		for name, demanded := range s.dependencies {
			for _, more := range demanded {
				if more, ok := more.(string); ok && chosen[name] && !chosen[more] {
					chosen[more], again = true, true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(chosen))
}

func (h *hand) givenAt(depth int) map[string]any {
	if depth > 0 {
		return nil
	}
	return h.given
}

// member makes one member of an object. One that may be left out is, where it can't
// be made.
func (h *hand) member(object map[string]any, parent, name string, s *shape, depth int) error {
	places := slices.Clone(s.properties[name])
	for _, p := range s.byPattern {
		if matches(p.pattern, name) {
			places = append(places, p.place)
		}
	}
	if len(places) == 0 {
		if s.closed {
			return fmt.Errorf("%s is demanded, and no such member is allowed", name)
		}
		places = slices.Clone(s.additional)
	}
	if given, ok := h.givenAt(depth)[name]; ok {
		if shape, err := h.shapeOf(places); err == nil {
			if value := shape.read(given); shape.ofType(value) {
				object[name] = value
				return nil
			}
		}
	}
	value, err := h.value(said(parent, name), places, depth+1)
	if err != nil && !slices.Contains(s.required, name) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	object[name] = value
	return nil
}

// said is what a member is called: "name" says little without what it is the name of.
func said(parent, name string) string {
	if name == "name" && parent != "" {
		return parent + "_name"
	}
	return name
}

// read takes a text for the number or the boolean that it shows, where that is wanted.
func (s *shape) read(given any) any {
	text, ok := given.(string)
	if !ok || s.ofType(text) && s.types != nil {
		return valuepath.Copy(given)
	}
	if slices.Contains(s.types, "integer") || slices.Contains(s.types, "number") {
		if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
			return json.Number(text)
		}
	}
	if value, err := strconv.ParseBool(text); err == nil && slices.Contains(s.types, "boolean") {
		return value
	}
	return text
}

// sampleOfOthers is how many members an object has that is a map of others.
func (s *shape) sampleOfOthers(known, depth int) int {
	if known == 0 && len(s.additional)+len(s.byPattern) > 0 && depth < depthOfOptional {
		return 2
	}
	return known
}

// another adds a member that no schema names.
func (h *hand) another(object map[string]any, s *shape, depth int) error {
	for range tries {
		name := h.word()
		places := s.additional
		switch {
		case len(s.byPattern) > 0:
			one := s.byPattern[h.random.IntN(len(s.byPattern))]
			made, err := h.matching(one.pattern)
			if err != nil {
				return err
			}
			name, places = made, []place{one.place}
		case s.closed:
			return errors.New("it must have more members than are allowed")
		case len(s.names) > 0:
			made, err := h.value("", append(slices.Clone(s.names), place{s.names[0].payload, map[string]any{"type": "string"}}), deepest-1)
			if err != nil {
				return err
			}
			name = made.(string)
		}
		if _, there := object[name]; there {
			continue
		}
		value, err := h.value(name, places, depth+1)
		object[name] = value
		return err
	}
	return errors.New("it must have more members than names could be made for")
}

func matches(pattern, text string) bool {
	compiled, err := regexp.Compile(pattern)
	return err == nil && compiled.MatchString(text)
}

func matchesAny(patterns map[string]any, text string) bool {
	for pattern := range patterns {
		if matches(pattern, text) {
			return true
		}
	}
	return false
}
