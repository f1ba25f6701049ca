package specs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
)

const handshake = `openapi: 3.1.0
info: {title: Tiny, version: "1"}
x-parley: {id: tiny}
paths: {}
webhooks:
  verify:
    get:
      parameters:
        - {name: mode, in: query, required: true, schema: {type: string, enum: [subscribe, renew]}, example: renew}
        - {name: challenge, in: query, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, default: 3}}
        - {name: X-Vendor, in: header, schema: {type: string, const: tiny}}
      responses:
        "200":
          description: the challenge
          x-parley: {echo: challenge}
          content: {text/plain: {schema: {type: string}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/thing.schema.json}}}}
      responses: {"200": {description: taken, x-parley: {echo: /name}}}
  closed:
    put:
      responses: {"200": {description: taken}}
`

func TestTwoMethodsOfAWebhookAreTwoEvents(t *testing.T) {
	c, err := specs.Load(tiny(map[string]string{"openapi.yaml": handshake}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, method := range map[string]string{"events/verify": "POST", "events/verify.get": "GET", "events/closed": "PUT"} {
		if o := c.Operation(name); o == nil || o.Method != method || c.Described(o) == nil {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if len(c.Events) != 3 {
		t.Errorf("%d events", len(c.Events))
	}
	if echo := c.Operation("events/verify.get").Responses[200].Echo; echo != "challenge" {
		t.Errorf("echo %q", echo)
	}
}

func TestTheValueThatADocumentGives(t *testing.T) {
	c, err := specs.Load(tiny(map[string]string{"openapi.yaml": handshake}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"mode": "renew", "X-Vendor": "tiny", "limit": "3"}
	for _, p := range c.Operation("events/verify.get").Parameters {
		value, ok := p.Documented()
		text := fmt.Sprint(value)
		if ok != (want[p.Name] != nil) || ok && text != want[p.Name] {
			t.Errorf("%s: %v %v", p.Name, value, ok)
		}
	}
}

func TestWebhooksThatAreRefused(t *testing.T) {
	for replace, says := range map[[2]string]string{
		{"  closed:", "  verify.get:"}:                          "two events would be called verify.get",
		{"{echo: challenge}", "{echo: token}"}:                  `repeats the parameter "token", and the request has no required one`,
		{"{echo: challenge}", "{echo: limit}"}:                  `repeats the parameter "limit", and the request has no required one`,
		{"{echo: challenge}", "{echoes: challenge}"}:            "x-parley of a response has one key, echo",
		{"{echo: challenge}", "challenge"}:                      "x-parley of a response has one key, echo",
		{"requestBody: {required: true,", "requestBody: {"}:     "the request need not have one",
		{"{echo: challenge}", "{echo: challenge, other: true}"}: "x-parley of a response has one key, echo",
	} {
		text := strings.Replace(handshake, replace[0], replace[1], 1)
		if _, err := specs.Load(tiny(map[string]string{"openapi.yaml": text}), "tiny"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %s", replace, err, says)
		}
	}
}
