package madeup

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// array makes a list: two elements, unless the schema says otherwise; deep inside the
// fewest that it may have.
func (h *hand) array(name string, s *shape, depth int) (any, error) {
	n := 2
	if len(s.tuple) > 0 {
		n = len(s.tuple)
	}
	if depth > depthOfOptional || h.budget <= 0 || h.required && (depth > 0 || h.try >= bareFrom) {
		n = 0
	}
	if n = s.items.within(max(n, min(1, len(s.contains)))); n > mostElements {
		return nil, fmt.Errorf("%s must have %d elements, and at most %d are made", called(name), n, mostElements)
	}
	elements := []any{}
	for i := 0; len(elements) < n && i < n+tries; i++ {
		value, err := h.element(name, s, len(elements), depth)
		switch {
		case err == nil && !(s.unique && holds(elements, value)):
			elements = append(elements, value)
		case err != nil && len(elements) >= s.items.within(0):
			return elements, nil
		case err != nil:
			return nil, err
		}
	}
	if len(elements) < s.items.within(0) {
		return nil, errors.New(called(name) + " must have more elements that differ than could be made")
	}
	return elements, nil
}

// element makes the element at a place of a list.
func (h *hand) element(name string, s *shape, i, depth int) (any, error) {
	places := slices.Clone(s.elements)
	if i < len(s.tuple) {
		places = slices.Clone(s.tuple[i])
	} else if s.noMore {
		return nil, errors.New(called(name) + " must have more elements than are allowed")
	}
	if i == 0 || i < len(s.contains) {
		places = append(places, s.contains...)
	}
	return h.value(singular(name), places, depth+1)
}

// singular is what one of several is called.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies"):
		return strings.TrimSuffix(name, "ies") + "y"
	case strings.HasSuffix(name, "ss"):
		return name
	}
	return strings.TrimSuffix(name, "s")
}

func called(name string) string {
	if name == "" {
		return "a list"
	}
	return "the list " + name
}
