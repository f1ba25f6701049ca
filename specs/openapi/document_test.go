package openapi_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

// TestWhatADocumentIs: operations with and without an ID, events, examples, and what
// nobody judges.
func TestWhatADocumentIs(t *testing.T) {
	c := loaded(t, small, nil)
	var names []string
	for _, o := range slices.Concat(c.Operations, c.Events) {
		names = append(names, o.Method+" "+o.Name())
		if o.Evidence.Class != specs.Documented || !strings.HasPrefix(o.Evidence.Source, "document#L") {
			t.Errorf("%s has the evidence %+v", o.Name(), o.Evidence)
		}
	}
	want := []string{"GET operations/getItemsId", "PUT operations/putItemsId", "POST operations/postItems", "POST events/done", "POST events/sold", "GET events/sold.get"}
	if !slices.Equal(names, want) {
		t.Errorf("it has %v, want %v", names, want)
	}
	if c.ID != "small-shop" || c.Name != "Shop" {
		t.Errorf("it is called %s, %s", c.ID, c.Name)
	}
	get := c.Operation("operations/getItemsId")
	for _, p := range get.Parameters {
		if p.Name == "tenant" && p.Required || p.Name == "Accept" {
			t.Errorf("the parameter %+v", p)
		}
	}
	p := c.Payloads["answers/getItemsId/200"]
	if p == nil || len(p.Samples) != 2 || string(compact(t, p.Samples[0].Body)) != `{"id":"1","on":"2020-01-01"}` || p.Samples[0].Source != "document#L17" {
		t.Errorf("the samples of its answer are %+v", p)
	}
	for _, says := range []string{
		"links of an answer (docs/api.yaml:12)", "a body in application/xml (docs/api.yaml:14)",
		`keyword "contentSchema" of a schema (docs/api.yaml:16)`, "example far, which stands at another address (docs/api.yaml:17)",
		"the address {$request.body#/url} of callback done of postItems is not followed: it goes to its channel's URL (docs/api.yaml:26)",
	} {
		if !slices.Contains(c.NotJudged, says) {
			t.Errorf("it does not say %q, but %q", says, c.NotJudged)
		}
	}
	if len(c.NotJudged) != 5 {
		t.Errorf("%d things are not judged: %q", len(c.NotJudged), c.NotJudged)
	}
}

func compact(t *testing.T, text []byte) []byte {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	data, _ := json.Marshal(value)
	return data
}

// TestSchemasOfParametersAreWhole: they refer to nothing, and end where one is inside
// of itself.
func TestSchemasOfParametersAreWhole(t *testing.T) {
	c := loaded(t, `openapi: 3.0.3
info: {title: A, version: "1"}
paths:
  /a:
    get:
      parameters:
        - {name: kind, in: query, schema: {$ref: "#/components/schemas/Kind"}}
        - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {kind: {$ref: "#/components/schemas/Kind"}, inner: {$ref: "#/components/schemas/Tree"}}}}
        - {name: query, in: query, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Kind"}}}}}
      responses: {"200": {description: b, headers: {X-Left: {required: true, schema: {$ref: "#/components/schemas/Count"}}}}}
components:
  schemas:
    Kind: {type: string, enum: [dog, cat], nullable: true}
    Count: {type: integer, minimum: 0, exclusiveMinimum: true}
    Tree: {type: object, properties: {left: {$ref: "#/components/schemas/Tree"}}}
`, nil)
	get := c.Operations[0]
	kind := []any{"dog", "cat", nil}
	if got := get.Parameters[0].Schema["enum"]; !reflect.DeepEqual(got, kind) {
		t.Errorf("kind may be %v", got)
	}
	inner := get.Parameters[1].Schema["properties"].(map[string]any)["kind"].(map[string]any)
	if !reflect.DeepEqual(inner["enum"], kind) || get.Parameters[1].Style != "deepObject" {
		t.Errorf("filter is %+v", get.Parameters[1])
	}
	if p := get.Parameters[2]; p.ContentType != "application/json" || p.Schema["type"] != "array" {
		t.Errorf("query is %+v", p)
	}
	if h := get.Responses[200].Headers; len(h) != 1 || !h[0].Required || h[0].Schema["exclusiveMinimum"] != json.Number("0") {
		t.Errorf("the headers are %+v", h)
	}
	if len(c.NotJudged) == 0 || !strings.HasPrefix(c.NotJudged[0], "what is inside of itself in the schema of a parameter") {
		t.Errorf("it says %q", c.NotJudged)
	}
}

// TestJSONIsTheSame as YAML, lines included.
func TestJSONIsTheSame(t *testing.T) {
	text := "{\n \"openapi\": \"3.0.1\",\n \"info\": {\"title\": \"A\", \"version\": \"1\"},\n \"paths\": {\"/a\": {\n  \"get\": {\"responses\": {\"200\": {\"description\": \"B\"}}}}}}"
	c := loaded(t, "\xef\xbb\xbf"+text, nil)
	if o := c.Operations[0]; o.ID != "getA" || o.Evidence.Source != "document#L5" {
		t.Errorf("%+v", o)
	}
}

// TestSwagger2 is converted, and says that its lines are lost.
func TestSwagger2(t *testing.T) {
	c := loaded(t, `swagger: "2.0"
info: {title: Old, version: "1"}
basePath: /v1
consumes: [application/json]
produces: [application/json]
paths:
  /pets:
    post:
      parameters: [{name: pet, in: body, required: true, schema: {$ref: "#/definitions/Pet"}}]
      responses: {200: {description: A pet., schema: {$ref: "#/definitions/Pet"}}}
definitions:
  Pet: {type: object, required: [name], properties: {name: {type: string}}}
`, nil)
	o := c.Operations[0]
	if o.ID != "postPets" || !o.BodyRequired || c.Payloads[o.Payload] == nil || c.Payloads[o.Responses[200].Payload] == nil {
		t.Errorf("%+v", o)
	}
	if len(c.NotJudged) == 0 || !strings.HasPrefix(c.NotJudged[0], "Swagger 2.0 was read as OpenAPI 3.0") {
		t.Errorf("it says %q", c.NotJudged)
	}
}

// TestFormsKeepHowTheyAreWritten: a validator reads them so, and what it does not read is
// named.
func TestFormsKeepHowTheyAreWritten(t *testing.T) {
	c := loaded(t, `swagger: "2.0"
info: {title: Old, version: "1"}
consumes: [application/x-www-form-urlencoded]
parameters: {shared: {name: shared, in: formData, type: array, items: {type: string}, collectionFormat: ssv}}
paths:
  /pets:
    post:
      parameters: [{name: comma, in: formData, type: array, items: {type: string}}, {name: many, in: formData, type: array, items: {type: string}, collectionFormat: multi},
        {name: pipe, in: formData, type: array, items: {type: string}, collectionFormat: pipes}, {name: tab, in: formData, type: array, items: {type: string}, collectionFormat: tsv},
        {name: one, in: formData, type: string}, {$ref: "#/parameters/shared"}]
      responses: {200: {description: ok}}
`, nil)
	written := map[string]string{}
	for name, how := range c.Described(c.Operations[0]).RequestBody.Value.Content["application/x-www-form-urlencoded"].Encoding {
		method := how.SerializationMethod()
		written[name] = fmt.Sprint(method.Style, " ", method.Explode, " ", how.ContentType)
	}
	want := map[string]string{"comma": "form false ", "pipe": "pipeDelimited false ", "tab": "form true text/tab-separated-values", "shared": "spaceDelimited false "}
	if !reflect.DeepEqual(written, want) {
		t.Errorf("%v, want %v", written, want)
	}
	if says := "members of forms in a content type that nobody reads, where they are objects or lists (operations/postPets tab text/tab-separated-values)"; !slices.Contains(c.NotJudged, says) {
		t.Errorf("it does not say %q, but %q", says, c.NotJudged)
	}
	c = loaded(t, `openapi: 3.0.3
info: {title: New, version: "1"}
paths:
  /pets:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: object}}}, encoding: {a: {style: deepObject, explode: false}, b: {style: label, allowReserved: true}}}}}
      responses: {200: {description: ok}}
`, nil)
	how := c.Described(c.Operations[0]).RequestBody.Value.Content["application/x-www-form-urlencoded"].Encoding
	if len(how) != 1 || how["a"] == nil || how["a"].Style != "deepObject" {
		t.Errorf("%+v", how)
	}
	if says := "style of part b of a body in application/x-www-form-urlencoded (docs/api.yaml:6)"; !slices.Contains(c.NotJudged, says) {
		t.Errorf("it does not say %q, but %q", says, c.NotJudged)
	}
}

// TestBundlesAreReadBack: what is exported as one document is a contract again, with the
// same events; operations that share a path are one there.
func TestBundlesAreReadBack(t *testing.T) {
	for _, shipped := range specstest.Shipped(t) {
		bundle, err := shipped.Bundle("yaml")
		if err != nil {
			t.Fatal(err)
		}
		c := loaded(t, string(bundle), nil)
		if c.ID != shipped.ID || c.Name != shipped.Name || len(c.Operations) == 0 {
			t.Errorf("%s became %s, %s, with %d operations", shipped.ID, c.ID, c.Name, len(c.Operations))
		}
		for _, o := range shipped.Events {
			if again := c.Operation(o.Name()); again == nil || again.Method != o.Method || len(again.Responses) != len(o.Responses) {
				t.Errorf("%s: %s became %+v", shipped.ID, o.Name(), again)
			}
		}
	}
}

// TestAParameterKeepsWhatTheDocumentShowsOfIt: a mock sends it with an event.
func TestAParameterKeepsWhatTheDocumentShowsOfIt(t *testing.T) {
	c := loaded(t, `openapi: 3.0.3
info: {title: Things, version: "1"}
paths: {}
x-webhooks:
  pushed:
    post:
      parameters:
        - {name: own, in: header, example: a, schema: {type: string, example: b}}
        - {name: named, in: header, examples: {one: {value: c}}, schema: {type: string}}
        - {name: of-schema, in: header, schema: {$ref: "#/components/schemas/Shown"}}
        - {name: none, in: header, schema: {type: string}}
      responses: {"200": {description: Seen.}}
components: {schemas: {Shown: {type: string, example: d}}}
`, nil)
	var shown []string
	for _, p := range c.Events[0].Parameters {
		shown = append(shown, fmt.Sprint(p.Name, " ", p.Example))
	}
	if want := []string{"own a", "named c", "of-schema d", "none <nil>"}; !slices.Equal(shown, want) {
		t.Errorf("%q, want %q", shown, want)
	}
}
