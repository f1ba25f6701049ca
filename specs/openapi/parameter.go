package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
	"go.yaml.in/yaml/v3"
)

// parameters are those of an operation and of its path.
func (c *converter) parameters(path, at found) []any {
	byKey := map[string]any{}
	var order []string
	for _, holder := range []found{path, at} {
		list := yamlnode.Member(holder.node, "parameters")
		for _, n := range yamlnode.Items(list) {
			value, _, err := c.resolve(found{holder.file, n})
			if err != nil {
				c.fail(err)
				return nil
			}
			p := c.parameter(value, found{holder.file, n})
			if p == nil {
				continue
			}
			key := fmt.Sprint(p["in"], " ", p["name"])
			if !slices.Contains(order, key) {
				order = append(order, key)
			}
			byKey[key] = p
		}
	}
	list := []any{}
	for _, key := range order {
		list = append(list, byKey[key])
	}
	return list
}

func described(out map[string]any, n *yaml.Node) {
	if description := yamlnode.Text(yamlnode.Member(n, "description")); description != "" {
		out["description"] = description
	}
}

// reserved headers are not described as parameters (OpenAPI 3.0.3, 4.7.12.1).
var reserved = []string{"accept", "content-type", "authorization"}

func (c *converter) parameter(at, where found) map[string]any {
	name, in := yamlnode.Text(yamlnode.Member(at.node, "name")), yamlnode.Text(yamlnode.Member(at.node, "in"))
	if name == "" || in == "" {
		c.fail(c.errorf(at, "a parameter needs `name` and `in`"))
		return nil
	}
	if in == "header" && slices.Contains(reserved, strings.ToLower(name)) {
		return nil
	}
	if in == "querystring" {
		c.note(where, "parameter %q in the whole query", name)
		return nil
	}
	p := map[string]any{
		"name": name, "in": in, "required": yamlnode.IsTrue(yamlnode.Member(at.node, "required")) || in == "path", "x-evidence": source(where),
	}
	described(p, at.node)
	c.parameterSchema(p, at)
	own := c.shown(at)
	if schema, _, err := c.resolve(found{at.file, yamlnode.Member(at.node, "schema")}); err == nil && len(own) == 0 {
		own = c.shown(schema)
	}
	maps.Copy(p, own)
	for _, key := range []string{"style", "explode", "allowEmptyValue", "allowReserved"} {
		value := yamlnode.Member(at.node, key)
		switch {
		case value == nil:
		case key == "style" && value.Value == "cookie": // form, but for what is escaped
			c.note(found{at.file, value}, "how a cookie of style cookie is escaped")
		default:
			p[key] = yamlnode.Plain(value)
		}
	}
	return p
}

// parameterSchema puts the schema of a parameter or a header where it belongs, with
// what it refers to inside it.
func (c *converter) parameterSchema(out map[string]any, at found) {
	if holder := yamlnode.Member(at.node, "schema"); holder != nil {
		out["schema"] = c.inlined(found{at.file, holder})
		return
	}
	content := map[string]any{}
	for _, p := range yamlnode.Pairs(yamlnode.Member(at.node, "content")) {
		content[p.Key.Value] = map[string]any{"schema": c.inlined(found{at.file, yamlnode.Member(p.Value, "schema")})}
	}
	if len(content) > 0 {
		out["content"] = content
	}
}

// inlined is a schema in which references are replaced by what they name.
func (c *converter) inlined(at found) any {
	c.inline++
	defer func() { c.inline-- }()
	return c.schema(at, specs.ToVendor)
}
