package mockserver_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
)

const itemsShop = `
paths:
  /items:
    x-parley: {collection: items, id: id}
    get:
      operationId: listItems
      parameters:
        - {name: kind, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: page, in: query, schema: {type: integer}}
        - {name: verbose, in: query, schema: {type: boolean}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/items.schema.json}}}}}
    post:
      operationId: addItem
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/new.schema.json}}}}
      responses:
        "201": {description: ok, headers: {X-Cost: {required: true, schema: {type: integer}, example: 3}}, content: {application/json: {schema: {$ref: ./schemas/item.schema.json}}}}
        "400": {description: no}
        "409": {description: there is one, content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
  /items/{itemId}:
    parameters: [{name: itemId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getItem
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/item.schema.json}}}}
        "404": {description: none, content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
    put:
      operationId: putItem
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/new.schema.json}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/item.schema.json}}}}, "404": {description: none}}
    patch:
      operationId: patchItem
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/change.schema.json}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/item.schema.json}}}}, "404": {description: none}}
    delete: {operationId: deleteItem, responses: {"204": {description: gone}, default: {description: none}}}
  /items/{itemId}:archive:
    post: {operationId: archiveItem, responses: {"202": {description: ok}}}
  /pages:
    x-parley: {collection: pages, id: number}
    get: {operationId: listPages, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/pages.schema.json}}}}}}
    post: {operationId: addPage, responses: {"201": {description: ok}}}
  /pages/{number}:
    parameters: [{name: number, in: path, required: true, schema: {type: integer}}]
    put: {operationId: putPage, responses: {"200": {description: ok}, "201": {description: new}}}
    get: {operationId: getPage, responses: {"200": {description: ok, content: {application/json: {}}}}}
`

func itemsContract(t *testing.T) *specs.Contract {
	item := `"type": "object", "required": ["id", "name", "added"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "kind": {"type": "string"}, "added": {"type": "string", "format": "date"}, "size": {"type": "object"}}`
	return shop(t, itemsShop, map[string]string{
		"item": item, "items": `"type": "array", "items": {"$ref": "item.schema.json"}`, "error": `"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}`,
		"new":    `"type": "object", "required": ["name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "kind": {"type": "string"}, "size": {"type": "object"}}`,
		"change": `"type": "object"`,
		"pages":  `"type": "object", "properties": {"total": {"type": "integer"}, "pages": {"type": "array", "items": {"type": "object", "properties": {"number": {"type": "integer"}}}}}`,
	}, map[string]string{
		"items/two": `[{"id":"a/1","name":"Anchor","kind":"iron","added":"2024-01-02"},{"id":"b","name":"Bell","kind":"brass","added":"2024-01-03","size":{"w":12345678901234567}}]`,
		"error/one": `{"error":"no such item"}`, "pages/one": `{"total":1,"pages":[{"number":7,"title":"Seven"}]}`,
	})
}

const (
	anchor = `{"id":"a/1","name":"Anchor","kind":"iron","added":"2024-01-02"}`
	bell   = `{"id":"b","name":"Bell","kind":"brass","added":"2024-01-03","size":{"w":12345678901234567}}`
)

func TestACollectionIsKept(t *testing.T) {
	m := opened(t, itemsContract(t), mockserver.Options{Seed: 5})
	const kind = "application/json"
	for _, a := range []asked{
		{"GET", "/items", "", "X", "", 200, kind, "[" + anchor + "," + bell + "]"},
		{"GET", "/items?kind=brass", "", "X", "", 200, kind, "[" + bell + "]"},
		{"GET", "/items?limit=1", "", "X", "", 200, kind, "[" + anchor + "]"},
		{"GET", "/items?limit=1&page=2", "", "X", "", 200, kind, "[" + bell + "]"},
		{"GET", "/items?limit=1&page=9", "", "X", "", 200, kind, "[]"},
		{"GET", "/items?verbose=true", "", "X", "", 200, kind, "[" + anchor + "," + bell + "]"},
		{"GET", "/items/a%2F1", "", "X", "", 200, kind, `{"added":"2024-01-02","id":"a/1","kind":"iron","name":"Anchor"}`},
		{"GET", "/items/c", "", "X", "", 404, kind, `{"error":"no such item"}`},
		{"PUT", "/items/c", `{"name":"C"}`, "X", "", 404, "", ""},
		{"PATCH", "/items/c", `{"name":"C"}`, "X", "", 404, "", ""},
		{"DELETE", "/items/c", "", "X", "", 404, "", ""},
		{"PATCH", "/items/b", `{"id":"other","kind":null,"size":{"h":1}}`, "X", "", 200, kind, `{"added":"2024-01-03","id":"b","name":"Bell","size":{"h":1,"w":12345678901234567}}`},
		{"POST", "/items", `{"id":"b","name":"B"}`, "X", "", 409, kind, `{"error":"no such item"}`},
		{"POST", "/items", `{}`, "X", "", 400, "", ""},
		{"DELETE", "/items/b", "", "X", "", 204, "", ""},
		{"GET", "/items/b", "", "X", "", 404, kind, `{"error":"no such item"}`},
		{"POST", "/items/b:archive", "", "X", "", 202, "", ""},
	} {
		a.of(t, m)
	}
	a := m.Do("POST", "/items", `{"name":"New","kind":"wood"}`)
	var made struct{ ID, Name, Added string }
	if err := json.Unmarshal([]byte(a.Body), &made); err != nil || a.Status != 201 || made.Name != "New" || len(made.Added) != 10 || len(made.ID) != 36 || a.Header.Get("X-Cost") != "3" {
		t.Fatalf("created is %d %s %v", a.Status, a.Body, a.Header)
	}
	if at := a.Header.Get("Location"); at != m.URL+"/items/"+made.ID || m.Do("GET", strings.TrimPrefix(at, m.URL), "").Body != a.Body {
		t.Errorf("it is at %s", at)
	}
	replaced := m.Do("PUT", "/items/"+made.ID, `{"name":"Newer"}`)
	if !strings.Contains(replaced.Body, `"name":"Newer"`) || strings.Contains(replaced.Body, "wood") || !strings.Contains(replaced.Body, made.ID) {
		t.Errorf("replaced is %d %s", replaced.Status, replaced.Body)
	}
	if e := m.Exchange(m.Do("GET", "/items/c", "")); len(e.Findings) != 1 || e.Findings[0].Code != "call.refused" || e.Findings[0].Actual != "there is no element c in items" {
		t.Errorf("findings are %v", e.Findings)
	}
	// A preference goes before what is remembered, and a reset begins anew.
	if a := m.Do("GET", "/items/a%2F1", "", "Prefer", "code=404"); a.Status != 404 {
		t.Errorf("with a preference: %d", a.Status)
	}
	m.Sandbox().Reset()
	asked{"GET", "/items?kind=brass", "", "X", "", 200, kind, "[" + bell + "]"}.of(t, m)
	again := m.Do("POST", "/items", `{"name":"New","kind":"wood"}`)
	if again.Body != a.Body {
		t.Errorf("after a reset it is %s, not %s", again.Body, a.Body)
	}
	asked{"GET", "/~other/items?kind=wood", "", "X", "", 200, kind, "[]"}.of(t, m)
}

func TestNumbersAsIDs(t *testing.T) {
	m := opened(t, itemsContract(t), mockserver.Options{})
	const kind = "application/json"
	at := func(a mocktest.Answer) string { return strings.TrimPrefix(a.Header.Get("Location"), m.URL) }
	if got := at(m.Do("POST", "/pages", `{"title":"Eight"}`)); got != "/pages/8" {
		t.Errorf("created at %s", got)
	}
	for _, a := range []asked{
		{"GET", "/pages", "", "X", "", 200, kind, `{"total":2,"pages":[{"number":7,"title":"Seven"},{"number":8,"title":"Eight"}]}`},
		{"PUT", "/pages/9", `{"title":"Nine"}`, "X", "", 201, "", ""},
		{"PUT", "/pages/9", `{"title":"Nine!"}`, "X", "", 200, "", ""},
		{"GET", "/pages/9", ``, "X", "", 200, kind, `{"number":9,"title":"Nine!"}`},
	} {
		a.of(t, m)
	}
	if a := m.Do("GET", "/pages/99", ""); a.Status != 404 || !strings.Contains(a.Body, "there is no element 99 in pages") {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if a := m.Do("POST", "/pages", `[]`); a.Status != 400 {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
}

// TestManyCreateAtOnce: each gets an ID of its own.
func TestManyCreateAtOnce(t *testing.T) {
	m := opened(t, itemsContract(t), mockserver.Options{})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if a := m.Do("POST", "/pages", `{}`); a.Status != 201 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	group.Wait()
	var pages struct{ Total int }
	if body := m.Do("GET", "/pages", "").Body; json.Unmarshal([]byte(body), &pages) != nil || pages.Total != 21 {
		t.Errorf("there are %s", body)
	}
}

func TestTheStateOfACollection(t *testing.T) {
	begun := map[string]json.RawMessage{"shop": json.RawMessage(`{"items": [{"id": "c", "name": "Chain"}, {"id": "b", "name": "Bowl"}]}`)}
	m := opened(t, itemsContract(t), mockserver.Options{State: begun})
	state := fmt.Sprint(m.Sandbox().State()["shop"])
	if !strings.Contains(state, "Chain") || !strings.Contains(state, "Bowl") || strings.Contains(state, "Bell") || !strings.Contains(state, "Seven") {
		t.Errorf("the state is %s", state)
	}
	for given, says := range map[string]string{
		`[]`: "is no object; write the elements of each collection, as {\"items\": [{…}]}", `{"others": []}`: "/others: is no collection; there are items, pages",
		`{"items": {}}`: "/items: is no list of elements", `{"items": [{}, 7]}`: "/items/1: is no object",
	} {
		if err := m.Sandbox().AddState("shop", json.RawMessage(given)); err == nil || err.Error() != says {
			t.Errorf("%s: error %v, want %s", given, err, says)
		}
	}
	if got := fmt.Sprint(m.Sandbox().State()["shop"]); got != state {
		t.Errorf("after what was refused the state is %s", got)
	}
	m.Do("DELETE", "/items/b", "")
	text, err := m.Sandbox().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.Restore(text, mockserver.Options{}, mockserver.Vendor{Contract: itemsContract(t)})
	if err != nil {
		t.Fatal(err)
	}
	if now, then := fmt.Sprint(server.Sandbox().State()), fmt.Sprint(m.Sandbox().State()); now != then {
		t.Errorf("restored is %s, not %s", now, then)
	}
}
