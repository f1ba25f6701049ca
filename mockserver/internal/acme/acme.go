// Package acme is an invented vendor, for the tests of the rooms of mockserver: its
// contract, a mock of it, and partners of that.
package acme

import (
	"testing/fstest"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
)

// Document is the contract's openapi.yaml: two operations with a path in common, one
// that takes no body, and one event that is tried three times.
const Document = `openapi: 3.1.0
info: {title: Acme, version: "1"}
x-parley:
  id: acme
  name: Acme
  sources: {page: {title: A page}}
  delivery: {timeout: 5s, attempts: 3, backoff: 1ms, success: [200, 202]}
paths:
  /tickets/{id}:
    get:
      operationId: ticket
      responses:
        "200": {description: The ticket., content: {application/json: {schema: {$ref: ./schemas/ticket.schema.json}}}}
        "404": {description: There is none., content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
  /tickets/{id}/notes:
    post:
      operationId: note
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/note.schema.json}}}}
      responses:
        "201": {description: Written.}
        "422": {description: Not understood., content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
  /tickets/open/notes:
    post:
      operationId: noteAll
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/note.schema.json}}}}
      responses:
        "202": {description: Taken.}
  /notes:
    post:
      operationId: noteAlone
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/note.schema.json}}}}
      responses:
        "201": {description: Written.}
        default: {description: Not written., content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
webhooks:
  changed:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/changed.schema.json}}}}
      responses:
        "200": {description: Seen.}
        "202": {description: Will be seen.}
        "503": {description: Later.}
`

const draft = `{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", `

// Folder is the contract's documents, to be changed and loaded.
func Folder() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"openapi.yaml":                    file(Document),
		"schemas/ticket.schema.json":      file(draft + `"required": ["id"], "properties": {"id": {"type": "string"}}}`),
		"schemas/error.schema.json":       file(draft + `"required": ["error"], "properties": {"error": {"type": "string"}}}`),
		"schemas/note.schema.json":        file(draft + `"required": ["text"], "properties": {"text": {"type": "string"}}}`),
		"schemas/changed.schema.json":     file(draft + `"required": ["ticket"], "properties": {"ticket": {"type": "string"}, "parts": {"type": "array"}, "secret": {"type": "string", "x-secret": true}}}`),
		"samples/ticket/documented.json":  file(`{"id": "T-1"}`),
		"samples/ticket/other.json":       file(`{"id": "T-2"}`),
		"samples/error/documented.json":   file(`{"error": "no"}`),
		"samples/changed/documented.json": file(`{"ticket": "T-1", "parts": [{"name": "a"}], "secret": "s3cr3t"}`),
	}
}

// Contract is Acme's, newly loaded: a test may change it.
func Contract() *specs.Contract { return Loaded(Folder()) }

// Loaded is the contract of a folder that was changed.
func Loaded(folder fstest.MapFS) *specs.Contract {
	contract, err := specs.Load(folder, "acme")
	if err != nil {
		panic(err)
	}
	return contract
}

// Vendor is Acme without memory, which answers from samples.
func Vendor() mockserver.Vendor { return mockserver.Vendor{Contract: Contract()} }
