package specs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Parameter is one path, query or header parameter. Its schema describes one
// value, or, of type array, a list of them: nothing else can be judged.
type Parameter struct {
	Name        string
	In          string // "path", "query" or "header"
	Description string
	Required    bool
	AllowEmpty  bool           // allowEmptyValue: without a value it is not judged
	Style       string         // of a list: "form" in a query, "simple" elsewhere
	Explode     bool           // a list in a query repeats the name; else commas divide it
	Schema      map[string]any // numbers are json.Number
	Requirement string         // ID; "" when none is named
	Secret      bool
	Example     any      `json:",omitempty"` // a value that the document shows; nil: none
	Evidence    Evidence // that there is this parameter
	OfValues    Evidence // of the schema; without one, Evidence is that of the values too
	Assumed     []string // keywords of the schema that are only assumed, from x-assumed
}

// Type is that of the schema as a Field has it; a list is "array of integer".
func (p Parameter) Type() string {
	if items := object(p.Schema["items"]); items != nil {
		return "array of " + typeOf(items)
	}
	return typeOf(p.Schema)
}

// Class is the weakest evidence on which a demand of the schema rests. Keyword is
// the one that makes it; "" stands for the parameter itself.
func (p Parameter) Class(keyword string) Class {
	switch {
	case keyword == "", p.Evidence.Class == Assumed:
		return p.Evidence.Class
	case slices.Contains(p.Assumed, keyword):
		return Assumed
	}
	return cmp.Or(p.OfValues.Class, p.Evidence.Class)
}

// parametersOf lists the parameters of an operation. One of its own replaces that
// of the path with the same name and place. What would not be judged is an error.
func parametersOf(item *openapi3.PathItem, source *openapi3.Operation) ([]Parameter, error) {
	var list []Parameter
	for _, refs := range []openapi3.Parameters{item.Parameters, source.Parameters} {
		for _, ref := range refs {
			if ref == nil || ref.Value == nil {
				continue
			}
			p, err := parameterOf(ref.Value)
			if err != nil {
				return nil, err
			}
			same := func(other Parameter) bool { return other.Name == p.Name && other.In == p.In }
			if i := slices.IndexFunc(list, same); i >= 0 {
				list[i] = p
			} else {
				list = append(list, p)
			}
		}
	}
	return list, nil
}

func parameterOf(source *openapi3.Parameter) (Parameter, error) {
	p := Parameter{
		Name: source.Name, In: source.In, Description: source.Description, Required: source.Required,
		AllowEmpty: source.AllowEmptyValue, Evidence: EvidenceOf(source.Extensions), Example: exampleOf(source),
	}
	fail := func(format string, args ...any) (Parameter, error) {
		return p, &flaw{fmt.Sprintf("%s parameter %q: ", p.In, p.Name) + fmt.Sprintf(format, args...), "name: " + p.Name}
	}
	if !oneOf(p.In, openapi3.ParameterInPath, openapi3.ParameterInQuery, openapi3.ParameterInHeader) {
		return fail("a %s is not judged; `in` is path, query or header", p.In)
	}
	how, err := source.SerializationMethod()
	if err != nil {
		return fail("%v", err)
	}
	p.Style, p.Explode = how.Style, how.Explode
	if !oneOf(p.Style, openapi3.SerializationForm, openapi3.SerializationSimple) {
		return fail("style %s is not judged; write form in a query and simple elsewhere", p.Style)
	}
	if source.Schema == nil || source.Schema.Value == nil {
		return fail("it has no `schema`, so that no value of it would be judged; write one, for instance {type: string}")
	}
	if p.Schema, err = plainSchema(source.Schema.Value); err != nil {
		return fail("%v", err)
	}
	if text := vetParameter(p.Schema); text != "" {
		return fail("%s", text)
	}
	p.OfValues = EvidenceOf(p.Schema)
	p.Assumed = slices.Concat(stringsOf(p.Schema["x-assumed"]), stringsOf(object(p.Schema["items"])["x-assumed"]))
	own, _ := source.Extensions["x-requirement"].(string)
	ofValues, _ := p.Schema["x-requirement"].(string)
	p.Requirement = cmp.Or(own, ofValues)
	p.Secret = source.Extensions["x-secret"] == true || p.Schema["x-secret"] == true
	if p.Secret && p.In == openapi3.ParameterInPath {
		return fail("x-secret would be ignored, because paths are kept and shown whole; send the secret in a header")
	}
	return p, nil
}

// notOfValues are keywords of OpenAPI that say nothing of what a value may be.
var notOfValues = []string{"deprecated", "example", "examples", "nullable", "externalDocs", "xml"}

func plainSchema(source *openapi3.Schema) (map[string]any, error) {
	data, err := json.Marshal(source)
	if err != nil {
		return nil, err
	}
	var schema map[string]any
	if err := decodeJSON(data, &schema); err != nil {
		return nil, err
	}
	for _, key := range notOfValues {
		delete(schema, key)
		delete(object(schema["items"]), key)
	}
	return schema, nil
}

// ofAValue are the keywords that are judged of a value, and ofAList of a list.
var (
	ofAValue = []string{
		"type", "$comment", "title", "description", "default", "enum", "const", "pattern", "format", "minLength", "maxLength",
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
	}
	ofAList = []string{"type", "$comment", "title", "description", "default", "items", "minItems", "maxItems", "uniqueItems"}
)

// vetParameter says what of a schema would not be judged, or "".
func vetParameter(schema map[string]any) string {
	if schema["type"] != "array" {
		return vetKeywords(schema, ofAValue)
	}
	items := object(schema["items"])
	if items == nil {
		return "a list needs `items`, the schema of what is in it"
	}
	if items["type"] == "array" {
		return "a list of lists is not judged"
	}
	return cmp.Or(vetKeywords(schema, ofAList), vetKeywords(items, ofAValue))
}

func vetKeywords(schema map[string]any, judged []string) string {
	for _, key := range slices.Sorted(maps.Keys(schema)) {
		if !strings.HasPrefix(key, "x-") && !slices.Contains(judged, key) {
			return fmt.Sprintf("%q is not judged in the schema of a parameter; it may have %s", key, strings.Join(judged, ", "))
		}
		if _, ok := schema[key].(bool); ok && strings.HasPrefix(key, "exclusive") {
			return fmt.Sprintf("write %s as a number, the bound itself", key)
		}
	}
	for _, key := range stringsOf(schema["x-assumed"]) {
		if _, ok := schema[key]; !ok {
			return fmt.Sprintf("x-assumed names %q, which the schema does not have", key)
		}
	}
	if schema["type"] == nil {
		return "the schema needs a `type`, by which the text of a value is read"
	}
	for name := range strings.SplitSeq(typeOf(schema), "|") {
		if !oneOf(name, "string", "integer", "number", "boolean", "null") && schema["type"] != "array" {
			return fmt.Sprintf("values of type %s are not judged; `type` is string, integer, number or boolean, or array of one of these", name)
		}
	}
	return ""
}
