package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
)

// answersOf is a shop whose operations have every kind of answer.
const answersOf = `
paths:
  /only-error: {get: {operationId: onlyError, responses: {"404": {description: never there, content: {application/json: {schema: {$ref: ./schemas/answers/error.schema.json}}}}}}}
  /only-default: {get: {operationId: onlyDefault, responses: {default: {description: any, content: {application/json: {schema: {$ref: ./schemas/answers/ok.schema.json}}}}}}}
  /accepted-first: {post: {operationId: acc, responses: {"202": {description: later}, "200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/answers/ok.schema.json}}}}}}}
  /redirect: {get: {operationId: redir, responses: {"302": {description: go, headers: {Location: {schema: {type: string}, example: "https://shop.test/x"}}}}}}
  /redirect-somewhere: {get: {operationId: redirSomewhere, responses: {3XX: {description: go, headers: {Location: {schema: {type: string}}}}}}}
  /text: {get: {operationId: text, responses: {"200": {description: ok, content: {text/plain: {schema: {type: string}, example: hello}}}}}}
  /search:
    post:
      operationId: search
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/operations/search.schema.json}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/answers/ok.schema.json}}}}
        "422": {description: not understood, content: {application/json: {schema: {$ref: ./schemas/answers/error.schema.json}}}}
  /range:
    post:
      operationId: range
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/operations/search.schema.json}}}}
      responses: {2XX: {description: ok}, 4XX: {description: no, content: {application/json: {schema: {$ref: ./schemas/answers/error.schema.json}}}}}
  /types:
    post:
      operationId: types
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/operations/search.schema.json}}}}
      responses: {"200": {description: ok}, "415": {description: no}, "422": {description: no}}
  /memes/{id}:
    get:
      operationId: getMeme
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: ./schemas/answers/meme.schema.json}, examples: {cat: {value: {id: m-1, title: Cat}}, dog: {value: {id: m-2, title: Dog}}}}}
        "404": {description: none, content: {application/problem+json: {schema: {$ref: ./schemas/answers/problem.schema.json}, example: {title: no such meme}}}}
`

func answersShop(t *testing.T) *specs.Contract {
	return shop(t, answersOf, map[string]string{
		"answers/ok":        `"type": "object", "required": ["ok"], "properties": {"ok": {"type": "boolean"}}`,
		"answers/error":     `"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}`,
		"answers/meme":      `"type": "object", "required": ["id", "title"], "properties": {"id": {"type": "string"}, "title": {"type": "string"}}`,
		"answers/problem":   `"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}`,
		"operations/search": `"type": "object", "required": ["q"], "properties": {"q": {"type": "string"}}`,
	}, map[string]string{
		"answers/ok/yes": `{"ok":true}`, "answers/ok/no": `{"ok":false}`,
		"answers/error/e1": `{"message":"e1"}`, "answers/error/e2": `{"message":"e2"}`, "operations/search/example": `{"q":"x"}`,
	})
}

// asked is a call with the answer that it must have.
type asked struct {
	method, path, body, header, value string
	status                            int
	kind, answer                      string
}

func (a asked) of(t *testing.T, m *mocktest.Mock) mocktest.Answer {
	t.Helper()
	got := m.Do(a.method, a.path, a.body, a.header, a.value)
	if got.Status != a.status || got.Header.Get("Content-Type") != a.kind || got.Body != a.answer {
		t.Errorf("%s %s %s with %s: %s is answered %d %s %s, want %d %s %s", a.method, a.path, a.body, a.header, a.value, got.Status, got.Header.Get("Content-Type"), got.Body, a.status, a.kind, a.answer)
	}
	return got
}

func TestWhichAnswerIsChosen(t *testing.T) {
	m := opened(t, answersShop(t), mockserver.Options{})
	const json = "application/json"
	for _, a := range []asked{
		{"GET", "/only-error", "", "Prefer", "", 404, json, `{"message":"e1"}`},
		{"GET", "/only-default", "", "Prefer", "", 200, json, `{"ok":false}`},
		{"POST", "/accepted-first", "", "Prefer", "", 200, json, `{"ok":false}`},
		{"GET", "/text", "", "Prefer", "", 200, "text/plain", `hello`},
		{"GET", "/text", "", "Prefer", "example=example", 200, "text/plain", `hello`},
		{"GET", "/memes/1", "", "Prefer", "", 200, json, `{"id":"m-1","title":"Cat"}`},
		{"GET", "/memes/1", "", "Prefer", "example=dog", 200, json, `{"id":"m-2","title":"Dog"}`},
		{"GET", "/only-error", "", "Prefer", "code=500", 500, "", ``},
		{"GET", "/memes/1", "", "Prefer", "code=404", 404, "application/problem+json", `{"title":"no such meme"}`},
		{"POST", "/search", `{}`, "Prefer", "", 422, json, `{"message":"e1"}`},
		{"POST", "/search", `{}`, "Prefer", "example=e2", 422, json, `{"message":"e2"}`},
		{"POST", "/search", `{}`, "Prefer", "code=200, example=no", 200, json, `{"ok":false}`},
		{"POST", "/search", `{"q":"a"}`, "Prefer", "example=yes", 200, json, `{"ok":true}`},
		{"POST", "/search", `{"q":"a"}`, "Prefer", "dynamic=false", 200, json, `{"ok":false}`},
		{"POST", "/range", `{}`, "Prefer", "", 400, json, `{"message":"e1"}`},
		{"POST", "/range", `{"q":"a"}`, "Prefer", "", 200, "", ``},
		{"POST", "/types", `{}`, "Prefer", "", 422, "", ``},
		{"POST", "/types", `{"q":"a"}`, "Content-Type", "text/csv", 415, "", ``},
	} {
		a.of(t, m)
	}
	for prefer, says := range map[string]string{
		"code=201":      "status 201 is not documented for operations/onlyError (documented: 404)",
		"example=none":  "payload answers/error has no sample of this name; it has e1, e2",
		"dynamic=maybe": "dynamic=maybe is neither",
	} {
		if got := m.Do("GET", "/only-error", "", "Prefer", prefer); got.Status != 400 || !strings.Contains(got.Body, says) {
			t.Errorf("Prefer: %s is answered %d %s, want %s", prefer, got.Status, got.Body, says)
		}
	}
}

// TestRedirects: the documented Location is sent, and one that was made for a caller to
// find there.
func TestRedirects(t *testing.T) {
	m := opened(t, answersShop(t), mockserver.Options{})
	for path, location := range map[string]string{"/redirect": "https://shop.test/x", "/redirect-somewhere": "https://example.com/"} {
		request, err := http.NewRequest("GET", m.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 302 || response.Header.Get("Location") != location {
			t.Errorf("%s is answered %d to %s", path, response.StatusCode, response.Header.Get("Location"))
		}
	}
}
