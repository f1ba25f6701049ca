package validator

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
)

const oneOperation = `openapi: 3.1.0
info: {title: One, version: "1"}
x-parley: {id: one, name: One}
paths:
  /one:
    post:
      operationId: one
      requestBody: {content: {application/json: {schema: {$ref: ./schemas/one.schema.json}}}}
      responses: {"200": {description: Done}}
`

const draft7 = `"$schema": "http://json-schema.org/draft-07/schema#"`

// contractOf makes a contract of schemas, by payload name.
func contractOf(t testing.TB, schemas map[string]string) *specs.Contract {
	t.Helper()
	folder := fstest.MapFS{"openapi.yaml": {Data: []byte(oneOperation)}}
	for name, schema := range schemas {
		folder["schemas/"+name+".schema.json"] = &fstest.MapFile{Data: []byte(schema)}
	}
	c, err := specs.Load(folder, "one")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// single compiles one schema.
func single(t testing.TB, schema string) *payload {
	t.Helper()
	v, err := New(contractOf(t, map[string]string{"one": "{" + draft7 + `, "properties": {"inner": ` + schema + "}}"}))
	if err != nil {
		t.Fatal(err)
	}
	inner := *v.payload("one")
	inner.graph = inner.graph.properties["inner"]
	inner.program = newProgram(inner.graph)
	return &inner
}

func TestNewNamesWhereASchemaIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		schema string
		line   int
		text   string
	}{
		"unknown type":   {"{" + draft7 + ",\n\"properties\": {\n\"a\": {\"type\": \"strng\"}}}", 3, "no type of JSON Schema"},
		"bad pattern":    {"{" + draft7 + ",\n\"properties\": {\"a\": {\"pattern\": \"(?=a\"}}}", 2, "no regular expression"},
		"bad key":        {"{" + draft7 + ",\n\"patternProperties\": {\n\"(?=a\": {}}}", 3, "no regular expression"},
		"fraction":       {"{" + draft7 + ",\n\"properties\": {\n\"a\": {\"maxLength\": 2.5}}}", 3, "`maxLength` is 2.5; write a whole number from 0"},
		"draft-04 bound": {"{" + draft7 + ",\n\"properties\": {\"a\": {\"minimum\": 1},\n\"b\": {\"anyOf\": [{\"minimum\": 1,\n\"exclusiveMinimum\": true}]}}}", 4, "`exclusiveMinimum` is true; write a number"},
		"draft-03 duty":  {"{" + draft7 + ",\n\"properties\": {\"required\": {},\n\"b\": {\"required\": true}}}", 3, "`required` is true; write a list of names"},
		"no choice":      {"{" + draft7 + ",\n\"oneOf\": []}", 2, "write a list of at least one schema"},
		"reference loop": {"{" + draft7 + ",\n\"definitions\": {\"a\": {\"$ref\": \"#/definitions/b\"},\n\"b\": {\"$ref\": \"#/definitions/a\"}},\n\"properties\": {\"x\": {\"$ref\": \"#/definitions/a\"}}}", 0, "leads back to itself"},
		"loop in place":  {"{" + draft7 + ",\n\"allOf\": [{\"$ref\": \"#\"}]}", 0, "leads back to itself"},
		"loop in a choice": {"{" + draft7 + ",\n\"definitions\": {\"a\": {\"anyOf\": [{\"type\": \"string\"}, {\"not\": {\"$ref\": \"#/definitions/a\"}}]}}," +
			"\n\"properties\": {\"x\": {\"$ref\": \"#/definitions/a\"}}}", 0, "leads back to itself"},
	} {
		_, err := New(contractOf(t, map[string]string{"one": c.schema}))
		var where *specs.Error
		if !errors.As(err, &where) {
			t.Errorf("%s: got %v, want a *specs.Error", name, err)
			continue
		}
		if !strings.HasSuffix(where.File, "schemas/one.schema.json") || c.line > 0 && where.Line != c.line || !strings.Contains(where.Text, c.text) {
			t.Errorf("%s: got %v, want line %d and %q", name, err, c.line, c.text)
		}
	}
}

func TestRecursionThroughTheBodyIsFine(t *testing.T) {
	v, err := New(contractOf(t, map[string]string{"one": "{" + draft7 + `, "type": "object",
		"properties": {"children": {"type": "array", "items": {"$ref": "#"}}, "name": {"type": "string"}}}`}))
	if err != nil {
		t.Fatal(err)
	}
	body := strings.Repeat(`{"children":[`, 400) + `{"name":1}` + strings.Repeat(`]}`, 400)
	f := only(t, v.Payload("one", Decode([]byte(body))))
	if f.Pointer != strings.Repeat("/children/0", 400)+"/name" || f.Code != "body.type" {
		t.Errorf("got %s at %d characters", f.Code, len(f.Pointer))
	}
}

// A choice inside a condition decides; setting it aside would change the verdict.
func TestChoicesInConditionsAreNotSetAside(t *testing.T) {
	v, err := New(contractOf(t, map[string]string{"one": "{" + draft7 + `,
		"if": {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, "then": {"required": ["c"]},
		"oneOf": [{"required": ["d"]}, {"required": ["e"]}]}`}))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"d":1}`:             "",
		`{"d":1,"a":1,"c":1}`: "",
		`{"d":1,"a":1}`:       "error body.required /c",
		`{"d":1,"e":1}`:       "error body.one-of",
		`{"x":1}`:             "error body.one-of\nerror body.required /d",
	} {
		if got := brief(v.Payload("one", Decode([]byte(body)))); got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
}

func TestNothingIsFetched(t *testing.T) {
	c := contractOf(t, map[string]string{"one": "{" + draft7 + `, "properties": {"a": {"type": "string"}}}`})
	c.Payloads["one"].Schema()["properties"] = map[string]any{"a": map[string]any{"$ref": "http://127.0.0.1:1/other.json"}}
	if _, err := New(c); err == nil || !strings.Contains(err.Error(), "leads to no schema of this contract") {
		t.Errorf("got %v", err)
	}
}

func TestNewLeavesTheContractAlone(t *testing.T) {
	c := contractOf(t, map[string]string{
		"one": "{" + draft7 + `, "properties": {"a": {"$ref": "two.schema.json"}, "format": {"format": "email"}}}`,
		"two": "{" + draft7 + "}",
	})
	before := valuepath.JSON(c.Payloads["one"].Schema())
	if _, err := New(c); err != nil {
		t.Fatal(err)
	}
	if after := valuepath.JSON(c.Payloads["one"].Schema()); after != before {
		t.Errorf("the schema became %s", after)
	}
}

func TestUnknownPayload(t *testing.T) {
	f := only(t, elma(t).Payload("events/mesage", Decode([]byte("{}"))))
	if f.Code != "payload.unknown" || f.Hint != "did you mean events/message?" {
		t.Errorf("got %+v", f)
	}
}
