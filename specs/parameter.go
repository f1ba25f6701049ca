package specs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/valuepath"
)

// Parameter is one path, query, header or cookie parameter, or a header of an answer.
// Its schema refers to no other.
type Parameter struct {
	Name        string
	In          string // "path", "query", "header" or "cookie"
	Description string
	Required    bool
	AllowEmpty  bool           // allowEmptyValue: without a value it is not judged
	Style       string         // how a list or an object is written, as OpenAPI calls it: "form", "simple", "deepObject" …
	Explode     bool           // as OpenAPI has it: a list in a query repeats the name; else commas divide it
	ContentType string         `json:",omitempty"` // of a value that is a document of its own, as JSON is
	Schema      map[string]any // numbers are json.Number
	Requirement string         // ID; "" when none is named
	Secret      bool
	Open        bool     // x-secret is false: no secret, whatever its name says
	Example     any      `json:",omitempty"` // a value that the document shows; nil: none
	Evidence    Evidence // that there is this parameter
	OfValues    Evidence // of the schema; without one, Evidence is that of the values too
	Assumed     []string // keywords of the schema that are only assumed, from x-assumed

	unread []string // what of it nobody judges
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
// of the path with the same name and place.
func (c *Contract) parametersOf(item *openapi3.PathItem, source *openapi3.Operation) ([]Parameter, error) {
	var list []Parameter
	for _, refs := range []openapi3.Parameters{item.Parameters, source.Parameters} {
		for _, ref := range refs {
			if ref == nil || ref.Value == nil {
				continue
			}
			p, err := c.parameterOf(ref.Value)
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

// Styles are those of OpenAPI, by the place of a parameter.
var styles = map[string][]string{
	openapi3.ParameterInPath:   {openapi3.SerializationSimple, openapi3.SerializationLabel, openapi3.SerializationMatrix},
	openapi3.ParameterInQuery:  {openapi3.SerializationForm, openapi3.SerializationSpaceDelimited, openapi3.SerializationPipeDelimited, openapi3.SerializationDeepObject},
	openapi3.ParameterInHeader: {openapi3.SerializationSimple},
	openapi3.ParameterInCookie: {openapi3.SerializationForm},
}

func (c *Contract) parameterOf(source *openapi3.Parameter) (Parameter, error) {
	p := Parameter{
		Name: source.Name, In: source.In, Description: source.Description, Required: source.Required,
		AllowEmpty: source.AllowEmptyValue, Evidence: EvidenceOf(source.Extensions), Example: exampleOf(source),
	}
	fail := func(format string, args ...any) (Parameter, error) {
		return p, &flaw{fmt.Sprintf("%s parameter %q: ", p.In, p.Name) + fmt.Sprintf(format, args...), "name: " + p.Name}
	}
	if styles[p.In] == nil {
		return fail("`in` is path, query, header or cookie")
	}
	how, err := source.SerializationMethod()
	if err != nil {
		return fail("%v", err)
	}
	p.Style, p.Explode = how.Style, how.Explode
	if !oneOf(p.Style, styles[p.In]...) {
		return fail("style %s is none of a %s; write %s", p.Style, p.In, strings.Join(styles[p.In], ", "))
	}
	c.readSchema(&p, source)
	if text := vetAssumed(p.Schema); text != "" {
		return fail("%s", text)
	}
	p.OfValues = EvidenceOf(p.Schema)
	p.Assumed = slices.Concat(valuepath.Texts(p.Schema["x-assumed"]), valuepath.Texts(object(p.Schema["items"])["x-assumed"]))
	own, _ := source.Extensions["x-requirement"].(string)
	ofValues, _ := p.Schema["x-requirement"].(string)
	p.Requirement = cmp.Or(own, ofValues)
	p.Secret = source.Extensions["x-secret"] == true || p.Schema["x-secret"] == true
	p.Open = source.Extensions["x-secret"] == false || p.Schema["x-secret"] == false
	if p.Secret && p.In == openapi3.ParameterInPath {
		return fail("x-secret would be ignored, because paths are kept and shown whole; send the secret in a header")
	}
	return p, nil
}

// readSchema gives a parameter its schema: any value fits one that has none, or that is
// a document that nobody reads.
func (c *Contract) readSchema(p *Parameter, source *openapi3.Parameter) {
	schema := source.Schema
	for kind, media := range source.Content { // there is one
		p.ContentType = kind
		schema = schemaOf(media)
		if MediaOf(kind) != JSON {
			p.Schema, p.unread = map[string]any{}, []string{"parameters that are documents of a type that nobody reads"}
			return
		}
	}
	if schema == nil || schema.Value == nil {
		p.Schema, p.unread = map[string]any{}, []string{"parameters without a schema, judged by presence alone"}
		return
	}
	in := inliner{contract: c}
	p.Schema = object(in.document(schema, nil))
	if p.Schema == nil {
		p.Schema = map[string]any{}
	}
	p.unread = in.unread
}

func vetAssumed(schema map[string]any) string {
	for _, one := range []map[string]any{schema, object(schema["items"])} {
		for _, key := range valuepath.Texts(one["x-assumed"]) {
			if _, ok := one[key]; !ok {
				return fmt.Sprintf("x-assumed names %q, which the schema does not have", key)
			}
		}
	}
	return ""
}
