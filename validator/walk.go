package validator

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/traffic"
)

// walker goes over a value and its nodes together and finds what schemas leave
// open: keys and values that the contract does not know, and numbers in the
// wrong unit. A valid body costs a map lookup per key.
type walker struct {
	found   []draft
	left    int // findings beyond maxDrafts
	sorted  bool
	pointer []byte
}

// maxDrafts bounds what is collected before the worst are chosen.
const maxDrafts = 10 * maxFindings

// walk goes over a value. When it finds too much it begins anew in the order of
// keys, so that what is kept does not depend on the order of a map.
func (w *walker) walk(nodes []*node, value view) {
	w.value(nodes, value)
	if w.left > 0 {
		w.found, w.left, w.sorted = nil, 0, true
		w.value(nodes, value)
	}
}

func (w *walker) value(nodes []*node, value view) {
	switch value.kind() {
	case '{':
		w.object(nodes, value)
	case '[':
		w.list(nodes, value)
	default:
		w.scalar(nodes, value)
	}
}

func (w *walker) object(nodes []*node, object view) {
	if w.sorted {
		members := maps.Collect(object.members)
		for _, key := range slices.Sorted(maps.Keys(members)) {
			w.member(nodes, key, members[key])
		}
		return
	}
	for key, value := range object.members {
		w.member(nodes, key, value)
	}
}

func (w *walker) member(nodes []*node, key string, value view) {
	below, described := member(nodes, key, value)
	if described && !canFind(below) {
		return
	}
	base := len(w.pointer)
	w.pointer = append(append(w.pointer, '/'), jsonpointer.Escape(key)...)
	if described {
		w.value(below, value)
	} else {
		w.add("body.unknown-key", traffic.Finding{Expected: "keys that the contract knows", Actual: strconv.Quote(shorten(key))})
	}
	w.pointer = w.pointer[:base]
}

func (w *walker) list(nodes []*node, list view) {
	base := len(w.pointer)
	for i, value := range list.elements {
		below := element(nodes, i, value)
		if !canFind(below) {
			continue
		}
		w.pointer = strconv.AppendInt(append(w.pointer[:base], '/'), int64(i), 10)
		w.value(below, value)
	}
	w.pointer = w.pointer[:base]
}

func (w *walker) scalar(nodes []*node, value view) {
	listed, isKnown := false, false
	for _, n := range nodes {
		if n.unit != "" {
			w.unit(n.unit, value)
		}
		listed, isKnown = listed || len(n.known) > 0, isKnown || value.isWrittenAs(n.known)
	}
	if listed && !isKnown && value.kind() != 'n' {
		w.known(nodes, value)
	}
}

// known compares a value that may be written in another way than the contract's.
func (w *walker) known(nodes []*node, value view) {
	var known []string
	for _, n := range nodes {
		known = append(known, n.known...)
	}
	if text := valuepath.JSON(value.value()); !slices.Contains(known, text) {
		w.add("body.unknown-value", traffic.Finding{
			Expected: "a value that the contract knows: " + plural.List(known, "or"),
			Actual:   shorten(text),
			Hint:     near.DidYouMean(text, known),
		})
	}
}

// add keeps a finding about the value at hand.
func (w *walker) add(code string, f traffic.Finding) {
	if len(w.found) >= maxDrafts {
		w.left++
		return
	}
	f.Pointer = string(w.pointer)
	w.found = append(w.found, draft{Finding: finding(code, f), place: f.Pointer, key: code == "body.unknown-key"})
}

// The plausible range of a moment in seconds: 1990 to 2100.
const firstSecond, lastSecond = 631152000, 4102444800

func (w *walker) unit(unit string, value view) {
	if value.kind() != '0' {
		return
	}
	number := value.number()
	moment, err := number.Float64()
	if err != nil {
		return
	}
	if hint := unitHint(unit, moment); hint != "" {
		w.add("body.unit", traffic.Finding{Expected: unit + " since 1970", Actual: strings.Clone(shorten(number.String())), Hint: hint})
	}
}

// unitHint tells which unit a number that stands for a moment is likely to have.
func unitHint(unit string, moment float64) string {
	in := func(scale float64) bool { return moment >= firstSecond*scale && moment <= lastSecond*scale }
	switch {
	case unit == "milliseconds" && in(1):
		return "this looks like seconds; multiply by 1000"
	case unit == "milliseconds" && in(1e6):
		return "this looks like microseconds; divide by 1000"
	case unit == "seconds" && in(1000):
		return "this looks like milliseconds; divide by 1000"
	}
	return ""
}
