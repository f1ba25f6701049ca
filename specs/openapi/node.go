package openapi

import (
	"net/url"

	"github.com/parleykit/parley/internal/plainjson"
)

// ordered is an object whose members are written in the order in which they came.
type ordered []entry

type entry struct {
	name  string
	value any
}

// MarshalJSON keeps the order.
func (o ordered) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, e := range o {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := plainjson.Marshal(e.name)
		if err != nil {
			return nil, err
		}
		value, err := plainjson.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

func unpercent(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}
