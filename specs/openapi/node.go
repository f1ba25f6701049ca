package openapi

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/plainjson"
)

func aliased(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// pair is one member of a mapping.
type pair struct {
	key   *yaml.Node
	value *yaml.Node
}

// pairs are the members of a mapping in their order, those of YAML's merge key too;
// none of anything else.
func pairs(n *yaml.Node) []pair {
	n = aliased(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var list, merged []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], aliased(n.Content[i+1])
		if key.Value != "<<" || key.Tag != "!!merge" {
			list = append(list, pair{key, value})
			continue
		}
		from := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			from = value.Content
		}
		for _, one := range from {
			merged = append(merged, pairs(one)...)
		}
	}
	for _, p := range merged {
		if !slices.ContainsFunc(list, func(own pair) bool { return own.key.Value == p.key.Value }) {
			list = append(list, p)
		}
	}
	return list
}

// member is the value of a mapping's key, or nil.
func member(n *yaml.Node, key string) *yaml.Node {
	for _, p := range pairs(n) {
		if p.key.Value == key {
			return p.value
		}
	}
	return nil
}

// items are those of a sequence.
func items(n *yaml.Node) []*yaml.Node {
	n = aliased(n)
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// step goes to a member or an item.
func step(n *yaml.Node, segment string) *yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.SequenceNode {
		i, err := strconv.Atoi(segment)
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil
		}
		return n.Content[i]
	}
	return member(n, segment)
}

// text is a scalar as a text; "" for none.
func text(n *yaml.Node) string {
	if n = aliased(n); n == nil || n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return ""
	}
	return n.Value
}

func isTrue(n *yaml.Node) bool { return plain(n) == true }

// plain is a value as decoded JSON, numbers as json.Number. A date that YAML sees is
// the text that somebody wrote.
func plain(n *yaml.Node) any {
	n = aliased(n)
	if n == nil {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for _, p := range pairs(n) {
			object[p.key.Value] = plain(p.value)
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, one := range n.Content {
			list[i] = plain(one)
		}
		return list
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		_ = n.Decode(&b)
		return b
	case "!!int", "!!float":
		return number(n)
	}
	return n.Value
}

func number(n *yaml.Node) any {
	if json.Valid([]byte(n.Value)) {
		return json.Number(n.Value)
	}
	var whole int64
	if n.Decode(&whole) == nil {
		return json.Number(strconv.FormatInt(whole, 10))
	}
	var real float64
	if n.Decode(&real) == nil {
		if data, err := json.Marshal(real); err == nil {
			return json.Number(data)
		}
	}
	return n.Value
}

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

// parseJSON reads JSON into nodes with lines, which is many times faster than reading
// it as YAML.
func parseJSON(data []byte) (*yaml.Node, error) {
	r := &jsonReader{decoder: json.NewDecoder(bytes.NewReader(data)), data: data, line: 1}
	r.decoder.UseNumber()
	return r.value()
}

type jsonReader struct {
	decoder *json.Decoder
	data    []byte
	at      int // up to where lines were counted
	line    int
}

func (r *jsonReader) token() (json.Token, int, error) {
	token, err := r.decoder.Token()
	to := int(r.decoder.InputOffset())
	r.line += bytes.Count(r.data[r.at:to], []byte("\n"))
	r.at = to
	return token, r.line, err
}

func (r *jsonReader) value() (*yaml.Node, error) {
	token, line, err := r.token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: line}
		if token == '[' {
			n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		}
		for r.decoder.More() { // keys are values too
			one, err := r.value()
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, one)
		}
		_, _, err := r.token()
		return n, err
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: token, Line: line}, nil
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: token.String(), Line: line}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(token), Line: line}, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null", Line: line}, nil
}
