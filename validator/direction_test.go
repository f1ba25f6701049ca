package validator

import (
	"net/http"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// TestEachDirectionDemandsItsOwn: one payload for both; readOnly is demanded of the vendor
// alone, writeOnly of the partner alone (OpenAPI 3.0.3, 4.7.24.2; 3.1, JSON Schema 9.4).
func TestEachDirectionDemandsItsOwn(t *testing.T) {
	v := shopOf(t, `paths:
  /users: {post: {operationId: user, requestBody: {content: {application/json: {schema: {$ref: ./schemas/user.schema.json}}}},
    responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/user.schema.json}}}}}}}
  /lists: {post: {operationId: list, requestBody: {content: {application/json: {schema: {$ref: ./schemas/list.schema.json}}}},
    responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/list.schema.json}}}}}}}
  /newer: {post: {operationId: newer, requestBody: {content: {application/json: {schema: {$ref: ./schemas/newer.schema.json}}}},
    responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/newer.schema.json}}}}}}}
webhooks:
  joined: {post: {requestBody: {content: {application/json: {schema: {$ref: ./schemas/user.schema.json}}}}, responses: {"200": {description: ok}}}}
`, map[string]string{
		"id": `"type": "integer", "readOnly": true`,
		"user": `"type": "object", "required": ["id", "name", "word"],
			"properties": {"id": {"$ref": "id.schema.json"}, "name": {"type": "string"}, "word": {"type": "string", "writeOnly": true}},
			"if": {"required": ["id"], "properties": {"id": {"readOnly": true}}}, "then": {"properties": {"name": {"minLength": 2}}}`,
		"newer": `"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array", "prefixItems": [{"$ref": "#/$defs/user"}], "$defs": {"user": {"type": "object", "required": ["id", "word"],
			"properties": {"id": {"allOf": [{"$ref": "id.schema.json"}]}, "word": {"type": "string", "writeOnly": true}}, "unevaluatedProperties": false}}`,
		"list": `"type": "array", "items": {"oneOf": [{"$ref": "user.schema.json"}, {"type": "integer"}]}`,
	})
	for _, c := range []struct{ path, sent, answered, want string }{
		{"/users", `{"name":"n","word":"w"}`, `{"id":1,"name":"Ann"}`, ""},
		{"/users", `{"id":1,"name":"Ann","word":"w"}`, `{"id":1,"name":"Ann","word":"w"}`, ""},
		{"/users", `{"id":"1","name":"n"}`, `{"name":"Ann","word":"w"}`, "request error body.required /word\nrequest error body.type /id\nrequest error body.min-length /name\nresponse error body.required /id"},
		{"/lists", `[{"name":"n","word":"w"},7]`, `[{"id":1,"name":"Ann"}]`, ""},
		{"/lists", `[{"name":"n"}]`, `[{"name":"Ann"}]`, "request error body.one-of /0\nrequest error body.required /0/word\nresponse error body.one-of /0\nresponse error body.required /0/id"},
		{"/newer", `[{"word":"w"}]`, `[{"id":1}]`, ""},
		{"/newer", `[{"id":1}]`, `[{"word":"w"}]`, "request error body.required /0/word\nresponse error body.required /0/id"},
	} {
		e := sends(c.path, "application/json", c.sent)
		e.Response.Header = http.Header{"Content-Type": {"application/json"}}
		e.Response.Body = traffic.NewBody([]byte(c.answered), 0)
		if got := judged(v, e); got != c.want {
			t.Errorf("%s %s %s\n got %s\nwant %s", c.path, c.sent, c.answered, got, c.want)
		}
	}
	for body, want := range map[string]string{`{"id":1,"name":"Ann"}`: "", `{"name":"Ann","word":"w"}`: "request error body.required /id"} {
		e := sends("", "application/json", body)
		e.Caller, e.Request.URL = traffic.Vendor, "https://partner.example/hook"
		if got := judged(v, e); got != want {
			t.Errorf("event %s\n got %s\nwant %s", body, got, want)
		}
	}
}
