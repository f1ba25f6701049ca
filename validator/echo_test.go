package validator

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/traffic"
)

const handshake = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop}
paths: {}
webhooks:
  verify:
    get:
      parameters: [{name: hub.challenge, in: query, required: true, schema: {type: integer}}]
      responses:
        "200": {description: the challenge, x-parley: {echo: hub.challenge}, content: {text/plain: {schema: {type: string}}}}
        "202": {description: the challenge, x-evidence: assumed, x-parley: {echo: hub.challenge}}
        "403": {description: another token}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/event.schema.json}}}}
      responses: {"200": {description: the challenge, x-parley: {echo: /challenge}}}
`

func TestAnEchoIsJudged(t *testing.T) {
	v := loaded(t, fstest.MapFS{
		"openapi.yaml":              {Data: []byte(handshake)},
		"schemas/event.schema.json": {Data: []byte(`{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}`)},
	}, "shop")
	text := http.Header{"Content-Type": {"text/plain"}}
	for name, test := range map[string]struct {
		method, url, body string
		status            int
		answer, want      string
	}{
		"right":            {"GET", "/hook?hub.challenge=1158201444", "", 200, "1158201444", ""},
		"another":          {"GET", "/hook?hub.challenge=1158201444", "", 200, "ok", "response error response.echo"},
		"nothing":          {"GET", "/hook?hub.challenge=1158201444", "", 200, "", "response error response.echo"},
		"in quotes":        {"GET", "/hook?hub.challenge=1158201444", "", 200, `"1158201444"`, "response error response.echo"},
		"assumed":          {"GET", "/hook?hub.challenge=1158201444", "", 202, "ok", "response warn response.echo"},
		"a refusal":        {"GET", "/hook?hub.challenge=1158201444", "", 403, "no", ""},
		"not asked":        {"GET", "/hook", "", 200, "ok", "request error parameter.required query:hub.challenge"},
		"hidden":           {"GET", "/hook?hub.challenge=" + traffic.Redacted, "", 200, "ok", ""},
		"of the body":      {"POST", "/hook", `{"challenge": "a b"}`, 200, "a b", ""},
		"not of the body":  {"POST", "/hook", `{"challenge": "a b"}`, 200, "a+b", "response error response.echo"},
		"none in the body": {"POST", "/hook", `{}`, 200, "a+b", ""},
	} {
		e := &traffic.Exchange{Caller: traffic.Vendor,
			Request:  traffic.Request{Method: test.method, URL: test.url, Header: http.Header{}, Body: traffic.NewBody([]byte(test.body), 0)},
			Response: &traffic.Response{Status: test.status, Header: text, Body: traffic.NewBody([]byte(test.answer), 0)},
		}
		if test.body != "" {
			e.Request.Header.Set("Content-Type", "application/json")
		}
		if got := judged(v, e); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		for _, f := range e.Findings {
			if f.Code == "response.echo" && (name == "in quotes") != strings.Contains(f.Hint, "without quotes") {
				t.Errorf("%s: hint %q", name, f.Hint)
			}
		}
	}
}
