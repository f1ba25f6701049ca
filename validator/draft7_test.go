package validator

import (
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

// TestKeywordsOfDraft7 loads a folder with each keyword that kin-openapi knows not,
// or otherwise, and judges by it.
func TestKeywordsOfDraft7(t *testing.T) {
	for name, c := range map[string]struct {
		schema, good, bad, want string
	}{
		"$id":                 {`"$id": "https://shop.test/one.json", "required": ["a"]`, `{"a":1}`, `{}`, "error body.required /a"},
		"writeOnly":           {`"properties": {"a": {"type": "string", "writeOnly": true}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"list of items":       {`"properties": {"a": {"items": [{"type": "string"}], "additionalItems": false}}`, `{"a":["x"]}`, `{"a":["x",2]}`, "error body.max-items /a"},
		"dependency":          {`"properties": {"a": {}, "b": {}}, "dependencies": {"a": ["b"]}`, `{"a":1,"b":1}`, `{"a":1}`, "error body.dependency /b"},
		"dependent schema":    {`"properties": {"a": {}, "b": {}}, "dependencies": {"a": {"required": ["b"]}}`, `{"a":1,"b":1}`, `{"a":1}`, "error body.required /b"},
		"a whole count":       {`"properties": {"a": {"minLength": 2.0}}`, `{"a":"xx"}`, `{"a":"x"}`, "error body.min-length /a"},
		"unknown format":      {`"properties": {"a": {"type": "string", "format": "iban"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"recursive root":      {`"properties": {"a": {"$ref": "#"}}, "additionalProperties": false`, `{"a":{"a":{}}}`, `{"a":{"b":1}}`, "error body.additional-key /a/b"},
		"to a property":       {`"properties": {"a": {"type": "string"}, "b": {"$ref": "#/properties/a"}}`, `{"b":"x"}`, `{"b":1}`, "error body.type /b"},
		"to an item":          {`"properties": {"a": {"items": [{"type": "string"}]}, "b": {"$ref": "#/properties/a/items/0"}}`, `{"b":"x"}`, `{"b":1}`, "error body.type /b"},
		"escaped slash":       {`"properties": {"a": {"$ref": "#/definitions/x~1y"}}, "definitions": {"x/y": {"type": "string"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"percent-encoded":     {`"properties": {"a": {"$ref": "#/definitions/x%20%22%25"}}, "definitions": {"x \"%": {"type": "string"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"definition in one":   {`"properties": {"a": {"$ref": "#/definitions/x/definitions/y"}}, "definitions": {"x": {"definitions": {"y": {"type": "string"}}}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"by a name":           {`"properties": {"a": {"$ref": "#text"}}, "definitions": {"x": {"$id": "#text", "type": "string"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"by an address":       {`"$id": "https://shop.test/one.json", "properties": {"a": {"$ref": "text.json"}}, "definitions": {"x": {"$id": "text.json", "type": "string"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"address and pointer": {`"properties": {"a": {"$ref": "https://shop.test/x.json#/definitions/y"}}, "definitions": {"x": {"$id": "https://shop.test/x.json", "definitions": {"y": {"type": "string"}}}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"another's address":   {`"properties": {"a": {"$ref": "https://shop.test/other.json"}}`, `{"a":"x"}`, `{"a":1}`, "error body.type /a"},
		"another file":        {`"properties": {"a": {"$ref": "parts/other.schema.json#/definitions/n"}}`, `{"a":3}`, `{"a":"x"}`, "error body.type /a"},
		"a property $id":      {`"properties": {"$id": {"type": "string"}, "$ref": {"type": "string"}}`, `{"$id":"x","$ref":"y"}`, `{"$id":1}`, "error body.type /$id"},
		"never in a choice": {`"properties": {"a": {"oneOf": [false, {"type": "string"}, {"$ref": "#/definitions/n"}]}}, "definitions": {"n": {"type": "integer"}}`,
			`{"a":1}`, `{"a":true}`, "error body.not /a\nerror body.one-of /a"},
		"into a choice": {`"properties": {"a": {"oneOf": [{"type": "string"}, {"type": "boolean"}]}, "b": {"$ref": "#/properties/a/oneOf/0"}, "c": {"anyOf": [{"$ref": "#/properties/a/oneOf/1"}, {"type": "null"}]}}`,
			`{"a":"x","b":"x","c":true}`, `{"b":true,"c":null}`, "error body.type /b"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := New(contractOf(t, map[string]string{
				"one":         "{" + draft7 + `, "type": "object", ` + c.schema + "}",
				"parts/other": "{" + draft7 + `, "$id": "https://shop.test/other.json", "type": "string", "definitions": {"n": {"type": "integer"}}}`,
			}))
			if err != nil {
				t.Fatal(err)
			}
			if got := brief(v.Payload("one", Decode([]byte(c.good)))); got != "" {
				t.Errorf("%s: %s", c.good, got)
			}
			if got := brief(v.Payload("one", Decode([]byte(c.bad)))); got != c.want {
				t.Errorf("%s: got %s, want %s", c.bad, got, c.want)
			}
			if err := v.contract.Validate(); err != nil {
				t.Error(err)
			}
			reload(t, v.contract, c.bad, c.want)
		})
	}
}

// reload judges by what was exported of a contract.
func reload(t *testing.T, c *specs.Contract, body, want string) {
	t.Helper()
	v := validatorOf(t, specstest.Reloaded(t, c), nil)
	if got := brief(v.Payload("one", Decode([]byte(body)))); got != want {
		t.Errorf("exported and loaded, %s: got %s, want %s", body, got, want)
	}
}
