package generated_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

// handshakes are events that ask whether a webhook is there: by GET with a challenge, by
// POST with a token in the query, and by POST with a challenge in the body. Two further
// ones are told apart by a header.
const handshakes = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop, name: Shop}
paths: {}
webhooks:
  notice:
    get:
      parameters:
        - {name: hub.mode, in: query, required: true, schema: {type: string, const: subscribe}}
        - {name: hub.challenge, in: query, required: true, schema: {type: string}}
      responses: {"200": &echoed {description: the challenge, x-evidence: documented, x-parley: {echo: hub.challenge}, content: {text/plain: {schema: {type: string}}}}}
    post:
      parameters: [{name: X-Shop-Event, in: header, required: true, schema: {type: string, const: notice}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/notice.schema.json}}}}
      responses: {"200": {description: taken, x-evidence: documented}, "400": {description: not understood, x-evidence: documented}}
  validation:
    post:
      parameters: [{name: validationToken, in: query, required: true, schema: {type: string}}]
      responses: {"200": {description: the token, x-evidence: documented, x-parley: {echo: validationToken}, content: {text/plain: {schema: {type: string}}}}}
  url_verification:
    post:
      parameters: [{name: X-Shop-Event, in: header, required: true, schema: {type: string, const: url_verification}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/url_verification.schema.json}}}}
      responses: {"200": {description: the challenge, x-evidence: documented, x-parley: {echo: /challenge}, content: {text/plain: {schema: {type: string}}}}, "400": {description: not understood, x-evidence: documented}}
`

func shop(t *testing.T) *specs.Contract {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	const draft = `{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", `
	c, err := specs.Load(fstest.MapFS{
		"openapi.yaml":                         file(handshakes),
		"schemas/notice.schema.json":           file(draft + `"required": ["text"], "properties": {"text": {"type": "string"}}}`),
		"schemas/url_verification.schema.json": file(draft + `"required": ["challenge"], "properties": {"challenge": {"type": "string"}}}`),
		"samples/notice/one.json":              file(`{"text": "Hello"}`),
		"samples/url_verification/one.json":    file(`{"challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}`),
	}, "shop")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// echo is a partner of Shop's that answers challenges by its defect.
type echo struct{ defect string }

// ServeHTTP is the webhook.
func (e echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	text := query.Get("hub.challenge") + query.Get("validationToken")
	w.Header().Set("Content-Type", "text/plain")
	if r.ContentLength > 0 {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		member := map[string]string{"notice": "text", "url_verification": "challenge"}[r.Header.Get("X-Shop-Event")]
		value, ok := textIn(r, member)
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if member == "text" {
			return
		}
		text = value
	}
	switch e.defect {
	case "answers-ok":
		text = "ok"
	case "answers-in-quotes":
		text = `"` + text + `"`
	case "answers-as-json":
		w.Header().Set("Content-Type", "application/json")
	case "refuses":
		w.WriteHeader(http.StatusForbidden)
		return
	}
	_, _ = w.Write([]byte(text))
}

// TestChallenges: what the answer to a challenge must repeat is judged wherever it
// stands, and an event by GET is an event.
func TestChallenges(t *testing.T) {
	const (
		all    = "notice.get/sample notice.get/again notice.get/at-once validation/sample validation/again validation/at-once"
		inBody = "url_verification/sample/one url_verification/again url_verification/at-once"
	)
	checktest.Each(t, []checktest.Row{
		{},
		{Defect: "answers-ok", Fail: all + " " + inBody, Warn: "url_verification/unknown-member"},
		{Defect: "answers-in-quotes", Fail: all + " " + inBody, Warn: "url_verification/unknown-member"},
		{Defect: "answers-as-json", Fail: all + " " + inBody, Warn: "url_verification/unknown-member"},
		{Defect: "refuses", Fail: all + " " + inBody, Undetermined: "url_verification/unknown-member url_verification/broken-json url_verification/missing-member url_verification/wrong-type url_verification/content-type"},
	}, func(t *testing.T, r checktest.Row) {
		c := shop(t)
		mock, _ := checktest.Play(t, c, nil)
		webhook := checktest.Serve(t, echo{r.Defect}, func() {})
		report := checktest.JudgeFunc(conformance.Judge).Report(t, conformance.Options{
			Suites: generated.Suites(c), Contract: c, Sandbox: mock.Sandbox(), Target: webhook, Timing: quick, Seed: 1,
		})
		r.NotApplicable += " notice/without-optional url_verification/without-optional"
		checktest.Compare(t, report, "shop/webhook/", r)
	})
}

// textIn reads a member of a request's body.
func textIn(r *http.Request, member string) (string, bool) {
	var body map[string]any
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return "", false
	}
	text, ok := body[member].(string)
	return text, ok
}
