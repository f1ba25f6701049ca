package validator

import (
	"maps"
	"slices"
	"strconv"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/specs"
)

// children builds the schemas that stand under the keywords of one schema, and keeps
// the first error.
type children struct {
	builder  *graphBuilder
	payload  *specs.Payload
	keywords map[string]any
	pointer  string
	err      error
}

func (in *children) build(schema any, below string) *node {
	if in.err != nil {
		return nil
	}
	var n *node
	n, in.err = in.builder.build(in.payload, schema, in.pointer+"/"+below, nil)
	return n
}

// one builds the schema under a keyword, if there is one.
func (in *children) one(key string) *node {
	schema, ok := in.keywords[key]
	if _, isList := schema.([]any); !ok || isList {
		return nil
	}
	return in.build(schema, key)
}

// many builds a list of schemas. As is what the keyword is called when choices are
// set aside.
func (in *children) many(key, as string) (nodes []*node) {
	schemas, _ := in.keywords[key].([]any)
	for i, schema := range schemas {
		nodes = append(nodes, in.build(schema, as+"/"+strconv.Itoa(i)))
	}
	return nodes
}

// named builds schemas by name, and returns the names sorted. As is what the keyword is
// called when it is set aside.
func (in *children) named(key, as string) (names []string, nodes map[string]*node) {
	schemas, _ := in.keywords[key].(map[string]any)
	nodes = map[string]*node{}
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if _, isList := schemas[name].([]any); !isList { // dependencies may list keys
			names = append(names, name)
			nodes[name] = in.build(schemas[name], as+"/"+jsonpointer.Escape(name))
		}
	}
	return names, nodes
}
