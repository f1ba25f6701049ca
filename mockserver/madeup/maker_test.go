package madeup_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

const draft = `{"$schema": "http://json-schema.org/draft-07/schema#", `

// judge is one for payloads of these schemas, each without its beginning.
func judge(tb testing.TB, schemas map[string]string) *validator.Validator {
	tb.Helper()
	folder := fstest.MapFS{"openapi.yaml": {Data: []byte("openapi: 3.1.0\ninfo: {title: Shop, version: \"1\"}\nx-parley: {id: shop}\npaths: {}\n")}}
	for name, schema := range schemas {
		start := draft
		if strings.HasPrefix(schema, `"$schema"`) {
			start = "{"
		}
		folder["schemas/"+name+".schema.json"] = &fstest.MapFile{Data: []byte(start + schema + "}")}
	}
	contract, err := specs.Load(folder, "shop")
	if err != nil {
		tb.Fatal(err)
	}
	v, err := validator.New(contract)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// body is what is made for a wish, as JSON.
func body(tb testing.TB, v *validator.Validator, payload string, w madeup.Wish) string {
	tb.Helper()
	made, err := madeup.New(v).Body(payload, w)
	if err != nil {
		tb.Fatalf("%s: %v", payload, err)
	}
	text, err := json.Marshal(made)
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range v.Payload(payload, validator.Decode(text)) {
		if f.Severity.AtLeast(traffic.Warn) {
			tb.Errorf("%s: %s is not valid: %s", payload, text, f)
		}
	}
	return string(text)
}

// TestEveryKeyword makes bodies of schemas that a body must be made for on purpose:
// one that is made at random would not be valid.
func TestEveryKeyword(t *testing.T) {
	v := judge(t, map[string]string{
		"types":        `"type": "object", "required": ["a", "b"], "properties": {"a": {"type": ["null", "integer"]}, "b": {"type": "null"}, "c": {"type": "boolean"}}`,
		"const":        `"properties": {"a": {"const": {"deep": [1, 2]}}}, "required": ["a"]`,
		"enum":         `"enum": ["one", "two", "three"]`,
		"integer":      `"type": "integer", "exclusiveMinimum": 6, "exclusiveMaximum": 8`,
		"multiple":     `"type": "number", "minimum": 1000, "maximum": 1002, "multipleOf": 0.25, "exclusiveMinimum": 1001.5`,
		"multiples":    `"allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "type": "integer", "minimum": 100, "maximum": 119`,
		"negative":     `"type": "integer", "maximum": -5, "minimum": -6`,
		"pattern":      `"type": "string", "pattern": "^[A-Z]{3}-\\d{4,6}(\\.x)?$"`,
		"long pattern": `"type": "string", "pattern": "^a[b-d]*$", "minLength": 30, "maxLength": 60`,
		"length":       `"type": "string", "minLength": 300, "maxLength": 301`,
		"short":        `"type": "string", "maxLength": 2, "minLength": 2`,
		"uuid":         `"type": "array", "items": {"type": "string", "format": "uuid"}, "minItems": 5, "maxItems": 5, "uniqueItems": true`,
		"tuple":        `"type": "array", "items": [{"type": "integer"}, {"type": "string"}], "additionalItems": false, "minItems": 2`,
		"two of them":  `"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array", "items": {"type": "integer"}, "contains": {"minimum": 1000}, "minContains": 2, "maxContains": 3`,
		"no further":   `"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [{"properties": {"a": {"type": "string"}}}], "properties": {"b": {"type": "integer"}}, "required": ["a", "b"], "unevaluatedProperties": false`,
		"contains":     `"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 1000}`,
		"few values":   `"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": true`,
		"map":          `"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3, "propertyNames": {"pattern": "^[a-z]{5}$"}`,
		"by pattern":   `"type": "object", "patternProperties": {"^x-[a-z]{4}$": {"type": "boolean"}}, "additionalProperties": false, "minProperties": 2`,
		"closed":       `"allOf": [{"properties": {"a": {"type": "string"}}, "additionalProperties": false}, {"properties": {"b": {"type": "string"}}}], "type": "object"`,
		"few members":  `"type": "object", "properties": {"a": true, "b": true, "c": true, "d": true}, "required": ["d"], "maxProperties": 2`,
		"dependencies": `"type": "object", "properties": {"card": {"type": "string"}, "zip": {"type": "string"}}, "required": ["card"], "dependencies": {"card": ["address"]}`,
		"demanded":     `"type": "object", "required": ["card"], "dependencies": {"card": {"required": ["owner"], "properties": {"owner": {"type": "integer"}}}}`,
		"one of":       `"oneOf": [{"type": "object", "required": ["cat"], "properties": {"cat": {"const": 1}}, "additionalProperties": false}, {"type": "object", "required": ["dog"], "properties": {"dog": {"const": 2}}, "additionalProperties": false}]`,
		"any of":       `"type": "object", "anyOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"properties": {"a": {"type": "integer"}}, "required": ["a"]}], "properties": {"a": {"type": "integer"}}`,
		"condition":    `"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["a", "b"]}}, "allOf": [{"if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["x"]}}, {"if": {"properties": {"kind": {"const": "b"}}}, "then": {"required": ["y"]}}]`,
		"overlapping":  `"type": "array", "items": {"type": "object", "required": ["a"], "properties": {"a": {"oneOf": [{"type": "object"}, {"type": "object", "title": "Same"}]}}}`,
		"not":          `"type": "integer", "minimum": 1, "maximum": 3, "not": {"const": 2}`,
		"list":         `"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "next": {"$ref": "#/definitions/more"}}, "definitions": {"more": {"anyOf": [{"$ref": "list.schema.json"}, {"type": "null"}]}}`,
		"deep":         `"type": "object", "required": ["child"], "properties": {"child": {"oneOf": [{"type": "null"}, {"$ref": "deep.schema.json"}]}}`,
		"no type":      `"required": ["id"], "properties": {"id": {}}`,
		"anything":     `"title": "Anything"`,
		"formats": `"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "format": "email", "maxLength": 40}, "b": {"type": "string", "format": "date-time"}, "c": {"type": "string", "format": "ipv6"},
			"d": {"type": "string", "format": "hostname"}, "e": {"type": "string", "format": "uri"}, "f": {"type": "string", "format": "time"}, "g": {"type": "string", "format": "regex"}, "h": {"type": "string", "format": "made-of-wood"}}`,
	})
	for _, payload := range v.Contract().PayloadNames() {
		kinds := map[string]bool{}
		for seed := range uint64(15) {
			made := body(t, v, payload, madeup.Wish{Seed: seed})
			if again := body(t, v, payload, madeup.Wish{Seed: seed}); again != made {
				t.Errorf("%s: the seed %d makes %s and %s", payload, seed, made, again)
			}
			body(t, v, payload, madeup.Wish{Seed: seed, Required: true})
			kinds[made] = true
		}
		if least := map[string]int{"enum": 3, "one of": 2, "any of": 2, "not": 2, "condition": 2, "pattern": 12}[payload]; len(kinds) < least {
			t.Errorf("%s: 15 seeds make only %v", payload, kinds)
		}
	}
}

// TestShippedPayloads makes a body of everything that vendors send.
func TestShippedPayloads(t *testing.T) {
	for _, contract := range specstest.Shipped(t) {
		v, err := validator.New(contract)
		if err != nil {
			t.Fatal(err)
		}
		for _, payload := range contract.PayloadNames() {
			for seed := range uint64(5) {
				body(t, v, payload, madeup.Wish{Seed: seed})
			}
		}
	}
}

func TestBodiesReadLikeBodies(t *testing.T) {
	v := judge(t, map[string]string{"user": `"type": "object", "properties": {"id": {"type": "integer"}, "firstName": {"type": "string"}, "email": {"type": "string"}, "paid": {"type": "boolean"},
		"price": {"type": "number"}, "city": {"type": "string"}, "createdAt": {"type": "string"}, "nick": {"type": "string", "examples": ["bee"]}}`})
	made := body(t, v, "user", madeup.Wish{Seed: 3})
	if other := body(t, v, "user", madeup.Wish{Seed: 4}); other == made {
		t.Errorf("two seeds make %s", made)
	}
	for _, part := range []string{`@example.com"`, `"nick":"bee"`, `"createdAt":"202`} {
		if !strings.Contains(made, part) {
			t.Errorf("%s has no %s", made, part)
		}
	}
}

func TestWhatIsGivenIsThere(t *testing.T) {
	v := judge(t, map[string]string{"user": `"type": "object", "required": ["id", "name"], "additionalProperties": false,
		"properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "on": {"type": "boolean"}, "code": {"type": "string", "maxLength": 3}, "more": {"type": "string"}}`})
	made := body(t, v, "user", madeup.Wish{Required: true, Given: map[string]any{"id": "7", "name": "Bee", "on": "true", "unknown": 1}})
	if made != `{"id":7,"name":"Bee","on":true}` {
		t.Errorf("made is %s", made)
	}
	// What would make the body invalid is left out, and what is of another type.
	if made := body(t, v, "user", madeup.Wish{Given: map[string]any{"code": "long"}}); strings.Contains(made, `"long"`) {
		t.Errorf("made is %s", made)
	}
	if made := body(t, v, "user", madeup.Wish{Given: map[string]any{"id": "x"}}); strings.Contains(made, `"x"`) {
		t.Errorf("made is %s", made)
	}
}

// TestABodyMayWarn: a schema that demands a name which it does not describe is warned of.
func TestABodyMayWarn(t *testing.T) {
	v := judge(t, map[string]string{"image": `"type": "object", "required": ["tags"], "properties": {"tag": {"type": "string"}}`})
	made, err := madeup.New(v).Body("image", madeup.Wish{})
	if members, ok := made.(map[string]any); err != nil || !ok || members["tags"] == nil {
		t.Errorf("made is %v, %v", made, err)
	}
}

func TestWhatCannotBeMadeIsSaidInWords(t *testing.T) {
	v := judge(t, map[string]string{
		"never":     `"type": "object", "required": ["a"], "properties": {"a": false}`,
		"endless":   `"type": "object", "required": ["a"], "properties": {"a": {"$ref": "endless.schema.json"}}`,
		"two types": `"allOf": [{"type": "string"}, {"type": "integer"}]`,
		"bounds":    `"type": "integer", "minimum": 4, "maximum": 3`,
		"between":   `"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 4`,
		"huge list": `"type": "array", "minItems": 100000`,
		"huge text": `"type": "string", "minLength": 10000000`,
		"too few":   `"type": "array", "minItems": 3, "uniqueItems": true, "items": {"enum": [1, 2]}`,
		"not":       `"type": "string", "not": {"type": "string"}`,
		"closed":    `"type": "object", "required": ["a"], "additionalProperties": false`,
		"length":    `"type": "string", "format": "uuid", "maxLength": 10`,
	})
	for payload, says := range map[string]string{
		"never": "a: the schema allows nothing", "endless": "demands itself without end", "two types": "types that exclude each other", "bounds": "at least 4 and at most 3",
		"between": "no number is within its bounds", "huge list": "must have 100000 elements, and at most 1000 are made", "huge text": "a text of at least 10000000 characters is not made",
		"too few": "must have more elements that differ than could be made", "not": "expected", "closed": "a is demanded, and no such member is allowed", "length": "format uuid, maxLength 10",
		"nothing": "has no payload nothing",
	} {
		made, err := madeup.New(v).Body(payload, madeup.Wish{})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: made is %v, error %v, want one that says %s", payload, made, err, says)
		}
	}
}

func ExampleMaker_Body() {
	contract, _ := specs.Embedded("expertflow")
	judge, _ := validator.New(contract)
	made, err := madeup.New(judge).Body(contract.PayloadNames()[0], madeup.Wish{Seed: 7})
	fmt.Println(made != nil, err)
	// Output: true <nil>
}
