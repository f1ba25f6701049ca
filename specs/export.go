package specs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/visible"
)

// File is one file of an export.
type File struct {
	Name string // with slashes, relative to the folder that is exported to
	Data []byte
}

// Bundle returns the OpenAPI document with every schema that it refers to inside
// it, as tools want it that read one file. The readings in force are applied, and
// the schemas are plain, as those of Export. Format is "yaml" or "json".
func (c *Contract) Bundle(format string) ([]byte, error) {
	document, err := c.plainDocument()
	if err != nil {
		return nil, err
	}
	var wanted []string
	bundled := rewriteRefs(document, func(ref string) string {
		name := payloadOf(ref)
		if name == "" {
			return ref
		}
		wanted = append(wanted, componentName(name))
		return componentPrefix + componentName(name)
	}).(map[string]any)
	schemas := map[string]any{}
	for _, name := range c.PayloadNames() {
		schema := c.component(c.Payloads[name])
		for part, definition := range object(schema["definitions"]) {
			schemas[componentName(name+"."+part)] = definition
		}
		delete(schema, "definitions") // OpenAPI has no place for them inside a schema
		schemas[componentName(name)] = schema
	}
	components := object(bundled["components"])
	if components == nil {
		components = map[string]any{}
	}
	own := maps.Clone(object(components["schemas"]))
	components["schemas"] = needed(wanted, schemas)
	maps.Copy(object(components["schemas"]), own)
	bundled["components"] = components
	bundled["jsonSchemaDialect"] = draft7URI + "#"
	return encode(bundled, format)
}

// Export returns the contract as a folder, which in YAML Load takes again: the document,
// the same with its schemas inside (bundle), every payload's schema with the
// readings in force applied, every sample, and the requirements and readings,
// whose defaults are the options in force. The schemas compile in a strict
// JSON Schema compiler: what they have under x-… stands as JSON in $comment, where
// Load finds it.
func (c *Contract) Export(format string) ([]File, error) {
	bundle, err := c.Bundle(format)
	if err != nil {
		return nil, err
	}
	document, err := c.documentAs(format)
	if err != nil {
		return nil, err
	}
	files := []File{{"openapi." + format, document}, {"bundle." + format, bundle}}
	for _, name := range c.PayloadNames() {
		p := c.Payloads[name]
		data, err := encode(plain(p.Written()), "json")
		if err != nil {
			return nil, err
		}
		files = append(files, File{p.File, data})
		for _, s := range p.Samples {
			about, err := encode(s, "yaml")
			if err != nil {
				return nil, err
			}
			files = append(files, File{s.File, s.Body}, File{repairsFile(s.File), about})
		}
	}
	for _, list := range []struct {
		name  string
		value any
	}{{"requirements.", c.Requirements}, {"readings.", c.readingsInForce()}} {
		data, err := encode(list.value, format)
		if err != nil {
			return nil, err
		}
		files = append(files, File{list.name + format, data})
	}
	return files, nil
}

// readingsInForce are the readings with the options in force as their defaults.
func (c *Contract) readingsInForce() []Reading {
	list := slices.Clone(c.Readings)
	for i, r := range list {
		list[i].Default = c.Chosen(r.ID)
	}
	return list
}

// documentAs keeps the order and the comments of the document where it can.
func (c *Contract) documentAs(format string) ([]byte, error) {
	if format == "yaml" {
		return fs.ReadFile(c.Folder, documentFile)
	}
	document, err := c.plainDocument()
	if err != nil {
		return nil, err
	}
	return encode(document, format)
}

func (c *Contract) plainDocument() (any, error) {
	data, err := fs.ReadFile(c.Folder, documentFile)
	if err != nil {
		return nil, err
	}
	var document any
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	return document, nil
}

// component is a payload's schema as a component of the bundle: references to
// other files, and to definitions, lead to other components.
func (c *Contract) component(p *Payload) map[string]any {
	schema := object(rewriteRefs(plain(p.Written()), func(ref string) string {
		file, fragment, _ := strings.Cut(ref, "#")
		target := p.Name
		if file != "" {
			target = payloadOf(path.Join(path.Dir(p.File), file))
		}
		if target == "" || fragment != "" && fragment[0] != '/' {
			return ref // to what a schema of 2020-12 calls itself
		}
		inside, pointer := "", fragment
		if rest, ok := strings.CutPrefix(fragment, "/definitions/"); ok {
			inside, pointer, _ = strings.Cut(rest, "/")
			inside = "." + jsonpointer.Unescape(PointerOf("#"+inside))
			if pointer != "" {
				pointer = "/" + pointer
			}
		}
		return componentPrefix + componentName(target+inside) + pointer
	}))
	if !p.IsNewer() { // what the document has as its dialect
		delete(schema, "$schema")
	}
	return schema
}

const componentPrefix = "#/components/schemas/"

// needed returns the schemas of these names and those that they refer to: linters
// complain of any other.
func needed(wanted []string, schemas map[string]any) map[string]any {
	found := map[string]any{}
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		if _, known := found[name]; known || schemas[name] == nil {
			continue
		}
		found[name] = schemas[name]
		rewriteRefs(schemas[name], func(ref string) string {
			component, _, _ := strings.Cut(strings.TrimPrefix(ref, componentPrefix), "/")
			wanted = append(wanted, component)
			return ref
		})
	}
	return found
}

func object(value any) map[string]any {
	named, _ := value.(map[string]any)
	return named
}

// componentName has the characters that OpenAPI allows.
func componentName(payload string) string {
	return notOfComponents().ReplaceAllString(strings.ReplaceAll(payload, "/", "."), "_")
}

var notOfComponents = lazy.Regexp(`[^a-zA-Z0-9._-]`)

// rewriteRefs returns a copy of a document with each $ref, and each value of a
// discriminator's mapping, replaced.
func rewriteRefs(value any, replace func(string) string) any {
	switch value := value.(type) {
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, inner := range value {
			if ref, ok := inner.(string); ok && (key == "$ref" || payloadOf(ref) != "") {
				inner = replace(ref)
			}
			next[key] = rewriteRefs(inner, replace)
		}
		return next
	case []any:
		next := make([]any, len(value))
		for i, inner := range value {
			next[i] = rewriteRefs(inner, replace)
		}
		return next
	}
	return value
}

func encode(value any, format string) ([]byte, error) {
	switch format {
	case "json":
		data, err := json.MarshalIndent(value, "", "  ")
		return append([]byte(visible.Text(string(data))), '\n'), err
	case "yaml":
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		var node yaml.Node
		err := node.Encode(plainNumbers(value))
		if err == nil {
			inQuotes(&node)
			err = encoder.Encode(&node)
		}
		return []byte(visible.Text(out.String())), err
	}
	return nil, fmt.Errorf("format %q is not known; write yaml or json", format)
}

// inQuotes puts text that cannot be seen as it is into double quotes, where YAML knows
// the escapes of JSON.
func inQuotes(node *yaml.Node) {
	if node.Kind == yaml.ScalarNode && string(visible.Lines(node.Value)) != node.Value {
		node.Style = yaml.DoubleQuotedStyle
	}
	for _, inner := range node.Content {
		inQuotes(inner)
	}
}

// plainNumbers turns json.Number, which YAML would print as a string, and
// structs, whose JSON names we publish, into plain values.
func plainNumbers(value any) any {
	data, err := json.Marshal(value)
	if err != nil {
		return value
	}
	var plain any
	if yaml.Unmarshal(data, &plain) != nil { // JSON is YAML, and integers stay integers
		return value
	}
	return plain
}
