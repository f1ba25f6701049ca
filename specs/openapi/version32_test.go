package openapi_test

import (
	"slices"
	"testing"
)

// TestOpenAPI32 is read like 3.1; what is new in it is read where that is the same under
// another name, and named where it is not.
func TestOpenAPI32(t *testing.T) {
	c := loaded(t, `openapi: 3.2.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    query: {responses: {200: {description: Found.}}}
    additionalOperations:
      COPY: {responses: {200: {description: Copied.}}}
    post:
      parameters:
        - {name: all, in: querystring, content: {application/json: {schema: {type: object}}}}
        - {name: seen, in: cookie, style: cookie, schema: {type: string}}
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Pet"}
            examples:
              cat: {dataValue: {name: Fluffy}, serializedValue: '{"name":"Fluffy"}'}
              dog: {serializedValue: '{"name":"Rex"}'}
          application/jsonl: {$ref: "#/components/mediaTypes/Pets"}
      responses: {200: {summary: Taken.}}
components:
  mediaTypes:
    Pets: {itemSchema: {$ref: "#/components/schemas/Pet"}}
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}}}
`, nil)
	if len(c.Operations) != 1 || c.Operations[0].Method != "POST" {
		t.Fatalf("it serves %v", c.Operations)
	}
	o := c.Operations[0]
	if samples := c.Payloads[o.Payload].Samples; len(samples) != 1 || string(compact(t, samples[0].Body)) != `{"name":"Fluffy"}` {
		t.Errorf("its samples are %v", samples)
	}
	if !slices.Equal(o.ContentTypes, []string{"application/json", "application/jsonl"}) || len(o.Parameters) != 1 {
		t.Errorf("it takes %v with %v", o.ContentTypes, o.Parameters)
	}
	want := []string{
		`"query" of a path (docs/api.yaml:5)`, `"additionalOperations" of a path (docs/api.yaml:6)`, `parameter "all" in the whole query (docs/api.yaml:10)`,
		"how a cookie of style cookie is escaped (docs/api.yaml:11)", "example dog, which is written as it is sent (docs/api.yaml:18)", "itemSchema of a body in application/jsonl (docs/api.yaml:23)",
	}
	for _, says := range want {
		if !slices.Contains(c.NotJudged, says) {
			t.Errorf("it does not say %q, but %q", says, c.NotJudged)
		}
	}
	if len(c.NotJudged) != len(want) {
		t.Errorf("%d things are not judged: %q", len(c.NotJudged), c.NotJudged)
	}
}
