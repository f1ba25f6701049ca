package openapi

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

// kept are the keywords that mean the same in draft-07.
var kept = []string{
	"title", "description", "default", "readOnly", "writeOnly", "enum", "const", "multipleOf", "maximum", "minimum",
	"maxLength", "minLength", "pattern", "format", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "required",
	"contentMediaType", "contentEncoding", "$comment",
}

// annotations say nothing of what a value may be.
var annotations = []string{"example", "examples", "externalDocs", "xml", "deprecated", "$schema", "$id", "$anchor", "$defs", "definitions", "nullable", "exclusiveMaximum", "exclusiveMinimum", "discriminator", "$vocabulary"}

// schema writes a schema in draft-07. A reference leads to a file of its own.
func (c *converter) schema(at found, way specs.Direction) any {
	n := yamlnode.Resolved(at.node)
	if n == nil || n.Kind == yaml.ScalarNode {
		return yamlnode.Plain(n) != false
	}
	if c.newer && n != c.root && yamlnode.Member(n, "$id") != nil && c.inline == 0 {
		return map[string]any{"$ref": c.relative(c.apart(found{at.file, n}, way))}
	}
	out := map[string]any{}
	if ref := yamlnode.Member(n, "$ref"); ref != nil && c.inline > 0 {
		return c.unfolded(at, n, ref, way)
	} else if ref != nil {
		name, err := c.component(found{at.file, n}, way)
		if err != nil {
			c.fail(err)
			return true
		}
		reference := map[string]any{"$ref": c.relative(name)}
		siblings := c.siblings(at, n)
		if len(siblings) == 0 {
			return reference
		}
		if c.minor == 0 {
			c.note(found{at.file, ref}, "%s beside $ref, which OpenAPI 3.0 does not read", strings.Join(siblings, ", "))
			return reference
		}
		c.keywords(out, at, n, way)
		if c.newer {
			out["$ref"] = reference["$ref"]
			return out
		}
		all, _ := out["allOf"].([]any)
		out["allOf"] = append([]any{reference}, all...)
		return out
	}
	c.keywords(out, at, n, way)
	return out
}

// maxInline bounds how deep references inside one another are replaced.
const maxInline = 12

// unfolded is what a reference names, in its place.
func (c *converter) unfolded(at found, n, ref *yaml.Node, way specs.Direction) any {
	target, _, err := c.resolveOnce(found{at.file, n})
	if err != nil {
		c.fail(err)
		return true
	}
	if c.inline > maxInline {
		c.note(found{at.file, ref}, "what is inside of itself in the schema of a parameter")
		return true
	}
	c.inline++
	defer func() { c.inline-- }()
	return c.schema(target, way)
}

// siblings are the keywords beside a $ref that demand something.
func (c *converter) siblings(at found, n *yaml.Node) []string {
	var list []string
	for _, p := range yamlnode.Pairs(n) {
		if key := p.Key.Value; key != "$ref" && key != "title" && key != "description" && !slices.Contains(annotations[:7], key) && !strings.HasPrefix(key, "x-") {
			list = append(list, key)
		}
	}
	return list
}

func (c *converter) keywords(out map[string]any, at found, n *yaml.Node, way specs.Direction) {
	for _, p := range yamlnode.Pairs(n) {
		key, value := p.Key.Value, found{at.file, p.Value}
		if c.newer && c.newerKeyword(out, value, n, key, way) {
			continue
		}
		switch {
		case key == "$ref":
		case key == "type":
			out[key] = yamlnode.Plain(p.Value)
		case slices.Contains(kept, key), strings.HasPrefix(key, "x-"):
			out[key] = yamlnode.Plain(p.Value)
		case key == "properties" || key == "patternProperties":
			named := map[string]any{}
			for _, property := range yamlnode.Pairs(p.Value) {
				if key == "patternProperties" && !c.isRegex(found{at.file, property.Key}, property.Key.Value) {
					continue
				}
				named[property.Key.Value] = c.property(found{at.file, property.Value}, found{at.file, property.Key}, way)
			}
			out[key] = named
		case slices.Contains([]string{"additionalProperties", "propertyNames", "contains", "if", "then", "else", "not"}, key):
			out[key] = c.schema(value, way)
		case key == "items" && yamlnode.Resolved(p.Value).Kind == yaml.SequenceNode:
			out[key] = c.schemas(at.file, p.Value, way)
		case key == "items" && yamlnode.Member(n, "prefixItems") != nil:
			out["additionalItems"] = c.schema(value, way)
		case key == "items":
			out[key] = c.schema(value, way)
		case key == "prefixItems":
			out["items"] = c.schemas(at.file, p.Value, way)
		case key == "additionalItems":
			out[key] = c.schema(value, way)
		case key == "allOf" || key == "anyOf" || key == "oneOf":
			out[key] = c.schemas(at.file, p.Value, way)
		case key == "dependentRequired":
			depend(out, yamlnode.Plain(p.Value).(map[string]any))
		case key == "dependentSchemas":
			named := map[string]any{}
			for _, property := range yamlnode.Pairs(p.Value) {
				named[property.Key.Value] = c.schema(found{at.file, property.Value}, way)
			}
			depend(out, named)
		case key == "dependencies":
			named := map[string]any{}
			for _, property := range yamlnode.Pairs(p.Value) {
				if yamlnode.Resolved(property.Value).Kind == yaml.SequenceNode {
					named[property.Key.Value] = yamlnode.Plain(property.Value)
				} else {
					named[property.Key.Value] = c.schema(found{at.file, property.Value}, way)
				}
			}
			depend(out, named)
		case key == "unevaluatedProperties" && isAdditional(n):
			out["additionalProperties"] = false // nothing else could evaluate one
		case slices.Contains(annotations, key):
		default:
			c.note(found{at.file, p.Key}, "keyword %q of a schema", key)
		}
	}
	c.bounds(out, at, n)
	c.broken(out, at, n)
	c.required(out, at, n, way)
	c.nullable(out, n)
	c.discriminator(out, at, n, way)
}

// property is the schema of a member, with the line in which it stands.
func (c *converter) property(at, key found, way specs.Direction) any {
	schema := c.schema(at, way)
	if object, ok := schema.(map[string]any); ok && object["$ref"] == nil && object["x-evidence"] == nil {
		object["x-evidence"] = source(key)
	}
	return schema
}

func anyOf(n *yaml.Node, keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return yamlnode.Member(n, key) != nil })
}

func depend(out, more map[string]any) {
	all, _ := out["dependencies"].(map[string]any)
	if all == nil {
		all = map[string]any{}
	}
	for name, value := range more {
		if before, ok := all[name]; ok { // of another keyword; both are demanded
			value = map[string]any{"allOf": []any{dependent(before), dependent(value)}}
		}
		all[name] = value
	}
	out["dependencies"] = all
}

// dependent is a schema also where a list of names stands for one.
func dependent(value any) any {
	if names, ok := value.([]any); ok {
		return map[string]any{"required": names}
	}
	return value
}

func (c *converter) schemas(file string, n *yaml.Node, way specs.Direction) []any {
	list := []any{}
	for _, one := range yamlnode.Items(n) {
		list = append(list, c.schema(found{file, one}, way))
	}
	return list
}
