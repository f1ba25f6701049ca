package mockserver

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/specs"
)

// headerOf is the value of a header that an answer has: its example, its default, or,
// where it must be there, one that is made from its schema. One that may be left out is,
// where nothing shows a value of it.
func headerOf(c *specs.Contract, h specs.Parameter, seed uint64, status int) (string, bool) {
	shown := h.Example
	for _, key := range []string{"default", "const"} {
		if shown == nil {
			shown = h.Schema[key]
		}
	}
	if shown == nil && !h.Required && !(strings.EqualFold(h.Name, "Location") && status/100 == 3) {
		return "", false
	}
	if shown == nil {
		if strings.EqualFold(h.Name, "Location") && h.Schema["enum"] == nil && h.Schema["pattern"] == nil {
			return "https://example.com/", true
		}
		made, err := madeup.Value(c, h.Name, h.Schema, seed)
		if err != nil {
			return "", false
		}
		shown = made
	}
	return headerText(shown), true
}

// headerText writes a value in OpenAPI's style simple, on one line.
func headerText(value any) string {
	switch value := value.(type) {
	case string:
		return strings.Map(func(c rune) rune {
			if c < ' ' || c == 0x7f {
				return ' '
			}
			return c
		}, value)
	case []any:
		texts := make([]string, len(value))
		for i, one := range value {
			texts[i] = headerText(one)
		}
		return strings.Join(texts, ",")
	case json.Number:
		return value.String()
	case nil:
		return ""
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}
