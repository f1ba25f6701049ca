package openapi

import (
	"slices"

	"github.com/parleykit/parley/internal/plural"
)

// notes say what of a document nobody judges, in the order in which it was found.
type notes struct {
	texts  []string
	places map[string][]string // of each
}

// mostPlaces is how many places of one kind a sentence names.
const mostPlaces = 3

// add notes something at a place; "": at none.
func (n *notes) add(text, place string) {
	if n.places == nil {
		n.places = map[string][]string{}
	}
	if _, known := n.places[text]; !known {
		n.texts = append(n.texts, text)
		n.places[text] = nil
	}
	if place != "" && !slices.Contains(n.places[text], place) {
		n.places[text] = append(n.places[text], place)
	}
}

// sentences are what was noted, each with its places.
func (n *notes) sentences() (list []string) {
	for _, text := range n.texts {
		if places := n.places[text]; len(places) > 0 {
			text += " (" + plural.Few(places, mostPlaces) + ")"
		}
		list = append(list, text)
	}
	return list
}
