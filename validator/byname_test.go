package validator

import (
	"net/http"
	"testing"

	"github.com/parleykit/parley/traffic"
)

const namedHooks = `paths: {}
webhooks:
  issue-opened: &event
    post:
      parameters: [{name: X-Shop-Event, in: header, required: true, example: issue, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/opened.schema.json}}}}
      responses: {"200": {description: taken}}
  issue-comment-opened: *event
  order-opened: *event
  issue-closed:
    post:
      parameters: [{name: X-Shop-Event, in: header, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/closed.schema.json}}}}
      responses: {"200": {description: taken}}
`

// TestEventsAreToldApartByTheirNames: the document fixes no value of the header.
func TestEventsAreToldApartByTheirNames(t *testing.T) {
	v := shopOf(t, namedHooks, map[string]string{
		"opened": `"type": "object", "required": ["action"], "properties": {"action": {"enum": ["opened"]}}`,
		"closed": `"oneOf": [{"type": "object", "required": ["action", "by"], "properties": {"by": {"type": "string"}, "action": {"enum": ["closed"]}}},
			{"type": "object", "required": ["action", "at"], "properties": {"at": {"type": "integer"}, "action": {"const": "closed"}}}]`,
	})
	const assumed = "request info operation.assumed header:X-Shop-Event"
	for _, c := range []struct{ header, body, operation, want string }{
		{"issue", `{"action":"opened"}`, "events/issue-opened", assumed},
		{"Issue_Comment", `{"action":"opened"}`, "events/issue-comment-opened", assumed},
		{"order", `{"action":"opened"}`, "events/order-opened", assumed},
		{"order", `{"action":"closed","at":1}`, "events/issue-closed", ""}, // the body tells
		{"order", `{"action":"lost"}`, "", "request warn operation.unknown /action"},
		{"invoice", `{"action":"opened"}`, "events/issue-opened", ""}, // names none
		{"invoice", `{"action":"lost"}`, "", "request error operation.unknown /action"},
	} {
		e := call("POST", "http://me.test/hook", c.body)
		e.Caller = traffic.Vendor
		e.Request.Header = http.Header{"Content-Type": {"application/json"}, "X-Shop-Event": {c.header}}
		if got := judged(v, e); got != c.want || e.Operation != c.operation {
			t.Errorf("%s %s: %q, %s; want %q, %s", c.header, c.body, e.Operation, got, c.operation, c.want)
		}
	}
}
