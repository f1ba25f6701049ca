package validator

import (
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plainjson"
)

// AppendJSON appends the value at a JSON pointer as encoding/json writes what Lookup
// returns, without making that: no white space, and members by name. It reports false where
// there is none.
func (d *Document) AppendJSON(to []byte, pointer string) ([]byte, bool) {
	found, ok := d.found(pointer)
	if !ok {
		return to, false
	}
	return found.append(to), true
}

// namedView is a member of an object.
type namedView struct {
	key   string
	value view
}

func (v view) append(to []byte) []byte {
	switch v.kind() {
	case '{':
		var few [16]namedView
		members := few[:0]
		for key, value := range v.members {
			members = append(members, namedView{key, value})
		}
		slices.SortFunc(members, func(a, b namedView) int { return strings.Compare(a.key, b.key) })
		to = append(to, '{')
		for i, m := range members {
			if i > 0 {
				to = append(to, ',')
			}
			to = m.value.append(append(plainjson.AppendString(to, m.key), ':'))
		}
		return append(to, '}')
	case '[':
		to = append(to, '[')
		for i, value := range v.elements {
			if i > 0 {
				to = append(to, ',')
			}
			to = value.append(to)
		}
		return append(to, ']')
	case '"':
		return plainjson.AppendString(to, v.text())
	case '0':
		return append(to, v.number()...)
	case 't':
		return append(to, "true"...)
	case 'f':
		return append(to, "false"...)
	}
	return append(to, "null"...)
}
