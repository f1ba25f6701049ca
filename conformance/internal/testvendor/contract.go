// Package testvendor is a vendor of our own invention with one event and one operation,
// and a partner of it, for the tests of the engine.
package testvendor

import (
	"fmt"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
)

const document = `openapi: 3.1.0
info: {title: Tiny notes, version: "1"}
x-parley:
  id: tiny
  name: Tiny
  sources:
    page: {title: A page, url: "https://tiny.example/page"}
paths:
  /notes/{channel}:
    parameters: [{name: channel, in: path, required: true, schema: {type: string}, x-evidence: documented}]
    post:
      operationId: note
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/operations/note.schema.json}}}}
      responses:
        "200": {description: kept, x-evidence: documented}
        "401": {description: wrong token, x-evidence: documented}
        "500": {description: error, x-evidence: documented}
webhooks:
  hello:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/events/hello.schema.json}}}}
      responses: &statuses
        "200": {description: done, x-evidence: documented}
        "401": {description: wrong token, x-evidence: documented}
  ping:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/events/ping.schema.json}}}}
      responses: *statuses
`

const noteSchema = `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "required": ["token", "id"],
  "properties": {
    "token": {"type": "string", "x-secret": true, "x-evidence": "documented"},
    "id": {"type": "string", "x-evidence": "documented"},
    "text": {"type": "string", "x-evidence": "documented"}
  }
}`

// eventSchema is that of an event, with its type and the one member that it has besides.
func eventSchema(kind, member string) string {
	return fmt.Sprintf(`{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "required": ["type", "token", %[2]q],
  "properties": {
    "type": {"const": %[1]q, "x-evidence": "documented"},
    "token": {"type": "string", "x-secret": true, "x-evidence": "documented"},
    %[2]q: {"type": "string", "x-evidence": "documented"}
  }
}`, kind, member)
}

const requirements = `
- id: TINY-1
  binds: partner
  level: MUST
  text: A ping is answered with 200.
  quote: "Answer 200 to a ping."
  source: "page#ping"
  evidence: documented
- id: TINY-2
  binds: partner
  level: MUST
  text: A ping with another token is answered with 401.
  quote: "Answer 401 to another token."
  source: "page#token"
  evidence: documented
- id: TINY-3
  binds: partner
  level: SHOULD
  text: A note has a text.
  source: "page#notes"
  evidence: assumed
- id: TINY-4
  binds: partner
  level: MAY
  text: A note may be empty.
  quote: "Notes may be empty."
  source: "page#notes"
  evidence: documented
`

const readings = `
- id: TINY-R-1
  question: Is a ping without ID a ping?
  options: {nobody-knows: The page does not say., never: {text: It is not., binds: [TINY-3]}}
  default: nobody-knows
  evidence: assumed
`

// Contract loads the contract of the tiny vendor.
func Contract() *specs.Contract {
	folder := fstest.MapFS{}
	for name, text := range map[string]string{
		"openapi.yaml":                        document,
		"schemas/operations/note.schema.json": noteSchema,
		"schemas/events/hello.schema.json":    eventSchema("hello", "webhook"),
		"schemas/events/ping.schema.json":     eventSchema("ping", "id"),
		"samples/events/hello/one.json":       `{"type": "hello", "token": "t", "webhook": "https://tiny.example/notes/c"}`,
		"samples/events/ping/one.json":        `{"type": "ping", "token": "t", "id": "1"}`,
		"samples/operations/note/one.json":    `{"token": "t", "id": "1", "text": "a note"}`,
		"requirements.yaml":                   requirements,
		"readings.yaml":                       readings,
	} {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := specs.Load(folder, "tiny")
	if err != nil {
		panic(err)
	}
	return c
}
