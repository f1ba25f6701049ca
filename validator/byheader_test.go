package validator

import (
	"net/http"
	"testing"

	"github.com/parleykit/parley/traffic"
)

const hooks = `paths: {}
webhooks:
  push:
    post:
      parameters: [{name: X-Shop-Event, in: header, required: true, schema: {type: string, const: push}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/push.schema.json}}}}
      responses: {"200": {description: taken}}
  ping:
    post:
      parameters: [{name: x-shop-event, in: header, required: true, schema: {type: string, enum: [ping, hello]}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/ping.schema.json}}}}
      responses: {"200": {description: taken}}
  verify:
    get:
      parameters: [{name: challenge, in: query, required: true, schema: {type: string}}]
      responses: {"200": {description: echoes the challenge}}
    put:
      responses: {"200": {description: taken}}
`

// TestEventsAreToldApartByAHeader, and by their methods.
func TestEventsAreToldApartByAHeader(t *testing.T) {
	v := shopOf(t, hooks, map[string]string{
		"push": `"type": "object", "required": ["ref"], "properties": {"ref": {"type": "string"}}`,
		"ping": `"type": "object", "required": ["zen"], "properties": {"zen": {"type": "string"}}`,
	})
	for _, c := range []struct{ method, query, header, body, operation, want string }{
		{"POST", "", "push", `{"ref":"a"}`, "events/push", ""},
		{"POST", "", "ping", `{"ref":"a"}`, "events/ping", "request error body.required /zen\nrequest info body.unknown-key /ref"},
		{"POST", "", "hello", `{"zen":"a"}`, "events/ping", ""},
		{"POST", "", "pong", `{"zen":"a"}`, "", "request error operation.unknown header:x-shop-event"},
		{"POST", "", "", `{"zen":"a"}`, "events/ping", "request error parameter.required header:x-shop-event"},
		{"POST", "", traffic.Redacted, `{"zen":"a"}`, "events/ping", ""},
		{"GET", "?challenge=x", "", "", "events/verify", ""},
		{"GET", "", "", "", "events/verify", "request error parameter.required query:challenge"},
		{"PUT", "", "", "", "events/verify.put", ""},
	} {
		e := call(c.method, "http://me.test/hook"+c.query, c.body)
		e.Caller = traffic.Vendor
		e.Request.Header = http.Header{}
		if c.body != "" {
			e.Request.Header.Set("Content-Type", "application/json")
		}
		if c.header != "" {
			e.Request.Header.Set("X-Shop-Event", c.header)
		}
		if got := judged(v, e); got != c.want || e.Operation != c.operation {
			t.Errorf("%s %s %s: %q, %s; want %q, %s", c.method, c.header, c.body, e.Operation, got, c.operation, c.want)
		}
	}
}

// TestAFormIsToldApartByItsOwnSchema, and not by what the event has in JSON.
func TestAFormIsToldApartByItsOwnSchema(t *testing.T) {
	v := shopOf(t, `paths: {}
webhooks:
  opened: {post: {requestBody: {content: {application/json: {schema: {$ref: ./schemas/opened.schema.json}}, application/x-www-form-urlencoded: {schema: {$ref: ./schemas/form.schema.json}},
    multipart/form-data: {schema: {$ref: ./schemas/form.schema.json}}}}, responses: {"200": {description: taken}}}}
  closed: {post: {requestBody: {content: {application/json: {schema: {$ref: ./schemas/closed.schema.json}}}}, responses: {"200": {description: taken}}}}
`, map[string]string{
		"opened": `"type": "object", "required": ["action"], "properties": {"action": {"const": "opened"}}`,
		"closed": `"type": "object", "required": ["action"], "properties": {"action": {"const": "closed"}}`,
		"form":   `"type": "object", "required": ["payload"], "properties": {"payload": {"type": "string"}}`,
	})
	parts, body := multipartOf(t, "payload={}")
	for _, c := range []struct{ kind, body, operation, want string }{
		{"application/json", `{"action":"opened"}`, "events/opened", ""},
		{"application/json", `{"payload":"{}"}`, "", "request error operation.unknown /action"},
		{"application/x-www-form-urlencoded", "payload=%7B%7D", "events/opened", ""},
		{parts, body, "events/opened", ""},
		{"application/x-www-form-urlencoded", "other=1", "events/opened", "request error body.required /payload\nrequest info body.unknown-key /other"},
		{"application/x-www-form-urlencoded", "action=closed", "events/closed", "request error content-type.unexpected header:Content-Type"},
	} {
		e := sends("/hook", c.kind, c.body)
		e.Caller = traffic.Vendor
		if got := judged(v, e); got != c.want || e.Operation != c.operation {
			t.Errorf("%s %s: %q, %s; want %q, %s", c.kind, c.body, e.Operation, got, c.operation, c.want)
		}
	}
}
