package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/mockserver"
)

// stateFlag names a file of what vendors know from the beginning.
type stateFlag struct{ file string }

func (f *stateFlag) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "state", "", "what vendors know from the beginning, as YAML or JSON `FILE` of {VENDOR: state} in the form of GET /_parley/state; it adds to their examples or, with replace: true beside a vendor's lists, takes the place of those")
}

// read returns what the file has for each vendor, in the form of Options.State.
func (f stateFlag) read() (map[string]json.RawMessage, error) {
	if f.file == "" {
		return nil, nil
	}
	root, err := f.node()
	if err != nil {
		return nil, err
	}
	var vendors map[string]any
	if err := root.Decode(&vendors); err != nil {
		return nil, usage("--state: %s: %s", f.file, yamlText(err))
	}
	states := map[string]json.RawMessage{}
	for id, state := range vendors {
		if states[id], err = json.Marshal(state); err != nil {
			return nil, usage("--state: %s: %s: %w", f.file, id, err)
		}
	}
	return states, nil
}

func (f stateFlag) node() (*yaml.Node, error) {
	data, err := readFile("--state", f.file)
	if err != nil {
		return nil, err
	}
	var root yaml.Node // YAML reads JSON too
	if err := yamlnode.Unmarshal(data, &root); err != nil {
		return nil, usage("--state: %s: %s", f.file, yamlText(err))
	}
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return nil, usage("--state: %s has no vendor; write {VENDOR: state}", f.file)
	}
	return root.Content[0], nil
}

// yamlText is what is wrong with YAML, in one line.
func yamlText(err error) string {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:\n  ")
	return strings.ReplaceAll(text, "\n ", ";")
}

// explain names file and line where a mock refused what the file has.
func (f stateFlag) explain(err error) error {
	var at *mockserver.StateError
	if !errors.As(err, &at) || f.file == "" {
		return usage("%w", err)
	}
	place := f.file
	if root, err := f.node(); err == nil {
		place = fmt.Sprintf("%s:%d", f.file, lineAt(root, at.Pointer))
	}
	return usage("--state: %s: %w", place, err)
}

// lineAt is the line of what a JSON pointer leads to, or of the last that there is
// on the way.
func lineAt(node *yaml.Node, pointer string) int {
	line := node.Line
	for _, key := range jsonpointer.Keys(pointer) {
		var next *yaml.Node
		switch node.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(node.Content); i += 2 {
				if node.Content[i].Value == key {
					line, next = node.Content[i].Line, node.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(node.Content) {
				line, next = node.Content[i].Line, node.Content[i]
			}
		}
		if next == nil {
			return line
		}
		if node = next; node.Kind == yaml.AliasNode {
			node = node.Alias
		}
	}
	return line
}
