package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestALineToTry of a document that Parley knows nothing more of is a call that needs
// nothing: no place in its path, no parameter, no credentials.
func TestALineToTry(t *testing.T) {
	const document = `openapi: 3.0.3
info: {title: Shop, version: "1"}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
paths:
  /items/{id}:
    get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {"200": {description: It.}}}
  /search:
    get: {parameters: [{name: q, in: query, required: true, schema: {type: string}}], responses: {"200": {description: Found.}}}
  /mine:
    get: {security: [{key: []}], responses: {"200": {description: Mine.}}}
`
	for text, want := range map[string]string{
		document: "",
		document + `  /items:
    post: {responses: {"201": {description: Made.}}}
    get: {responses: {"200": {description: All.}}}
`: "curl -sS -i http://127.0.0.1:7357/items",
	} {
		file := filepath.Join(t.TempDir(), "shop.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := (&contractFlags{}).one(file)
		if err != nil {
			t.Fatal(err)
		}
		if line := curlLine("http://127.0.0.1:7357", c); line != want {
			t.Errorf("got %q, want %q", line, want)
		}
	}
}
