// Package yamlnode reads YAML and JSON into nodes that know their line, and nodes into
// values as JSON has them.
package yamlnode

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Resolved is what an alias stands for.
func Resolved(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Pair is one member of a mapping.
type Pair struct{ Key, Value *yaml.Node }

// Pairs are the members of a mapping in their order, those of YAML's merge key too;
// none of anything else.
func Pairs(n *yaml.Node) []Pair {
	n = Resolved(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var list, merged []Pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], Resolved(n.Content[i+1])
		if key.Value != "<<" || key.Tag != "!!merge" {
			list = append(list, Pair{key, value})
			continue
		}
		from := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			from = value.Content
		}
		for _, one := range from {
			merged = append(merged, Pairs(one)...)
		}
	}
	for _, p := range merged {
		if !slices.ContainsFunc(list, func(own Pair) bool { return own.Key.Value == p.Key.Value }) {
			list = append(list, p)
		}
	}
	return list
}

// Member is the value of a mapping's key, or nil.
func Member(n *yaml.Node, key string) *yaml.Node {
	n = Resolved(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	merges := false
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return Resolved(n.Content[i+1])
		}
		merges = merges || n.Content[i].Tag == "!!merge"
	}
	if !merges {
		return nil
	}
	for _, p := range Pairs(n) {
		if p.Key.Value == key {
			return p.Value
		}
	}
	return nil
}

// Items are those of a sequence.
func Items(n *yaml.Node) []*yaml.Node {
	n = Resolved(n)
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// Step goes to a member or an item.
func Step(n *yaml.Node, segment string) *yaml.Node {
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
	return Member(n, segment)
}

// Text is a scalar as a text; "" for none.
func Text(n *yaml.Node) string {
	if n = Resolved(n); n == nil || n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return ""
	}
	return n.Value
}

// IsTrue reports whether a value is true.
func IsTrue(n *yaml.Node) bool { return Plain(n) == true }

// Plain is a value as decoded JSON, numbers as json.Number. A date that YAML sees is
// the text that somebody wrote.
func Plain(n *yaml.Node) any {
	n = Resolved(n)
	if n == nil {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for _, p := range Pairs(n) {
			object[p.Key.Value] = Plain(p.Value)
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, one := range n.Content {
			list[i] = Plain(one)
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
