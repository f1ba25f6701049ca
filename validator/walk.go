package validator

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

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
const maxDrafts = 10 * MaxFindings

// walk goes over a value. When it finds too much it begins anew in the order of
// keys, so that what is kept does not depend on the order of a map.
func (w *walker) walk(nodes []*node, value any) {
	w.value(nodes, value)
	if w.left > 0 {
		w.found, w.left, w.sorted = nil, 0, true
		w.value(nodes, value)
	}
}

func (w *walker) value(nodes []*node, value any) {
	switch value := value.(type) {
	case map[string]any:
		w.object(nodes, value)
	case []any:
		w.list(nodes, value)
	default:
		w.scalar(nodes, value)
	}
}

func (w *walker) object(nodes []*node, object map[string]any) {
	if w.sorted {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			w.member(nodes, key, object[key])
		}
		return
	}
	for key, value := range object {
		w.member(nodes, key, value)
	}
}

func (w *walker) member(nodes []*node, key string, value any) {
	below, described := member(nodes, key, value)
	if described && !speaks(below) {
		return
	}
	base := len(w.pointer)
	w.pointer = append(append(w.pointer, '/'), escape(key)...)
	if described {
		w.value(below, value)
	} else {
		w.add("body.unknown-key", traffic.Finding{Expected: "keys that the contract knows", Actual: strconv.Quote(shorten(key))})
	}
	w.pointer = w.pointer[:base]
}

// speaks tells whether nodes can lead to a finding of the walk.
func speaks(nodes []*node) bool { return len(nodes) > 1 || len(nodes) == 1 && !nodes[0].leaf }

// member gathers the nodes of an object's member. Described is false when the
// nodes name keys, and this is none of them.
func member(nodes []*node, key string, value any) (below []*node, described bool) {
	if len(nodes) == 1 {
		if next, ok := nodes[0].properties[key]; ok { // the common case allocates nothing
			return next.speakers(value), true
		}
	}
	closed := false
	for _, n := range nodes {
		inside, named := n.below(key)
		for _, next := range inside {
			below = next.expand(value, below)
		}
		described = described || named || n.open
		closed = closed || len(n.properties)+len(n.patterns) > 0
	}
	return below, described || !closed
}

// below returns the nodes of a member by this node alone; named is false when
// they are those for any other key.
func (n *node) below(key string) (list []*node, named bool) {
	if next, ok := n.properties[key]; ok {
		return next.self, true
	}
	for _, p := range n.patterns {
		if p.match.MatchString(key) {
			list = append(list, p.node)
		}
	}
	if list != nil {
		return list, true
	}
	return appendNode(nil, n.additional), false
}

func (w *walker) list(nodes []*node, list []any) {
	base := len(w.pointer)
	for i, value := range list {
		below := element(nodes, i, value)
		if !speaks(below) {
			continue
		}
		w.pointer = strconv.AppendInt(append(w.pointer[:base], '/'), int64(i), 10)
		w.value(below, value)
	}
	w.pointer = w.pointer[:base]
}

// element gathers the nodes of a list's element.
func element(nodes []*node, i int, value any) (below []*node) {
	if len(nodes) == 1 {
		if next := nodes[0].element(i); next != nil {
			return next.speakers(value)
		}
		return nil
	}
	for _, n := range nodes {
		if next := n.element(i); next != nil {
			below = next.expand(value, below)
		}
	}
	return below
}

func (n *node) element(i int) *node {
	if i < len(n.tuple) {
		return n.tuple[i]
	}
	return n.items
}

func (w *walker) scalar(nodes []*node, value any) {
	var known []string
	for _, n := range nodes {
		known = append(known, n.known...)
		if n.unit != "" {
			w.unit(n.unit, value)
		}
	}
	if known == nil || value == nil {
		return
	}
	if text := printed(value); !slices.Contains(known, text) {
		w.add("body.unknown-value", traffic.Finding{
			Expected: "a value that the contract knows: " + list(known, "or"),
			Actual:   shorten(text),
			Hint:     didYouMean(text, known),
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

func (w *walker) unit(unit string, value any) {
	number, ok := value.(json.Number)
	if !ok {
		return
	}
	moment, err := number.Float64()
	if err != nil {
		return
	}
	if hint := unitHint(unit, moment); hint != "" {
		w.add("body.unit", traffic.Finding{Expected: unit + " since 1970", Actual: shorten(number.String()), Hint: hint})
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

// speakers are the nodes that describe a value.
func (n *node) speakers(value any) []*node {
	if n.alone {
		return n.self
	}
	return n.expand(value, nil)
}

// expand appends the nodes that describe a value: the node itself, its allOf, and
// of its choices and conditions the branches that the value may be meant for.
func (n *node) expand(value any, into []*node) []*node {
	into = append(into, n)
	if n.alone {
		return into
	}
	for _, next := range n.allOf {
		into = next.expand(value, into)
	}
	if n.condition != nil {
		holds := n.condition.accepts(value)
		if n.then != nil && holds != no {
			into = n.then.expand(value, into)
		}
		if n.otherwise != nil && holds != yes {
			into = n.otherwise.expand(value, into)
		}
	}
	return expandMeant(n.anyOf, value, expandMeant(n.oneOf, value, into))
}

// expandMeant appends the branches that a value may be meant for; all, when it
// fits none.
func expandMeant(branches []*node, value any, into []*node) []*node {
	meant := false
	for _, next := range branches {
		if next.couldMean(value) {
			into, meant = next.expand(value, into), true
		}
	}
	for _, next := range branches {
		if !meant {
			into = next.expand(value, into)
		}
	}
	return into
}

// couldMean is false when the type of a value, or a constant in it, excludes a
// branch.
func (n *node) couldMean(value any) bool {
	if _, all := value.(anything); all {
		return true
	}
	if len(n.types) > 0 && typed(value, n.types) == no {
		return false
	}
	for _, next := range n.allOf {
		if !next.couldMean(value) {
			return false
		}
	}
	object, _ := value.(map[string]any)
	for key, next := range n.properties {
		if given, ok := object[key]; ok && next.hasConst && equal(given, next.constant) == no {
			return false
		}
	}
	return true
}

func isType(value any, name string) bool {
	switch value := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case json.Number:
		return name == "number" || name == "integer" && isInteger(value)
	case []any:
		return name == "array"
	}
	return name == "object"
}

func isInteger(number json.Number) bool {
	if !strings.ContainsAny(string(number), ".eE") {
		return true
	}
	f, err := number.Float64()
	return err == nil && f == math.Trunc(f)
}
