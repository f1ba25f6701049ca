package validator

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
)

const draft2020 = `"$schema": "https://json-schema.org/draft/2020-12/schema"`

// newerKeywords are those of 2020-12, each with a body that breaks it and what is found.
var newerKeywords = map[string]struct{ schema, good, bad, want, expected string }{
	"unevaluatedProperties": {`"allOf": [{"properties": {"a": {"type": "string"}}}], "properties": {"b": {}}, "unevaluatedProperties": false`,
		`{"a":"x","b":1}`, `{"a":"x","c":1}`, "error body.unevaluated-key /c", "no key that no part of the schema describes"},
	"unevaluatedProperties as a schema": {`"anyOf": [{"properties": {"a": {}}}], "unevaluatedProperties": {"type": "integer"}`,
		`{"a":"x","b":1}`, `{"a":"x","b":"y"}`, "error body.type /b", "integer"},
	"unevaluatedProperties by a condition": {`"if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]}, "then": {"properties": {"x": {}}}, "properties": {"kind": {}}, "unevaluatedProperties": false`,
		`{"kind":"a","x":1}`, `{"kind":"b","x":1}`, "error body.unevaluated-key /x", "no key that no part of the schema describes"},
	"what only follows": {`"allOf": [{"properties": {"a": {"type": "string"}}}], "unevaluatedProperties": false`,
		`{"a":"x"}`, `{"a":1,"b":2}`, "error body.type /a\nerror body.unevaluated-key /b", "string"},
	"unevaluatedItems": {`"properties": {"a": {"allOf": [{"prefixItems": [{"type": "string"}]}], "unevaluatedItems": false}}`,
		`{"a":["x"]}`, `{"a":["x",1]}`, "error body.unevaluated-item /a/1", "no item that no part of the schema describes"},
	"unevaluatedItems beside contains": {`"properties": {"a": {"contains": {"type": "string"}, "unevaluatedItems": {"type": "integer"}}}`,
		`{"a":["x",1]}`, `{"a":["x",true]}`, "error body.type /a/1", "integer"},
	"minContains": {`"properties": {"a": {"contains": {"type": "string"}, "minContains": 2}}`,
		`{"a":["x","y"]}`, `{"a":["x",1]}`, "error body.min-contains /a", "items as the contract describes them: at least 2"},
	"minContains of none": {`"properties": {"a": {"contains": {"type": "string"}, "minContains": 0, "maxContains": 1}}`,
		`{"a":[]}`, `{"a":["x","y"]}`, "error body.max-contains /a", "items as the contract describes them: at most 1"},
	"prefixItems": {`"properties": {"a": {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"type": "boolean"}}}`,
		`{"a":["x",1,true]}`, `{"a":["x","y",1]}`, "error body.type /a/1\nerror body.type /a/2", "integer"},
	"items false": {`"properties": {"a": {"prefixItems": [{"type": "string"}], "items": false}}`,
		`{"a":["x"]}`, `{"a":["x",1,2]}`, "error body.max-items /a", "no further items"},
	"a property called items": {`"properties": {"items": false}`, `{}`, `{"items":1}`, "error body.not /items", "nothing here"},
	"dependentSchemas": {`"properties": {"a": {}, "b": {}}, "dependentSchemas": {"a": {"required": ["b"]}}`,
		`{"a":1,"b":1}`, `{"a":1}`, "error body.required /b", "the key b"},
	"dependentRequired": {`"properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}`,
		`{"a":1,"b":1}`, `{"a":1}`, "error body.dependency /b", "because of another key, the key b"},
	"both dependents": {`"properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}, "dependentSchemas": {"a": {"maxProperties": 2}}`,
		`{"a":1,"b":1}`, `{"a":1}`, "error body.dependency /b", "because of another key, the key b"},
	"$defs":   {`"properties": {"a": {"$ref": "#/$defs/text"}}, "$defs": {"text": {"type": "string"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a", "string"},
	"$anchor": {`"properties": {"a": {"$ref": "#text"}}, "$defs": {"t": {"$anchor": "text", "type": "string"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a", "string"},
	"$id": {`"$id": "https://shop.test/one.json", "properties": {"a": {"$ref": "text.json"}}, "$defs": {"t": {"$id": "text.json", "type": "string"}}`,
		`{"a":"x"}`, `{"a":1}`, "error body.type /a", "string"},
	"beside $ref": {`"properties": {"a": {"$ref": "#/$defs/text", "maxLength": 2}}, "$defs": {"text": {"type": "string", "title": "A text"}}`,
		`{"a":"xx"}`, `{"a":"xxx"}`, "error body.max-length /a", "characters: at most 2"},
	"$dynamicRef": {`"$dynamicAnchor": "node", "properties": {"name": {"type": "string"}, "next": {"$dynamicRef": "#node"}}, "unevaluatedProperties": false`,
		`{"next":{"name":"x"}}`, `{"next":{"next":{"name":1,"c":1}}}`, "error body.type /next/next/name\nerror body.unevaluated-key /next/next/c", "string"},
	"a format": {`"properties": {"a": {"type": "string", "format": "date"}, "b": {"format": "int32"}, "c": {"format": "iban"}}, "unevaluatedProperties": false`,
		`{"a":"2024-01-31","c":"x"}`, `{"a":"31.1.","b":3000000000}`, "error body.format /a\nerror body.maximum /b", "date"},
	"a pattern that RE2 cannot run": {`"allOf": [{"properties": {"a": {"type": "string", "pattern": "^(?!x)"}}}, {"patternProperties": {"^(?=b)": {"type": "integer"}}}], "unevaluatedProperties": false`,
		`{"a":"y","b":1}`, `{"a":"x","b":"y"}`, "error body.pattern /a\nerror body.type /b", "text that matches ^(?!x)"},
	"a choice": {`"properties": {"a": {"oneOf": [{"title": "text", "type": "object", "required": ["t"], "properties": {"k": {"const": "t"}, "t": {}}}, {"title": "file", "type": "object", "required": ["f"], "properties": {"k": {"const": "f"}, "f": {}}}], "unevaluatedProperties": false}}`,
		`{"a":{"k":"t","t":1}}`, `{"a":{"k":"f"}}`, "error body.one-of /a\nerror body.required /a/f", `one of 2 forms: “text” or “file”; nearest is “file”`},
	"of missing keys": {`"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {}, "b": {}}, "unevaluatedProperties": false`,
		`{"a":1}`, `{}`, "error body.any-of", `an object with "a", or "b"`},
	"another file": {`"properties": {"a": {"$ref": "parts/closed.schema.json"}}, "unevaluatedProperties": false`,
		`{"a":{"n":1}}`, `{"a":{"m":1}}`, "error body.unevaluated-key /a/m", "no key that no part of the schema describes"},
	"annotations": {`"properties": {"a": {"type": "string", "deprecated": true, "example": "x", "examples": ["y"], "writeOnly": true}}, "unevaluatedProperties": false`,
		`{"a":"x"}`, `{"a":1}`, "error body.type /a", "string"},
}

// TestKeywordsOf2020 judges by each, and by what was exported of it.
func TestKeywordsOf2020(t *testing.T) {
	for name, c := range newerKeywords {
		t.Run(name, func(t *testing.T) {
			v, err := New(contractOf(t, map[string]string{
				"one":          "{" + draft2020 + `, "type": "object", ` + c.schema + "}",
				"parts/closed": "{" + draft2020 + `, "allOf": [{"properties": {"n": {}}}], "unevaluatedProperties": false}`,
			}))
			if err != nil {
				t.Fatal(err)
			}
			if len(v.contract.NotJudged) > 0 && name != "a format" {
				t.Errorf("not judged: %s", v.contract.NotJudged)
			}
			judgeBoth(t, v, "one", c.good, c.bad, c.want, c.expected)
			reload(t, v.contract, c.bad, c.want)
		})
	}
}

func judgeBoth(t *testing.T, v *Validator, payload, good, bad, want, expected string) {
	t.Helper()
	if got := brief(v.Payload(payload, Decode([]byte(good)))); got != "" {
		t.Errorf("%s: %s", good, got)
	}
	found := v.Payload(payload, Decode([]byte(bad)))
	if got := brief(found); got != want {
		t.Errorf("%s\n got %s\nwant %s", bad, got, want)
	} else if found[0].Expected != expected {
		t.Errorf("%s: expected is %q, want %q", bad, found[0].Expected, expected)
	}
}

// TestKeywordsOf2020InADocument judges by the same schemas, of a file beside an OpenAPI
// document. Nothing of them is left unjudged.
func TestKeywordsOf2020InADocument(t *testing.T) {
	for name, c := range newerKeywords {
		if name == "both dependents" { // draft-07 has one keyword for them, in which a list becomes a schema
			c.want, c.expected = "error body.required /b", "the key b"
		}
		t.Run(name, func(t *testing.T) {
			folder, err := openapi.Folder(fstest.MapFS{
				"api.yaml":                 {Data: []byte(strings.Replace(oneOperation, "./schemas/one.schema.json", "./one.json", 1))},
				"one.json":                 {Data: []byte(`{"type": "object", ` + c.schema + "}")},
				"parts/closed.schema.json": {Data: []byte(`{"allOf": [{"properties": {"n": {}}}], "unevaluatedProperties": false}`)},
			}, "api.yaml", "api.yaml")
			if err != nil {
				t.Fatal(err)
			}
			v := loaded(t, folder, "api.yaml")
			if len(v.contract.NotJudged) > 0 && name != "a format" {
				t.Errorf("not judged: %s", v.contract.NotJudged)
			}
			judgeBoth(t, v, v.contract.Operations[0].Payload, c.good, c.bad, c.want, c.expected)
		})
	}
}

// TestKeyNamesStandAtTheirPlace: the library judges the members of an object in another
// order each time, and what it says of a key stands where the key is all the same.
func TestKeyNamesStandAtTheirPlace(t *testing.T) {
	for draft, first := range map[string]string{"2020-12": draft2020, "draft-07": `"$schema": "http://json-schema.org/draft-07/schema#"`} {
		v, err := New(contractOf(t, map[string]string{"one": "{" + first + `, "type": "object", "properties": {
			"free": {}, "named": {"additionalProperties": {"propertyNames": {"pattern": "^[a-z]+$"}}},
			"list": {"items": {"anyOf": [{"title": "small", "propertyNames": {"maxLength": 2}, "required": ["k"]}, {"type": "string"}]}}}}`}))
		if err != nil {
			t.Fatal(err)
		}
		body := `{"free":{"a":{"A":1},"b":{"A":1},"c":{"A":1}},"named":{"a":{"x":1},"b":{"A":1},"c":{"x":1},"d":{"A":1}},"list":[{"k":1},{"k":1,"long":1},{"k":1}]}`
		want := "error body.key-name /named/b/A\nerror body.key-name /named/d/A\nerror body.any-of /list/1\nerror body.key-name /list/1/long"
		for range 100 {
			var found []string
			for line := range strings.SplitSeq(brief(v.Payload("one", Decode([]byte(body)))), "\n") {
				if !strings.Contains(line, "body.pattern") && !strings.Contains(line, "body.max-length") { // draft-07 says at the object what is wrong with a key
					found = append(found, line)
				}
			}
			if got := strings.Join(found, "\n"); got != want {
				t.Fatalf("%s:\n got %s\nwant %s", draft, got, want)
			}
		}
	}
}

// TestDirectionsMeanTheSameIn2020: what is readOnly is demanded of an answer alone.
func TestDirectionsMeanTheSameIn2020(t *testing.T) {
	folder, err := openapi.Folder(fstest.MapFS{"api.yaml": {Data: []byte(`openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    post:
      operationId: addPet
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"200": {description: Made, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
components:
  schemas:
    Named: {type: object, properties: {name: {type: string}}}
    Pet:
      allOf: [{$ref: "#/components/schemas/Named"}]
      required: [id, secret]
      properties: {id: {type: integer, readOnly: true}, secret: {type: string, writeOnly: true}}
      unevaluatedProperties: false
`)}}, "api.yaml", "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v := loaded(t, folder, "api.yaml")
	o := v.contract.Operations[0]
	judgeBoth(t, v, o.Payload, `{"name":"Minka","secret":"s"}`, `{"nmae":"Minka"}`, "error body.required /secret\nerror body.unevaluated-key /nmae", "the key secret")
	found := v.Payload(o.Payload, Decode([]byte(`{"nmae":"Minka","secret":"s"}`)))
	if hint := only(t, found).Hint; hint != `"nmae" looks like a misspelling of "name"` {
		t.Errorf("the hint is %q", hint)
	}
	answer := o.Responses[200].Body("application/json")
	judgeBoth(t, v, answer, `{"name":"Minka","id":1}`, `{"id":1,"name":2,"x":3}`, "error body.type /name\nerror body.unevaluated-key /x", "string")
}

// TestOnlyWhatNeedsItIsJudgedBy2020: a schema of draft-07 that leads to one of 2020-12 is
// judged as that is, and every other by gojsonschema.
func TestOnlyWhatNeedsItIsJudgedBy2020(t *testing.T) {
	v, err := New(contractOf(t, map[string]string{
		"one":   "{" + draft7 + `, "properties": {"a": {"$ref": "two.schema.json"}, "b": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}`,
		"two":   "{" + draft2020 + `, "type": "object", "properties": {"b": {"$ref": "three.schema.json"}}, "unevaluatedProperties": false}`,
		"three": "{" + draft7 + `, "items": [{"type": "string"}], "additionalItems": false, "dependencies": {"a": ["b"]}}`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	for name, newer := range map[string]bool{"one": true, "two": true, "three": false} {
		if got := v.payload(name).schema.newer != nil; got != newer {
			t.Errorf("%s is judged by 2020-12: %t", name, got)
		}
	}
	for body, want := range map[string]string{
		`{"a":{"b":["x"]},"b":null}`: "",
		`{"a":{"b":["x",1]}}`:        "error body.max-items /a/b",
		`{"a":{"b":{"a":1}}}`:        "error body.dependency /a/b/b",
		`{"a":{"c":1}}`:              "error body.unevaluated-key /a/c",
		`{"b":1}`:                    "error body.one-of /b\nerror body.type /b",
	} {
		if got := brief(v.Payload("one", Decode([]byte(body)))); got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
	if got := brief(v.Payload("three", Decode([]byte(`["x",1]`)))); got != "error body.max-items" {
		t.Errorf("three: %s", got)
	}
}

// TestWhatIsWrongInASchemaOf2020 is said of its file.
func TestWhatIsWrongInASchemaOf2020(t *testing.T) {
	for schema, want := range map[string]string{
		`"minContains": -1`:                                       "`minContains` is -1; write a whole number from 0",
		`"unevaluatedProperties": "no"`:                           "`unevaluatedProperties` is \"no\"; write a schema",
		`"$id": "https://a.test/", "$ref": "b.json"`:              "https://a.test/b.json is no schema of this contract",
		`"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}`: "the schema does not compile: duplicate",
		`"$ref": "https://a.test/b.json"`:                         "leads to no schema of this contract",
		`"dependencies": {"a": ["b"]}`:                            "write dependentRequired or dependentSchemas",
		`"additionalItems": false`:                                "write items",
		`"items": [{}]`:                                           "write prefixItems",
		`"nullable": true`:                                        `keyword "nullable" is not of JSON Schema 2020-12`,
		`"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}`: "a file is of one draft",
	} {
		folder := fstest.MapFS{"openapi.yaml": {Data: []byte(oneOperation)}, "schemas/one.schema.json": {Data: []byte("{" + draft2020 + ",\n" + schema + "}")}}
		c, err := specs.Load(folder, "one")
		if err == nil {
			_, err = New(c)
		}
		var where *specs.Error
		if !errors.As(err, &where) || !strings.HasSuffix(where.File, "one.schema.json") || !strings.Contains(where.Text, want) {
			t.Errorf("%s: got %v, want %q", schema, err, want)
		}
	}
	_, err := specs.Load(fstest.MapFS{"openapi.yaml": {Data: []byte(oneOperation)}, "schemas/one.schema.json": {Data: []byte("{" + draft7 + `, "unevaluatedProperties": false}`)}}, "one")
	if err == nil || !strings.Contains(err.Error(), `write "$schema": "https://json-schema.org/draft/2020-12/schema"`) {
		t.Errorf("a keyword of the other draft: %v", err)
	}
}
