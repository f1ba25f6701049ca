package specs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// inliner makes a schema of the document one of draft-07 that refers to no other.
type inliner struct {
	contract *Contract
	unread   []string // what had to be left out
}

// notOfValues are keywords of OpenAPI that say nothing of what a value in a parameter
// may be: none can be null.
var notOfValues = []string{"deprecated", "example", "nullable", "externalDocs", "xml", "discriminator"}

// document is a schema that stands in openapi.yaml. Inside holds the references that
// led here, to stop at a loop.
func (in *inliner) document(ref *openapi3.SchemaRef, inside []string) any {
	if ref.Ref != "" {
		return in.reference(nil, ref.Ref, inside)
	}
	data, err := json.Marshal(ref.Value)
	var schema any
	if err == nil {
		err = decodeJSON(data, &schema)
	}
	if err != nil {
		in.leave(fmt.Sprintf("schemas that are no JSON: %v", err))
		return map[string]any{}
	}
	return in.schema(nil, schema, inside)
}

// reference is what a reference leads to, from a payload, or with none from
// openapi.yaml.
func (in *inliner) reference(p *Payload, ref string, inside []string) any {
	from := documentFile
	if p != nil {
		from = p.File
	}
	if slices.Contains(inside, from+ref) {
		in.leave("parameters whose schema leads back to itself")
		return map[string]any{}
	}
	inside = append(slices.Clip(inside), from+ref)
	if name, ok := strings.CutPrefix(ref, componentPrefix); ok && p == nil {
		components := in.contract.Document().Components
		if components != nil && components.Schemas[name] != nil {
			return in.document(components.Schemas[name], inside)
		}
	}
	if p == nil {
		p = &Payload{File: documentFile}
	}
	target, schema := in.contract.Resolve(p, ref)
	if target == nil {
		in.leave("schemas that nobody finds: " + ref)
		return map[string]any{}
	}
	return in.schema(target, schema, inside)
}

func (in *inliner) schema(p *Payload, value any, inside []string) any {
	switch value := value.(type) {
	case []any:
		next := make([]any, len(value))
		for i, one := range value {
			next[i] = in.schema(p, one, inside)
		}
		return next
	case map[string]any:
		if ref, ok := value["$ref"].(string); ok {
			return in.reference(p, ref, inside)
		}
		return in.keywords(p, value, inside)
	}
	return value
}

func (in *inliner) keywords(p *Payload, schema map[string]any, inside []string) map[string]any {
	next := make(map[string]any, len(schema))
	for key, value := range schema {
		switch {
		case p == nil && slices.Contains(notOfValues, key), key == "definitions", key == "$schema":
		case p == nil && key == "examples":
		case slices.Contains(newer, key):
			in.leave("keywords in the schema of a parameter: " + key)
		case slices.Contains(namedSchemas, key):
			named := map[string]any{}
			for name, one := range object(value) {
				named[name] = in.schema(p, one, inside)
			}
			next[key] = named
		case slices.Contains(nestedSchemas, key):
			next[key] = in.schema(p, value, inside)
		case strings.HasPrefix(key, "x-") || slices.Contains(draft7, key):
			next[key] = value
		default:
			in.leave("keywords in the schema of a parameter: " + key)
		}
	}
	exclusive(next, "exclusiveMinimum", "minimum")
	exclusive(next, "exclusiveMaximum", "maximum")
	return next
}

// exclusive writes a bound that a boolean excludes, as OpenAPI 3.0 has it, as draft-07
// does.
func exclusive(schema map[string]any, key, bound string) {
	excluded, ok := schema[key].(bool)
	if !ok {
		return
	}
	delete(schema, key)
	if value, there := schema[bound]; there && excluded {
		schema[key] = value
		delete(schema, bound)
	}
}

func (in *inliner) leave(what string) {
	if !slices.Contains(in.unread, what) {
		in.unread = append(in.unread, what)
	}
}
