package infer

import (
	"encoding/json"
	"iter"
	"maps"
	"strings"

	"github.com/parleykit/parley/traffic"
)

// shape is what was seen of values at one place in bodies. Shapes of several places
// can be merged, in any order.
type shape struct {
	seen     int
	nulls    int
	booleans int
	integers int
	numbers  int // with a fraction or an exponent
	strings  texts
	objects  int
	arrays   int
	members  map[string]*shape // of the objects
	hidden   *shape            // of members whose names are secret; nil: none
	items    *shape            // of the arrays; nil: none had any
	closed   bool              // some objects or arrays were not looked into
}

// deepest is how deep values are looked into.
const deepest = 40

// add takes a value as encoding/json decodes it with numbers as json.Number. Shown is
// the same value as it may be shown to people.
func (s *shape) add(value, shown any) { s.addAt(value, shown, 0) }

func (s *shape) addAt(value, shown any, depth int) {
	s.seen++
	switch value := value.(type) {
	case nil:
		s.nulls++
	case bool:
		s.booleans++
	case json.Number:
		if strings.ContainsAny(string(value), ".eE") {
			s.numbers++
		} else {
			s.integers++
		}
	case string:
		if !traffic.Hidden(value) { // what was recorded without its value has any type
			s.strings.add(value, shown == any(value))
		}
	case []any:
		s.arrays++
		list, ok := shown.([]any)
		if s.closed = s.closed || !ok || depth == deepest; s.closed {
			return
		}
		for i, one := range value {
			if s.items == nil {
				s.items = &shape{}
			}
			s.items.addAt(one, list[i], depth+1)
		}
	case map[string]any:
		s.objects++
		object, ok := shown.(map[string]any)
		if s.closed = s.closed || !ok || depth == deepest; s.closed {
			return
		}
		for name, one := range value {
			inside, plain := object[name]
			s.member(name, plain).addAt(one, inside, depth+1)
		}
	}
}

// member is where what is seen of a member is kept.
func (s *shape) member(name string, plain bool) *shape {
	if !plain {
		if s.hidden == nil {
			s.hidden = &shape{}
		}
		return s.hidden
	}
	if s.members == nil {
		s.members = map[string]*shape{}
	}
	if s.members[name] == nil {
		s.members[name] = &shape{}
	}
	return s.members[name]
}

// merge adds what was seen elsewhere.
func (s *shape) merge(o *shape) {
	if o == nil {
		return
	}
	s.seen += o.seen
	s.nulls += o.nulls
	s.booleans += o.booleans
	s.integers += o.integers
	s.numbers += o.numbers
	s.objects += o.objects
	s.arrays += o.arrays
	s.strings.merge(o.strings)
	s.closed = s.closed || o.closed
	for name, inside := range o.members {
		s.member(name, true).merge(inside)
	}
	if o.hidden != nil {
		s.member("", false).merge(o.hidden)
	}
	if o.items != nil {
		if s.items == nil {
			s.items = &shape{}
		}
		s.items.merge(o.items)
	}
}

// types are the types of JSON Schema that were seen, null last.
func (s *shape) types() []string {
	var list []string
	for _, one := range []struct {
		name string
		seen bool
	}{
		{"object", s.objects > 0}, {"array", s.arrays > 0}, {"string", s.strings.seen > 0},
		{"number", s.numbers > 0}, {"integer", s.integers > 0 && s.numbers == 0}, {"boolean", s.booleans > 0},
	} {
		if one.seen {
			list = append(list, one.name)
		}
	}
	if s.nulls > 0 && len(list) > 0 { // null alone says nothing of what else there is
		list = append(list, "null")
	}
	return list
}

func keys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }
