package openapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
)

// written are the files that a document becomes, by name.
func written(t *testing.T, files map[string]string) (map[string]string, error) {
	t.Helper()
	root := fstest.MapFS{}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	list, err := openapi.Files(root, "api.yaml", "docs/api.yaml")
	byName := map[string]string{}
	for _, f := range list {
		byName[f.Name] = string(f.Data)
	}
	return byName, err
}

// loaded is the contract that one file is.
func loaded(t *testing.T, text string, others map[string]string) *specs.Contract {
	t.Helper()
	root := fstest.MapFS{"api.yaml": {Data: []byte(text)}}
	for name, other := range others {
		root[name] = &fstest.MapFile{Data: []byte(other)}
	}
	folder, err := openapi.Folder(root, "api.yaml", "docs/api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := specs.Load(folder, "docs/api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// posting is a document whose one operation takes a body of this schema.
func posting(version, schema string) string {
	return fmt.Sprintf(`openapi: %s
info: {title: Things, version: "1"}
paths:
  /things:
    post:
      operationId: add
      requestBody: {content: {application/json: {schema: %s}}}
      responses: {"200": {description: Added., content: {application/json: {schema: %s}}}}
components:
  schemas:
    Cat: {type: object, properties: {kind: {}, lives: {type: integer}}}
    Dog: {type: object, properties: {kind: {}, tricks: {type: integer}}}
    User: {type: object, required: [id, name, password], properties: {id: {type: string, readOnly: true}, name: {type: string}, password: {type: string, writeOnly: true}}}
`, version, schema, schema)
}

const draft = `"$schema": "http://json-schema.org/draft-07/schema#"`

// TestSchemasInDraft7: what a schema demands in OpenAPI's dialects, it demands in
// draft-07 (OpenAPI 3.0.3, 4.7.24; JSON Schema 2020-12).
func TestSchemasInDraft7(t *testing.T) {
	for _, test := range []struct{ version, schema, want string }{
		{"3.0.3", `{type: string, nullable: true}`, `{"type": ["string", "null"]}`},
		{"3.0.3", `{enum: [a], type: string, nullable: true}`, `{"enum": ["a", null], "type": ["string", "null"]}`},
		{"3.0.3", `{nullable: true, allOf: [{$ref: "#/components/schemas/Cat"}]}`, `{"anyOf": [{"allOf": [{"$ref": "../components/Cat.schema.json"}]}, {"type": "null"}]}`},
		{"3.0.3", `{type: number, minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false}`, `{"type": "number", "exclusiveMinimum": 1, "maximum": 5}`},
		{"3.1.0", `{type: number, exclusiveMinimum: 1.50}`, `{"type": "number", "exclusiveMinimum": 1.50}`},
		{"3.1.0", `{type: [string, "null"], const: a, examples: [a]}`, `{"type": ["string", "null"], "const": "a"}`},
		{"3.1.0", `{prefixItems: [{type: string}], items: {type: integer}}`, `{"items": [{"type": "string"}], "additionalItems": {"type": "integer"}}`},
		{"3.1.0", `{dependentRequired: {a: [b]}, dependentSchemas: {c: {required: [d]}}}`, `{"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}`},
		{"3.1.0", `{type: object, properties: {a: true}, unevaluatedProperties: false}`, `{"type": "object", "properties": {"a": true}, "additionalProperties": false}`},
		{"3.1.0", `{$ref: "#/components/schemas/Cat", required: [kind]}`, `{"required": ["kind"], "allOf": [{"$ref": "../components/Cat.schema.json"}]}`},
		{"3.0.3", `{$ref: "#/components/schemas/Cat", description: A cat.}`, `{"$ref": "../components/Cat.schema.json"}`},
		{"3.1.0", `{oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}], discriminator: {propertyName: kind, mapping: {hound: "#/components/schemas/Dog"}}}`,
			`{"allOf": [{"if": {"required": ["kind"]}, "then": {"properties": {"kind": {"enum": ["Cat", "hound"]}}}, "else": {"oneOf": [{"$ref": "../components/Cat.schema.json"}, {"$ref": "../components/Dog.schema.json"}]}},
				{"if": {"required": ["kind"], "properties": {"kind": {"const": "Cat"}}}, "then": {"$ref": "../components/Cat.schema.json"}},
				{"if": {"required": ["kind"], "properties": {"kind": {"const": "hound"}}}, "then": {"$ref": "../components/Dog.schema.json"}}]}`},
	} {
		files, err := written(t, map[string]string{"api.yaml": posting(test.version, test.schema)})
		if err != nil {
			t.Errorf("%s: %v", test.schema, err)
			continue
		}
		sameJSON(t, test.schema, files["schemas/operations/add.schema.json"], "{"+draft+", "+strings.TrimPrefix(test.want, "{"))
	}
}

func sameJSON(t *testing.T, what, got, want string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &a); err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("%s became %s, want %s (%v)", what, got, want, err)
	}
}

// TestDirections: what is readOnly is demanded of the vendor alone, what is writeOnly
// of the partner alone.
func TestDirections(t *testing.T) {
	c := loaded(t, posting("3.0.3", `{$ref: "#/components/schemas/User"}`), nil)
	for payload, want := range map[string][]any{"components/User.request": {"name", "password"}, "components/User.answer": {"id", "name"}} {
		p := c.Payloads[payload]
		if p == nil {
			t.Errorf("there is no payload %s, only %v", payload, c.PayloadNames())
		} else if got := p.Schema["required"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s demands %v, want %v", payload, got, want)
		}
	}
}

// TestOtherFiles: references lead to files beside the document and below, and nowhere
// else.
func TestOtherFiles(t *testing.T) {
	others := map[string]string{
		"parts/pet.json":    `{"type": "object", "properties": {"owner": {"$ref": "people.yaml#/Owner"}, "parent": {"$ref": "#"}}}`,
		"parts/people.yaml": "Owner: {type: string}\n",
		"paths/pets.yaml":   "get:\n  operationId: pets\n  responses:\n    200: {description: Pets., content: {application/json: {schema: {type: array, items: {$ref: ../parts/pet.json}}}}}\n",
	}
	c := loaded(t, "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0}\npaths:\n  /pets: {$ref: paths/pets.yaml}\n", others)
	want := []string{"answers/pets/200", "components/people.Owner", "components/pet"}
	if got := c.PayloadNames(); !slices.Equal(got, want) {
		t.Errorf("the payloads are %v, want %v", got, want)
	}
	for ref, says := range map[string]string{
		"../outside.yaml":             "leads out of the folder",
		"https://evil.example/x.yaml": "nothing is fetched",
		"missing.yaml":                "there is no such file",
		"#/components/schemas/None":   `leads to nothing: there is no "None"`,
		"#anchor":                     "names an anchor",
	} {
		_, err := written(t, map[string]string{"api.yaml": posting("3.1.0", fmt.Sprintf("{$ref: %q}", ref))})
		if err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "docs/api.yaml:7: ") {
			t.Errorf("%s: %v, want %q", ref, err, says)
		}
	}
}

// TestMistakesHaveALine: who writes a document by hand is told where it is wrong.
func TestMistakesHaveALine(t *testing.T) {
	for text, says := range map[string]string{
		"a: b\n":                             "docs/api.yaml:1: this is no OpenAPI document: `openapi` is missing",
		"- a\n":                              "docs/api.yaml:1: this is no OpenAPI document: it is no object",
		"openapi: 4.0.0\ninfo: {}\n":         `docs/api.yaml:1: openapi is "4.0.0"; Parley reads 3.0 and 3.1`,
		"openapi: 3.1.0\npaths: {}\n":        "`info` is missing",
		"openapi: 3.1.0\ninfo: {title: a}\n": "neither an operation (`paths`) nor an event (`webhooks`)",
		"openapi: 3.1.0\n\tinfo: {}\n":       "docs/api.yaml:2: this is neither YAML nor JSON",
		"":                                   "the file is empty",
		"a: &a [*a]\n":                       "more than 10000000 values",
		bomb():                               "more than 10000000 values",
		"openapi: 3.1.0\ninfo: {title: a}\npaths:\n  pets: {}\n":                                                               `docs/api.yaml:4: path "pets" does not begin with /`,
		"openapi: 3.1.0\ninfo: {title: a}\npaths:\n  /pets:\n    get:\n      responses:\n        abc: {description: x}\n":      `docs/api.yaml:7: "abc" is no status`,
		"openapi: 3.1.0\ninfo: {title: a}\npaths:\n  /pets:\n    get:\n      parameters: [{in: query}]\n      responses: {}\n": "docs/api.yaml:6: a parameter needs `name` and `in`",
	} {
		_, err := written(t, map[string]string{"api.yaml": text})
		var e *specs.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

// bomb is a few lines that name billions of values.
func bomb() string {
	text := "a0: &a0 [1]\n"
	for i := range 9 {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ","))
	}
	return text
}

const small = `openapi: 3.1
info: {title: Small shop, version: 2}
x-parley: {name: Shop}
paths:
  /items/{id}:
    parameters: [{name: id, in: path, schema: {type: string}}, {name: tenant, in: query, required: true, schema: {type: string}}]
    get:
      parameters: [{name: tenant, in: query, schema: {type: [string, "null"]}}, {name: Accept, in: header, schema: {type: string}}, {name: f, in: query, style: deepObject, schema: {type: object}}]
      responses:
        200:
          description: An item.
          links: {next: {operationId: x}}
          content:
            application/xml: {schema: {type: object}}
            application/json:
              schema: {type: object, contentSchema: {}}
              examples: {one: {value: {id: "1", on: 2020-01-01}}, two: {$ref: "#/components/examples/two"}, far: {externalValue: "https://x.example"}}
        4xx: {description: No.}
    put:
      responses: {"204": {description: Done.}}
  /items:
    post:
      responses: {"202": {description: Taken.}}
      callbacks:
        done:
          "{$request.body#/url}": {post: {requestBody: {content: {application/json: {schema: {type: object}, example: {a: 1}}}}, responses: {"200": {description: Seen.}}}}
webhooks:
  sold:
    post: {responses: {"204": {description: Seen.}}}
    get: {responses: {"200": {description: Challenge.}}}
components:
  examples: {two: {value: {id: "2"}}}
`

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

// FuzzFiles: no document makes the reader crash, and what it writes is a contract or
// is refused.
func FuzzFiles(f *testing.F) {
	f.Add(small)
	f.Add(posting("3.0.0", `{type: object, nullable: true, oneOf: [{$ref: "#/components/schemas/Cat"}], discriminator: {propertyName: kind}}`))
	f.Add("swagger: '2.0'\ninfo: {title: a, version: b}\npaths: {/a: {get: {responses: {200: {description: c}}}}}\n")
	f.Add(`{"openapi":"3.1.0","info":{},"paths":{"/a":{"get":{"responses":{"200":{"$ref":"#/paths"}}}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		folder, err := openapi.Folder(fstest.MapFS{"api.yaml": {Data: []byte(text)}}, "api.yaml", "api.yaml")
		if err == nil {
			_, _ = specs.Load(folder, "api.yaml")
		}
	})
}

// TestBundlesAreReadBack: what is exported as one document is a contract again, with the
// same events; operations that share a path are one there.
func TestBundlesAreReadBack(t *testing.T) {
	for _, id := range specs.IDs() {
		shipped, err := specs.Embedded(id)
		if err != nil {
			t.Fatal(err)
		}
		bundle, err := shipped.Bundle("yaml")
		if err != nil {
			t.Fatal(err)
		}
		c := loaded(t, string(bundle), nil)
		if c.ID != id || c.Name != shipped.Name || len(c.Operations) == 0 {
			t.Errorf("%s became %s, %s, with %d operations", id, c.ID, c.Name, len(c.Operations))
		}
		for _, o := range shipped.Events {
			if again := c.Operation(o.Name()); again == nil || again.Method != o.Method || len(again.Responses) != len(o.Responses) {
				t.Errorf("%s: %s became %+v", id, o.Name(), again)
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
