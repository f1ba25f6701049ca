package openapi

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

// A schema with one of these is written in 2020-12, which OpenAPI 3.1 is of: draft-07 has
// no words for them. All others are written in draft-07.
var onlyNewer = []string{"unevaluatedProperties", "unevaluatedItems", "minContains", "maxContains", "$dynamicRef", "$dynamicAnchor"}

// inNewer are the keywords that are written in 2020-12 as the document has them, and
// otherwise in draft-07, or not at all.
var inNewer = []string{"unevaluatedProperties", "unevaluatedItems", "items", "prefixItems", "dependentSchemas", "dependentRequired", "minContains", "maxContains", "$dynamicRef", "$dynamicAnchor", "$defs",
	"additionalItems", "dependencies"}

// needsNewer tells whether something in a schema, not behind a reference, needs 2020-12.
func needsNewer(n *yaml.Node) bool {
	return anywhere(n, func(schema *yaml.Node) bool {
		return anyOf(schema, onlyNewer[1:]...) || anyOf(schema, onlyNewer[0]) && !isAdditional(schema)
	})
}

// isAdditional tells whether unevaluatedProperties says what additionalProperties would:
// nothing else could evaluate a member.
func isAdditional(n *yaml.Node) bool {
	return yamlnode.Plain(yamlnode.Member(n, "unevaluatedProperties")) == false &&
		!anyOf(n, "allOf", "anyOf", "oneOf", "if", "$ref", "$dynamicRef", "dependentSchemas", "dependencies", "additionalProperties")
}

// anchorsIn are the names of dynamic anchors in a schema.
func anchorsIn(n *yaml.Node) []string {
	var list []string
	anywhere(n, func(schema *yaml.Node) bool {
		if schema != yamlnode.Resolved(n) && yamlnode.Member(schema, "$id") != nil {
			return false // names in it are its own
		}
		if name := yamlnode.Text(yamlnode.Member(schema, "$dynamicAnchor")); name != "" {
			list = append(list, name)
		}
		return false
	})
	return list
}

// anywhere asks of a schema and of all inside it, until the answer is yes.
func anywhere(n *yaml.Node, is func(schema *yaml.Node) bool) bool {
	n = yamlnode.Resolved(n)
	if n == nil {
		return false
	}
	if n.Kind == yaml.SequenceNode {
		return slices.ContainsFunc(n.Content, func(one *yaml.Node) bool { return anywhere(one, is) })
	}
	if n.Kind != yaml.MappingNode {
		return false
	}
	if is(n) {
		return true
	}
	for _, p := range yamlnode.Pairs(n) {
		switch key := p.Key.Value; {
		case slices.Contains([]string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"}, key):
			for _, one := range yamlnode.Pairs(p.Value) {
				if anywhere(one.Value, is) {
					return true
				}
			}
		case slices.Contains(withoutSchemas, key), strings.HasPrefix(key, "x-"):
		default:
			if anywhere(p.Value, is) {
				return true
			}
		}
	}
	return false
}

// newerKeyword writes a keyword as 2020-12 has it. It is false for one that both have, or
// that is not written.
func (c *converter) newerKeyword(out map[string]any, at found, schema *yaml.Node, key string, way specs.Direction) bool {
	if !slices.Contains(inNewer, key) {
		return false
	}
	isTuple := yamlnode.Member(schema, "items") != nil && yamlnode.Resolved(yamlnode.Member(schema, "items")).Kind == yaml.SequenceNode
	switch key {
	case "prefixItems":
		out[key] = c.schemas(at.file, at.node, way)
	case "items": // as a list, it is draft-07's
		if isTuple {
			out["prefixItems"] = c.schemas(at.file, at.node, way)
		} else {
			out[key] = c.schema(at, way)
		}
	case "additionalItems":
		if !isTuple {
			return false
		}
		out["items"] = c.schema(at, way)
	case "$defs": // only for their anchors: a reference to one has led to its own file
		for _, one := range yamlnode.Pairs(at.node) {
			if yamlnode.Member(one.Value, "$id") == nil && anchorsIn(one.Value) != nil {
				below(out, key)[one.Key.Value] = c.schema(found{at.file, one.Value}, way)
			}
		}
	case "dependentSchemas":
		for _, one := range yamlnode.Pairs(at.node) {
			below(out, key)[one.Key.Value] = c.schema(found{at.file, one.Value}, way)
		}
	case "dependentRequired":
		for _, one := range yamlnode.Pairs(at.node) {
			below(out, key)[one.Key.Value] = yamlnode.Plain(one.Value)
		}
	case "dependencies": // draft-07's for both
		for _, one := range yamlnode.Pairs(at.node) {
			if yamlnode.Resolved(one.Value).Kind == yaml.SequenceNode {
				below(out, "dependentRequired")[one.Key.Value] = yamlnode.Plain(one.Value)
			} else {
				below(out, "dependentSchemas")[one.Key.Value] = c.schema(found{at.file, one.Value}, way)
			}
		}
	case "$dynamicRef":
		name := strings.TrimPrefix(yamlnode.Text(at.node), "#")
		if !slices.Contains(c.anchors, name) {
			return false // it leads out of the schema, and is named
		}
		out[key] = "#" + name
	case "minContains", "maxContains", "$dynamicAnchor":
		out[key] = yamlnode.Plain(at.node)
	default:
		out[key] = c.schema(at, way)
	}
	return true
}

// below is the object under a keyword.
func below(out map[string]any, key string) map[string]any {
	named, ok := out[key].(map[string]any)
	if !ok {
		named = map[string]any{}
		out[key] = named
	}
	return named
}

// apart writes a schema inside of another, with an address of its own, into a file of its
// own: its dynamic anchors are not those of what is around it.
func (c *converter) apart(at found, way specs.Direction) string {
	key := fmt.Sprintf("%s#L%d:%d %s", at.file, at.node.Line, at.node.Column, way)
	if name, known := c.components[key]; known {
		return name
	}
	id := yamlnode.Text(yamlnode.Member(at.node, "$id"))
	name := c.free("components/" + FileName(id[strings.LastIndexAny(id, "/#")+1:]))
	c.components[key] = name
	c.payload(name, at, way)
	return name
}
