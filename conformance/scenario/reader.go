package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
)

// maxBytes bounds a scenario file.
const maxBytes = 1 << 20

// Read reads a scenario. File is what errors call it, and the scenario's name comes
// from it. An error names file, line and column, and what to write instead.
func Read(file string, data []byte) (*Scenario, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("%s: larger than %d bytes; no story is that long", file, maxBytes)
	}
	var document yaml.Node
	var second *yamlnode.SecondError
	switch err := yamlnode.Unmarshal(data, &document); {
	case errors.As(err, &second):
		return nil, fmt.Errorf("%s:%d: %s", file, second.Line, second.Text())
	case err != nil:
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(err.Error(), "yaml: "))
	case len(document.Content) == 0:
		return nil, fmt.Errorf("%s: the file is empty; a scenario has scenario, vendor and steps", file)
	}
	r := reader{file: file}
	s := r.scenario(document.Content[0])
	s.Name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if r.err != nil {
		return nil, r.err
	}
	return s, nil
}

// reader keeps the first error, so that reading needs no check after each member.
type reader struct {
	file string
	err  error
}

func (r *reader) fail(at *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s:%d:%d: %s", r.file, at.Line, at.Column, fmt.Sprintf(format, args...))
	}
}

// member reads the value of one key.
type member func(value *yaml.Node)

// mapping hands each value to the member of its key, and refuses other keys.
func (r *reader) mapping(node *yaml.Node, what string, members map[string]member) {
	node = resolved(node)
	if node.Kind != yaml.MappingNode {
		r.fail(node, "%s is a list of key: value", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		read, known := members[key.Value]
		switch {
		case !known:
			r.fail(key, "%q is not known; %s has %s", key.Value, what, keys(members))
		case seen[key.Value]:
			r.fail(key, "%s stands here twice", key.Value)
		default:
			seen[key.Value] = true
			read(node.Content[i+1])
		}
	}
}

func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func keys(members map[string]member) string {
	var names []string
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (r *reader) into(target any, what string) member {
	return func(value *yaml.Node) {
		if err := value.Decode(target); err != nil {
			r.fail(value, "this is not %s", what)
		}
	}
}

func (r *reader) duration(target *time.Duration) member {
	return func(value *yaml.Node) {
		d, err := time.ParseDuration(value.Value)
		if err != nil || d <= 0 {
			r.fail(value, "%q is no duration; write 500ms, 2s or 1h", value.Value)
			return
		}
		*target = d
	}
}

func (r *reader) scenario(node *yaml.Node) *Scenario {
	s := &Scenario{}
	var steps *yaml.Node
	r.mapping(node, "a scenario", map[string]member{
		"scenario": r.into(&s.Title, "a text"), "about": r.into(&s.About, "a text"), "vendor": r.into(&s.Vendor, "the name of a contract"),
		"readings": r.into(&s.Readings, "a list of reading: option"), "clock": r.into(&s.Clock, "a time; write 2026-01-05T09:00:00Z"),
		"state":  r.into(&s.State, "a list of key: value"),
		"faults": func(value *yaml.Node) { s.Faults = r.faults(value) },
		"steps":  func(value *yaml.Node) { steps = resolved(value) },
	})
	switch {
	case r.err != nil:
	case s.Title == "":
		r.fail(node, "`scenario` is missing; it says in a sentence what the story is")
	case s.Vendor == "":
		r.fail(node, "`vendor` is missing; one of %s, or the ID of a contract of yours", strings.Join(specs.IDs(), ", "))
	case steps != nil && steps.Kind != yaml.SequenceNode:
		r.fail(steps, "steps is a list, each step begins with - ")
	case steps != nil:
		for _, one := range steps.Content {
			s.Steps = append(s.Steps, r.step(one))
		}
	}
	return s
}

func (r *reader) faults(node *yaml.Node) []fault.Rule {
	if resolved(node).Kind != yaml.SequenceNode {
		r.fail(node, "faults is a list, each fault begins with - ")
		return nil
	}
	var list []fault.Rule
	for _, one := range resolved(node).Content {
		list = append(list, r.fault(one))
	}
	return list
}

// fault has the form of the control API.
func (r *reader) fault(node *yaml.Node) fault.Rule {
	var f fault.Rule
	var plain map[string]any
	if err := node.Decode(&plain); err != nil {
		r.fail(node, "a fault is a list of key: value, as `parley fault add` takes")
		return f
	}
	data, err := json.Marshal(plain)
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		err = decoder.Decode(&f)
	}
	if err != nil {
		r.fail(node, "fault: %s; it has the members that the control API's POST /_parley/faults takes", strings.TrimPrefix(err.Error(), "json: "))
	}
	return f
}
