package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// paths writes what the vendor serves.
func (c *converter) paths(at found) ordered {
	out := ordered{}
	for _, p := range yamlnode.Pairs(at.node) {
		if strings.HasPrefix(p.Key.Value, "x-") {
			continue
		}
		if !strings.HasPrefix(p.Key.Value, "/") {
			c.fail(c.errorf(found{at.file, p.Key}, "path %q does not begin with /", p.Key.Value))
			return out
		}
		item, _, err := c.resolve(found{at.file, p.Value})
		if err != nil {
			c.fail(err)
			return out
		}
		template, ok := c.template(found{at.file, p.Key}, at.node)
		if ok {
			out = append(out, entry{template, c.item(item, template)})
		}
	}
	return out
}

// template is a path as calls have it: without a fragment or a query, by which some
// documents tell operations apart that only their bodies do. False: others have that path.
func (c *converter) template(at found, paths *yaml.Node) (template string, ok bool) {
	written := at.node.Value
	template = pathOf(written)
	if template == written {
		return template, true
	}
	for _, p := range yamlnode.Pairs(paths) {
		if p.Key.Value != written && pathOf(p.Key.Value) == template {
			c.note(at, "path %q, of which a call has only %s, as %q does", written, template, p.Key.Value)
			return "", false
		}
	}
	c.note(at, "what is behind %s in path %q", template, written)
	return template, true
}

func pathOf(written string) string {
	if i := strings.IndexAny(written, "?#"); i >= 0 {
		return written[:i]
	}
	return written
}

// item writes the operations of a path.
func (c *converter) item(at found, template string) map[string]any {
	out := map[string]any{}
	if extension := yamlnode.Member(at.node, "x-parley"); extension != nil {
		out["x-parley"] = yamlnode.Plain(extension)
	}
	if yamlnode.Member(at.node, "servers") != nil {
		out["servers"] = yamlnode.Plain(yamlnode.Member(at.node, "servers"))
	}
	for _, p := range yamlnode.Pairs(at.node) {
		if !slices.Contains(methods, p.Key.Value) {
			if !slices.Contains([]string{"parameters", "summary", "description", "servers", "$ref"}, p.Key.Value) && !strings.HasPrefix(p.Key.Value, "x-") {
				c.note(found{at.file, p.Key}, "%q of a path", p.Key.Value)
			}
			continue
		}
		id := c.operationID(found{at.file, p.Value}, p.Key.Value, template)
		operation := c.operation(at, found{at.file, p.Value}, found{at.file, p.Key}, id, false)
		operation["operationId"] = id
		out[p.Key.Value] = operation
		c.callbacks(found{at.file, yamlnode.Member(p.Value, "callbacks")}, id)
	}
	return out
}

var words = lazy.Regexp(`[A-Za-z0-9]+`)

// operationID is the document's, or one made of method and path: getPetsPetId.
func (c *converter) operationID(at found, method, template string) string {
	id := yamlnode.Text(yamlnode.Member(at.node, "operationId"))
	if id == "" {
		id = OperationID(method, template)
	}
	return Unique(c.operations, id)
}

// OperationID is that of an operation which has none of its own; method is in lower case.
func OperationID(method, template string) string {
	id := method
	for _, word := range words().FindAllString(template, -1) {
		id += string(unicode.ToUpper(rune(word[0]))) + word[1:]
	}
	return id
}

// Unique is an ID that was not taken before; it is now.
func Unique(taken map[string]bool, id string) string {
	for n, base := 2, id; taken[id]; n++ {
		id = fmt.Sprint(base, n)
	}
	taken[id] = true
	return id
}

// operation writes an operation or an event, called so in its folder.
func (c *converter) operation(path, at, key found, id string, event bool) map[string]any {
	out := map[string]any{"x-evidence": source(key)}
	for _, name := range []string{"summary", "description"} {
		if value := yamlnode.Text(yamlnode.Member(at.node, name)); value != "" {
			out[name] = value
		}
	}
	for _, name := range []string{"security", "servers", "x-parley", "deprecated"} {
		if value := yamlnode.Member(at.node, name); value != nil {
			out[name] = yamlnode.Plain(value)
		}
	}
	if list := c.parameters(path, at); len(list) > 0 {
		out["parameters"] = list
	}
	kind, inbound, outbound := "operations", specs.ToVendor, specs.FromVendor
	if event {
		kind, inbound, outbound = "events", specs.FromVendor, specs.ToVendor
	}
	if body := yamlnode.Member(at.node, "requestBody"); body != nil {
		value, _, err := c.resolve(found{at.file, body})
		if err != nil {
			c.fail(err)
			return out
		}
		out["requestBody"] = map[string]any{
			"required": yamlnode.IsTrue(yamlnode.Member(value.node, "required")),
			"content":  c.content(found{value.file, yamlnode.Member(value.node, "content")}, kind+"/"+FileName(id), inbound),
		}
	}
	out["responses"] = c.responses(found{at.file, yamlnode.Member(at.node, "responses")}, "answers/"+FileName(id), outbound)
	return out
}

var statusRange = lazy.Regexp(`^([1-5]\d\d|[1-5]XX|default)$`)

func (c *converter) responses(at found, name string, way specs.Direction) map[string]any {
	out := map[string]any{}
	for _, p := range yamlnode.Pairs(at.node) {
		status := strings.ToUpper(p.Key.Value)
		if strings.HasPrefix(p.Key.Value, "x-") {
			continue
		}
		if p.Key.Value == "default" {
			status = "default"
		}
		if !statusRange().MatchString(status) {
			c.fail(c.errorf(found{at.file, p.Key}, "%q is no status of an answer; write one from 100 to 599, a range such as 4XX, or default", p.Key.Value))
			return out
		}
		value, _, err := c.resolve(found{at.file, p.Value})
		if err != nil {
			c.fail(err)
			return out
		}
		answer := map[string]any{"description": yamlnode.Text(yamlnode.Member(value.node, "description")), "x-evidence": source(found{at.file, p.Key})}
		if content := c.content(found{value.file, yamlnode.Member(value.node, "content")}, name+"/"+status, way); len(content) > 0 {
			answer["content"] = content
		}
		if headers := c.headers(found{value.file, yamlnode.Member(value.node, "headers")}); len(headers) > 0 {
			answer["headers"] = headers
		}
		if extension := yamlnode.Member(value.node, "x-parley"); extension != nil {
			answer["x-parley"] = yamlnode.Plain(extension)
		}
		if links := yamlnode.Member(value.node, "links"); links != nil {
			c.note(found{value.file, links}, "links of an answer")
		}
		out[status] = answer
	}
	return out
}

func (c *converter) headers(at found) map[string]any {
	out := map[string]any{}
	for _, p := range yamlnode.Pairs(at.node) {
		value, _, err := c.resolve(found{at.file, p.Value})
		if err != nil {
			c.fail(err)
			return out
		}
		if strings.EqualFold(p.Key.Value, "Content-Type") {
			continue // "content" says it (OpenAPI 3.0.3, 4.7.16)
		}
		header := map[string]any{"required": yamlnode.IsTrue(yamlnode.Member(value.node, "required")), "x-evidence": source(found{at.file, p.Key})}
		described(header, value.node)
		c.parameterSchema(header, value)
		maps.Copy(header, c.shown(value))
		out[p.Key.Value] = header
	}
	return out
}

// shown are the examples of a header, or of a body that has no payload.
func (c *converter) shown(at found) map[string]any {
	if example := yamlnode.Member(at.node, "example"); example != nil {
		return map[string]any{"example": yamlnode.Plain(example)}
	}
	examples := map[string]any{}
	for _, p := range yamlnode.Pairs(yamlnode.Member(at.node, "examples")) {
		value, _, err := c.resolve(found{at.file, p.Value})
		if err != nil {
			c.fail(err)
			break
		}
		if example, ok := c.example(value, p.Key.Value); ok {
			examples[p.Key.Value] = map[string]any{"value": yamlnode.Plain(example.node)}
		}
	}
	if len(examples) == 0 {
		return map[string]any{}
	}
	return map[string]any{"examples": examples}
}
