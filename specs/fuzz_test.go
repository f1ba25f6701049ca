package specs_test

import (
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
)

// FuzzLoad reads contracts in which any file may hold anything: an error or a
// contract that can be used, never a panic.
func FuzzLoad(f *testing.F) {
	document := []byte(`openapi: 3.1.0
info: {title: Acme, version: "1"}
x-parley: {id: acme, name: Acme, sources: {page: {title: Page, url: "https://acme.example"}}}
paths:
  /things/{id}:
    x-evidence: assumed
    post:
      operationId: put
      x-evidence: {class: documented, source: "page#put"}
      requestBody: {content: {application/json: {schema: {$ref: ./schemas/thing.schema.json}}}}
      responses: {"200": {description: ok, x-evidence: assumed}}
webhooks:
  changed:
    x-evidence: assumed
    post:
      x-evidence: assumed
      requestBody: {content: {application/json: {schema: {$ref: ./schemas/thing.schema.json}}}}
      responses: {default: {description: ok, x-evidence: assumed}}
`)
	schema := []byte(`{"$schema": "http://json-schema.org/draft-07/schema#", "title": "Thing", "type": "object", "required": ["id"],
  "properties": {"id": {"type": "string", "x-evidence": "documented"}, "next": {"$ref": "#", "x-evidence": "assumed"}}}`)
	requirements := []byte("- {id: A-1, binds: partner, level: MUST, text: t, source: \"page#put\", evidence: documented}\n")
	readings := []byte("- id: A-R-1\n  question: q\n  options: {a: x, b: {text: y, patches: [{payload: thing, patch: {type: array}}]}}\n  default: a\n  evidence: assumed\n")
	f.Add(document, schema, requirements, readings)
	f.Fuzz(func(t *testing.T, document, schema, requirements, readings []byte) {
		if len(document)+len(schema)+len(requirements)+len(readings) > 64<<10 {
			return // size is bounded by who wrote the folder
		}
		c, err := specs.Load(fstest.MapFS{
			"openapi.yaml": {Data: document}, "schemas/thing.schema.json": {Data: schema},
			"requirements.yaml": {Data: requirements}, "readings.yaml": {Data: readings},
		}, "fuzzed")
		if err != nil {
			return
		}
		if c.ID == "" {
			t.Error("a contract without a name was taken")
		}
		c.Validate() // may refuse
		for _, name := range c.PayloadNames() {
			c.Fields(name)
			c.Variants(name)
		}
		if _, err := c.Bundle("json"); err != nil {
			t.Errorf("a contract that loads has no bundle: %v", err)
		}
	})
}
