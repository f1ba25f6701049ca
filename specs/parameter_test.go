package specs_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
)

// withParameters is the tiny contract with these parameters of its operation, below
// that of its path.
func withParameters(t *testing.T, parameters string) (*specs.Contract, error) {
	t.Helper()
	return specs.Load(tiny(map[string]string{
		"openapi.yaml": strings.Replace(document, "operationId: put", "operationId: put\n      parameters:\n"+parameters, 1) +
			"components: {schemas: {Key: {type: string, x-evidence: documented}, Loop: {type: array, items: {$ref: \"#/components/schemas/Loop\"}}}}\n",
	}), "tiny")
}

func TestParametersAreRead(t *testing.T) {
	c, err := withParameters(t, `
        - {name: id, in: path, required: true, schema: {type: string, maxLength: 9}, x-evidence: observed}
        - {name: id, in: query, description: Another., schema: {type: integer, minimum: 1, maximum: 9, x-evidence: documented, x-assumed: [minimum]}, x-evidence: observed}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: [string, integer], deprecated: true}, example: [a]}, x-requirement: T-1}
        - {name: X-Key, in: header, required: true, schema: {$ref: "#/components/schemas/Key"}, x-secret: true, x-evidence: assumed}
        - {name: X-Session-Id, in: header, schema: {type: string}, x-secret: false}`)
	if err != nil {
		t.Fatal(err)
	}
	list := c.Operation("operations/put").Parameters
	if len(list) != 5 {
		t.Fatalf("an operation's parameter takes the place of its path's: %+v", list)
	}
	want := []specs.Parameter{
		{Name: "id", In: "path", Required: true, Style: "simple", Schema: map[string]any{"type": "string", "maxLength": json.Number("9")}, Evidence: specs.Evidence{Class: "observed"}},
		{Name: "id", In: "query", Description: "Another.", Style: "form", Explode: true, Evidence: specs.Evidence{Class: "observed"}, OfValues: specs.Evidence{Class: "documented"}, Assumed: []string{"minimum"},
			Schema: map[string]any{"type": "integer", "minimum": json.Number("1"), "maximum": json.Number("9"), "x-evidence": "documented", "x-assumed": []any{"minimum"}}},
		{Name: "tags", In: "query", Style: "form", Schema: map[string]any{"type": "array", "items": map[string]any{"type": []any{"string", "integer"}}}, Requirement: "T-1", Example: []any{"a"}},
		{Name: "X-Key", In: "header", Required: true, Style: "simple", Schema: map[string]any{"type": "string", "x-evidence": "documented"}, Secret: true,
			Evidence: specs.Evidence{Class: "assumed"}, OfValues: specs.Evidence{Class: "documented"}},
		{Name: "X-Session-Id", In: "header", Style: "simple", Schema: map[string]any{"type": "string"}, Open: true},
	}
	for i := range want {
		if !reflect.DeepEqual(list[i], want[i]) {
			t.Errorf("got  %+v\nwant %+v", list[i], want[i])
		}
	}
	for i, kind := range []string{"string", "integer", "array of string|integer", "string", "string"} {
		if got := list[i].Type(); got != kind {
			t.Errorf("parameter %s is of type %q, want %q", list[i].Name, got, kind)
		}
	}
	for keyword, class := range map[string]specs.Class{"": "observed", "type": "documented", "maximum": "documented", "minimum": "assumed"} {
		if got := list[1].Class(keyword); got != class {
			t.Errorf("%q of id is %s, want %s", keyword, got, class)
		}
	}
	if list[3].Class("type") != specs.Assumed || list[0].Class("type") != specs.Observed {
		t.Error("the evidence of the parameter bounds that of its values")
	}
}

// What contradicts itself is not loaded.
func TestParametersThatContradictThemselvesAreRefused(t *testing.T) {
	for parameter, want := range map[string]string{
		`{name: s, in: query, style: matrix, schema: {type: string}}`:                  "style matrix is none of a query; write form, spaceDelimited, pipeDelimited, deepObject",
		`{name: s, in: header, style: form, schema: {type: string}}`:                   "style form is none of a header; write simple",
		`{name: s, in: body, schema: {type: string}}`:                                  "`in` is path, query, header or cookie",
		`{name: s, in: query, schema: {type: integer, x-assumed: [minimum]}}`:          `x-assumed names "minimum", which the schema does not have`,
		`{name: id, in: path, required: true, schema: {type: string}, x-secret: true}`: "x-secret would be ignored",
	} {
		_, err := withParameters(t, "        - "+parameter)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", parameter, err, want)
			continue
		}
		if !strings.HasPrefix(err.Error(), "tiny/openapi.yaml:") {
			t.Errorf("%s: no line in %v", parameter, err)
		}
	}
}

// What nobody judges of a parameter is named; the rest of it is judged.
func TestWhatIsNotJudgedOfAParameterIsNamed(t *testing.T) {
	for parameter, want := range map[string]string{
		`{name: s, in: query}`: "parameters without a schema, judged by presence alone (operations/put query:s)",
		`{name: s, in: query, content: {application/xml: {schema: {type: string}}}}`:       "parameters that are documents of a type that nobody reads (operations/put query:s)",
		`{name: s, in: query, content: {application/json: {schema: {type: string}}}}`:      "",
		`{name: s, in: query, schema: {type: string, colour: red}}`:                        "keywords in the schema of a parameter: colour (operations/put query:s)",
		`{name: s, in: query, schema: {type: string, format: iban}}`:                       "formats that nobody knows (iban)",
		`{name: s, in: query, schema: {$ref: "#/components/schemas/Loop"}}`:                "parameters whose schema leads back to itself (operations/put query:s)",
		`{name: s, in: path, required: true, schema: {type: integer}}`:                     "path parameters that the path does not have (operations/put s)",
		`{name: s, in: query, schema: {$ref: ./schemas/thing.schema.json}}`:                "",
		`{name: s, in: cookie, schema: {oneOf: [{type: string}, {type: integer}]}}`:        "",
		`{name: s, in: query, style: deepObject, schema: {type: object, example: {a: 1}}}`: "",
	} {
		c, err := withParameters(t, "        - "+parameter)
		if err != nil {
			t.Errorf("%s: %v", parameter, err)
			continue
		}
		if got := strings.Join(c.NotJudged, "\n"); got != want {
			t.Errorf("%s\n got %s\nwant %s", parameter, got, want)
		}
	}
}

func TestARequirementThatAParameterNamesExists(t *testing.T) {
	c, err := withParameters(t, "        - {name: s, in: query, schema: {type: string}, x-requirement: T-404, x-evidence: documented}")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "names requirement T-404, which requirements.yaml does not have") {
		t.Errorf("got %v", err)
	}
}

// Every parameter that Parley ships says what its values may be, and why.
func TestParametersCarryTheirSchemasWithEvidence(t *testing.T) {
	classes := []specs.Class{specs.Documented, specs.Observed, specs.Assumed}
	seen := 0
	each(t, func(t *testing.T, c *specs.Contract) {
		for _, o := range slices.Concat(c.Operations, c.Events) {
			for _, p := range o.Parameters {
				seen++
				if p.Schema["type"] == nil || !slices.Contains(classes, p.OfValues.Class) || p.Description == "" {
					t.Errorf("%s: %s parameter %s has no type, no evidence of it, or no description", o.Name(), p.In, p.Name)
				}
			}
		}
	})
	if seen < 50 {
		t.Errorf("only %d parameters were seen", seen)
	}
}
