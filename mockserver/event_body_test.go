package mockserver_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

const unsampled = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop}
paths: {}
webhooks:
  sold: {post: {requestBody: {content: {application/json: {schema: {$ref: ./schemas/sold.schema.json}}}}, responses: {"200": {description: taken}}}}
  never: {post: {requestBody: {content: {application/json: {schema: {$ref: ./schemas/never.schema.json}}}}, responses: {"200": {description: taken}}}}
`

// TestAnEventWithoutASampleIsMade from its schema, the same for the same seed.
func TestAnEventWithoutASampleIsMade(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	const draft7 = `{"$schema": "http://json-schema.org/draft-07/schema#", `
	c, err := specs.Load(fstest.MapFS{
		"openapi.yaml":              file(unsampled),
		"schemas/sold.schema.json":  file(draft7 + `"type": "object", "required": ["id", "kind"], "properties": {"id": {"type": "integer"}, "kind": {"const": "sold"}}}`),
		"schemas/never.schema.json": file(draft7 + `"type": "object", "required": ["a"], "properties": {"a": {"allOf": [{"type": "string"}, {"type": "integer"}]}}}`),
	}, "shop")
	if err != nil {
		t.Fatal(err)
	}
	v, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	made := func(seed uint64, r mockserver.SendRequest) (string, error) {
		mock, err := mockserver.New(mockserver.Options{Seed: seed, Channels: []mockserver.Channel{{Vendor: "shop", ID: "one"}}}, mockserver.Vendor{Contract: c})
		if err != nil {
			t.Fatal(err)
		}
		defer mock.Close(t.Context())
		body, err := mock.Sandbox().Compose(r)
		text, _ := json.Marshal(body)
		return string(text), err
	}
	first, err := made(1, mockserver.SendRequest{Event: "sold"})
	if again, _ := made(1, mockserver.SendRequest{Event: "sold"}); err != nil || again != first {
		t.Errorf("%s and %s, %v", first, again, err)
	}
	if found := v.Payload("sold", validator.Decode([]byte(first))); len(found) > 0 {
		t.Errorf("%s: %v", first, found)
	}
	if changed, err := made(1, mockserver.SendRequest{Event: "sold", Set: map[string]any{"id": 7}}); err != nil || !strings.Contains(changed, `"id":7`) {
		t.Errorf("%s, %v", changed, err)
	}
	for _, r := range []mockserver.SendRequest{{Event: "never"}, {Event: "sold", Sample: "none"}} {
		if body, err := made(1, r); err == nil {
			t.Errorf("%v: %s", r, body)
		}
	}
}
