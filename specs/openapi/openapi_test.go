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
			`{"allOf": [{"if": {"required": ["kind"], "properties": {"kind": {"enum": ["Cat", "hound"]}}}, "else": {"oneOf": [{"$ref": "../components/Cat.schema.json"}, {"$ref": "../components/Dog.schema.json"}]}},
				{"if": {"required": ["kind"], "properties": {"kind": {"const": "Cat"}}}, "then": {"$ref": "../components/Cat.schema.json"}},
				{"if": {"required": ["kind"], "properties": {"kind": {"const": "hound"}}}, "then": {"$ref": "../components/Dog.schema.json"}}]}`},
		{"3.1.0", `{oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}], discriminator: {propertyName: kind, mapping: {cat: Cat, hound: "#/components/schemas/Dog"}}}`,
			`{"allOf": [{"if": {"required": ["kind"]}, "then": {"properties": {"kind": {"enum": ["cat", "hound"]}}}, "else": {"oneOf": [{"$ref": "../components/Cat.schema.json"}, {"$ref": "../components/Dog.schema.json"}]}},
				{"if": {"required": ["kind"], "properties": {"kind": {"const": "cat"}}}, "then": {"$ref": "../components/Cat.schema.json"}},
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
		} else if got := p.Schema()["required"]; !reflect.DeepEqual(got, want) {
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
		"openapi: 4.0.0\ninfo: {}\n":         `docs/api.yaml:1: openapi is "4.0.0"; Parley reads 3.0, 3.1 (write 3.1.0) and 3.2`,
		"openapi: 3.1.0\npaths: {}\n":        "`info` is missing",
		"openapi: 3.1.0\ninfo: {title: a}\n": "neither an operation (`paths`) nor an event (`webhooks`)",
		"openapi: 3.1.0\n\tinfo: {}\n":       "docs/api.yaml:2: this is neither YAML nor JSON",
		"":                                   "the file is empty",
		"openapi: 3.1.0\n---\na: 1\n":        "docs/api.yaml:2: a second YAML document begins here",
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
