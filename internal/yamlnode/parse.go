package yamlnode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Parse reads JSON, or else YAML. Without an error there is a value.
func Parse(data []byte) (*yaml.Node, error) {
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(data) {
		return parseJSON(data)
	}
	return ParseYAML(data)
}

// ParseYAML reads YAML, of which JSON is a part: each node knows its column, too.
func ParseYAML(data []byte) (*yaml.Node, error) {
	var outer yaml.Node
	if err := Unmarshal(data, &outer); err != nil {
		return nil, err
	}
	if len(outer.Content) == 0 {
		return nil, errors.New("the file is empty")
	}
	if n := expanded(outer.Content[0], map[*yaml.Node]int{}); n > maxExpanded {
		return nil, fmt.Errorf("with its aliases it has more than %d values", maxExpanded)
	}
	return outer.Content[0], nil
}

// maxExpanded bounds what aliases may make of a document, in values: a few lines can
// name billions.
const maxExpanded = 10_000_000

// expanded is how many values a node has, its aliases written out. One that is inside
// of itself has too many.
func expanded(n *yaml.Node, known map[*yaml.Node]int) int {
	n, alias := Resolved(n), n.Kind == yaml.AliasNode
	if size, ok := known[n]; ok && alias {
		return size
	}
	known[n] = maxExpanded + 1 // until it is known
	size := 1
	for _, inner := range n.Content {
		size = min(size+expanded(inner, known), maxExpanded+1)
	}
	known[n] = size
	return size
}
