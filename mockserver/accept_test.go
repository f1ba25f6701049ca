package mockserver_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
)

const manyTypes = `
paths:
  /pets/{petId}:
    get:
      operationId: pet
      responses:
        "200":
          description: ok
          headers:
            X-Request-Id: {required: true, schema: {type: string, format: uuid}}
            X-Rate-Limit: {required: true, schema: {type: integer, minimum: 10, maximum: 12}}
            X-Region: {required: true, schema: {type: string, enum: [eu]}}
            X-Version: {schema: {type: string, default: "7"}}
            X-Seldom: {schema: {type: string}}
          content:
            application/xml: {example: <pet/>}
            application/json: {schema: {$ref: ./schemas/pet.schema.json}}
            text/csv: {schema: {$ref: ./schemas/row.schema.json}}
            application/x-www-form-urlencoded: {schema: {$ref: ./schemas/pet.schema.json}}
        "406": {description: none of these, content: {text/plain: {example: no such type}}}
  /plain: {get: {operationId: plain, responses: {"200": {description: ok, content: {text/plain: {example: hello}}}}}}
  /any: {get: {operationId: any, responses: {"200": {description: ok, content: {"text/*": {example: hello}}}}}}
  /broken: {get: {operationId: broken, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/never.schema.json}}}}}}}
`

var pets = map[string]string{
	"pet":   `"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "kind": {"enum": ["cat", "dog"]}}`,
	"row":   `"type": "string"`,
	"never": `"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/definitions/none"}}, "definitions": {"none": {"allOf": [{"type": "string"}, {"type": "integer"}]}}`,
}

func TestTheTypeThatIsAccepted(t *testing.T) {
	m := opened(t, shop(t, manyTypes, pets, map[string]string{"pet/rex": `{"id":1,"name":"Rex"}`, "row/one": `"1;Rex"`}), mockserver.Options{})
	const json, pet = "application/json", `{"id":1,"name":"Rex"}`
	for _, a := range []asked{
		{"GET", "/pets/1", "", "Accept", "", 200, json, pet},
		{"GET", "/pets/1", "", "Accept", "*/*", 200, json, pet},
		{"GET", "/pets/1", "", "Accept", "text/html, */*;q=0.1", 200, json, pet},
		{"GET", "/pets/1", "", "Accept", "application/xml", 200, "application/xml", "<pet/>"},
		{"GET", "/pets/1", "", "Accept", "application/json;q=0.5, application/xml", 200, "application/xml", "<pet/>"},
		{"GET", "/pets/1", "", "Accept", "application/json;q=0, application/*", 200, "application/x-www-form-urlencoded", "id=1&name=Rex"},
		{"GET", "/pets/1", "", "Accept", "text/*", 200, "text/csv", "1;Rex"},
		{"GET", "/pets/1", "", "Accept", "Text/CSV; charset=utf-8", 200, "text/csv", "1;Rex"},
		{"GET", "/pets/1", "", "Accept", "nonsense, text/csv;q=2", 200, json, pet},
		{"GET", "/pets/1", "", "Accept", "image/png", 406, "text/plain", "no such type"},
		{"GET", "/plain", "", "Accept", "image/png", 200, "text/plain", "hello"},
		{"GET", "/any", "", "Accept", "text/markdown", 200, "text/markdown", "hello"},
		{"GET", "/any", "", "Accept", "*/*", 200, "text/plain", "hello"},
	} {
		got := a.of(t, m)
		if a.path == "/pets/1" && a.status == 200 {
			h := got.Header
			if len(h.Get("X-Request-Id")) != 36 || !strings.Contains("10 11 12", h.Get("X-Rate-Limit")) || h.Get("X-Region") != "eu" || h.Get("X-Version") != "7" || h["X-Seldom"] != nil {
				t.Errorf("the headers are %v", h)
			}
		}
	}
}

// TestMadeUpAnswers: the same call is answered alike in mocks of one seed, in whatever
// order, and has what the path says.
func TestMadeUpAnswers(t *testing.T) {
	contract := func() *mockserver.Vendor {
		return &mockserver.Vendor{Contract: shop(t, manyTypes, pets, nil)}
	}
	one, other := opened(t, contract().Contract, mockserver.Options{Seed: 1}), opened(t, contract().Contract, mockserver.Options{Seed: 1})
	third := opened(t, contract().Contract, mockserver.Options{Seed: 2})
	first := one.Do("GET", "/pets/7", "")
	other.Do("GET", "/pets/8", "")
	if again := other.Do("GET", "/pets/7", ""); again.Body != first.Body {
		t.Errorf("one seed answers %s and %s", first.Body, again.Body)
	}
	if again := third.Do("GET", "/pets/7", ""); again.Body == first.Body {
		t.Errorf("another seed answers %s too", again.Body)
	}
	var pet struct {
		ID   int
		Name string
	}
	if err := json.Unmarshal([]byte(first.Body), &pet); err != nil || pet.ID != 7 || pet.Name == "" || first.Header.Get("Content-Type") != "application/json" {
		t.Errorf("made up is %s, %v", first.Body, err)
	}
	for _, accept := range []string{"text/csv", "application/x-www-form-urlencoded"} {
		if a := one.Do("GET", "/pets/7", "", "Accept", accept); a.Header.Get("Content-Type") != accept || a.Body == "" || a.Body[0] == '"' || a.Body[0] == '{' {
			t.Errorf("%s: %s %s", accept, a.Header.Get("Content-Type"), a.Body)
		}
	}
	if a := one.Do("GET", "/broken", ""); a.Status != 500 || !strings.Contains(a.Body, "status 200 would be answered: the contract has no sample of it, and none could be made: no body of payload never could be made from its schema: a: its schemas demand types that exclude each other") {
		t.Errorf("what can't be made is answered %d %s", a.Status, a.Body)
	}
	if a := one.Do("GET", "/pets/7", "", "Prefer", "dynamic=false"); a.Status != 400 || !strings.Contains(a.Body, "operations/pet has no sample in application/json") {
		t.Errorf("dynamic=false is answered %d %s", a.Status, a.Body)
	}
}

func TestDynamicOnRequest(t *testing.T) {
	m := opened(t, shop(t, manyTypes, pets, map[string]string{"pet/rex": `{"id":1,"name":"Rex"}`}), mockserver.Options{})
	a := m.Do("GET", "/pets/7", "", "Prefer", "dynamic=true")
	if a.Status != 200 || !strings.Contains(a.Body, `"id":7`) || a.Header.Get("Preference-Applied") != "dynamic=true" {
		t.Errorf("dynamic=true is answered %d %s, applied %s", a.Status, a.Body, a.Header.Get("Preference-Applied"))
	}
	if a := m.Do("GET", "/pets/7", "", "Prefer", "dynamic=false"); a.Body != `{"id":1,"name":"Rex"}` {
		t.Errorf("dynamic=false is answered %d %s", a.Status, a.Body)
	}
}
