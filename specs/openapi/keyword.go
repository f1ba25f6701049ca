package openapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
	"go.yaml.in/yaml/v3"
)

// bounds writes OpenAPI 3.0's exclusiveMinimum: true as the bound itself.
func (c *converter) bounds(out map[string]any, at found, n *yaml.Node) {
	for _, pair := range [][2]string{{"exclusiveMinimum", "minimum"}, {"exclusiveMaximum", "maximum"}} {
		given := yamlnode.Member(n, pair[0])
		switch value := yamlnode.Plain(given).(type) {
		case bool:
			if bound, ok := out[pair[1]]; ok && value {
				out[pair[0]] = bound
				delete(out, pair[1])
			}
		case json.Number:
			out[pair[0]] = value
		}
	}
}

// required leaves out what the other side alone must send.
func (c *converter) required(out map[string]any, at found, n *yaml.Node, way specs.Direction) {
	names, ok := out["required"].([]any)
	if !ok {
		if _, given := out["required"]; given { // draft-03's required: true
			c.note(found{at.file, yamlnode.Member(n, "required")}, "required that is no list of names")
			delete(out, "required")
		}
		return
	}
	left := way.Required(names, func(name any, keyword string) bool {
		property := yamlnode.Member(yamlnode.Member(n, "properties"), fmt.Sprint(name))
		if property == nil {
			return false
		}
		value, _, err := c.resolve(found{at.file, property})
		return err == nil && (yamlnode.IsTrue(yamlnode.Member(property, keyword)) || yamlnode.IsTrue(yamlnode.Member(value.node, keyword)))
	})
	out["required"] = left
	if len(left) == 0 {
		delete(out, "required")
	}
}

// nullable adds null, as OpenAPI 3.0 says it.
func (c *converter) nullable(out map[string]any, n *yaml.Node) {
	if !yamlnode.IsTrue(yamlnode.Member(n, "nullable")) {
		return
	}
	if values, ok := out["enum"].([]any); ok && !slices.Contains(values, nil) {
		out["enum"] = append(values, nil)
	}
	if kind, ok := out["type"].(string); ok {
		out["type"] = []any{kind, "null"}
		return
	}
	if anyOf(n, "allOf", "anyOf", "oneOf") {
		inner := map[string]any{}
		for key, value := range out {
			inner[key] = value
			delete(out, key)
		}
		out["anyOf"] = []any{inner, map[string]any{"type": "null"}}
	}
}

// discriminator tells the alternatives of oneOf apart by a property, so that a
// finding is about the one that is meant.
func (c *converter) discriminator(out map[string]any, at found, n *yaml.Node, way specs.Direction) {
	d := yamlnode.Member(n, "discriminator")
	property := yamlnode.Text(yamlnode.Member(d, "propertyName"))
	if n := yamlnode.Member(d, "defaultMapping"); n != nil {
		c.note(found{at.file, n}, "defaultMapping of a discriminator")
	}
	alternatives := yamlnode.Items(yamlnode.Member(n, "oneOf"))
	if property == "" || len(alternatives) == 0 {
		return
	}
	byRef := map[string][]string{}
	for _, p := range yamlnode.Pairs(yamlnode.Member(d, "mapping")) {
		ref := yamlnode.Text(p.Value)
		if !strings.ContainsAny(ref, "#/.") {
			ref = "#/components/schemas/" + ref
		}
		byRef[ref] = append(byRef[ref], p.Key.Value)
	}
	implicit := false
	var values, rules []any
	for _, alternative := range alternatives {
		ref := yamlnode.Text(yamlnode.Member(alternative, "$ref"))
		if ref == "" {
			return // an alternative without a name has no value
		}
		names := byRef[ref]
		if len(names) == 0 {
			implicit = true
			names = []string{ref[strings.LastIndexByte(ref, '/')+1:]}
		}
		for _, name := range names {
			values = append(values, name)
			rules = append(rules, map[string]any{
				"if":   map[string]any{"required": []any{property}, "properties": map[string]any{property: map[string]any{"const": name}}},
				"then": c.schema(found{at.file, alternative}, way),
			})
		}
	}
	all, _ := out["allOf"].([]any)
	out["allOf"] = append(append(all, otherwise(property, values, out["oneOf"], implicit)), rules...)
	delete(out, "oneOf")
}

// otherwise judges a value that a discriminator does not tell apart by all alternatives. A
// text that no mapping lists is an error only where the document lists all of them: by itself
// an alternative has its schema's name, and that schema may ask for another text.
func otherwise(property string, values []any, alternatives any, implicit bool) map[string]any {
	rule := map[string]any{"else": map[string]any{"oneOf": alternatives}}
	listed := map[string]any{property: map[string]any{"enum": values}}
	if implicit {
		rule["if"] = map[string]any{"required": []any{property}, "properties": listed}
		return rule
	}
	rule["if"], rule["then"] = map[string]any{"required": []any{property}}, map[string]any{"properties": listed}
	return rule
}
