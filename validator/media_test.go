package validator

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// shopOf is the validator of a contract with these paths and schemas.
func shopOf(t testing.TB, rest string, schemas map[string]string) *Validator {
	t.Helper()
	folder := fstest.MapFS{"openapi.yaml": {Data: []byte("openapi: 3.1.0\ninfo: {title: Shop, version: \"1\"}\nx-parley: {id: shop, name: Shop}\n" + rest)}}
	for name, schema := range schemas {
		folder["schemas/"+name+".schema.json"] = &fstest.MapFile{Data: []byte("{" + draft7 + ", " + schema + "}")}
	}
	c, err := specs.Load(folder, "shop")
	v := validatorOf(t, c, err)
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return v
}

// sends is a call with a body of a type.
func sends(path, kind, body string) *traffic.Exchange {
	e := call("POST", path, body)
	delete(e.Request.Header, "Content-Type")
	if kind != "" {
		e.Request.Header.Set("Content-Type", kind)
	}
	return e
}

const mediaPaths = `paths:
  /typed: {post: {operationId: typed, requestBody: {content: {
    "application/json": {schema: {$ref: ./schemas/n.schema.json}},
    "application/vnd.shop+json; version=1": {schema: {$ref: ./schemas/n.schema.json}},
    "application/vnd.shop+json; version=2": {schema: {$ref: ./schemas/m.schema.json}},
    "application/*+json": {schema: {$ref: ./schemas/m.schema.json}},
    "application/x-www-form-urlencoded": {schema: {$ref: ./schemas/form.schema.json}},
    "text/plain": {schema: {$ref: ./schemas/text.schema.json}},
    "application/xml": {schema: {$ref: ./schemas/n.schema.json}}}}, responses: {"200": {description: ok, content: {
    "application/json": {schema: {$ref: ./schemas/n.schema.json}},
    "application/vnd.shop.v2+json": {schema: {$ref: ./schemas/m.schema.json}},
    "text/csv": {schema: {$ref: ./schemas/text.schema.json}}}}}}}
  /any: {post: {operationId: any, requestBody: {content: {"*/*": {schema: {$ref: ./schemas/n.schema.json}}}}, responses: {"200": {description: ok}}}}
  /binary: {post: {operationId: binary, requestBody: {content: {application/cbor: {schema: {$ref: ./schemas/bytes.schema.json}}}}, responses: {"200": {description: ok}}}}
  /files: {post: {operationId: files, requestBody: {content: {"image/*": {schema: {$ref: ./schemas/text.schema.json}}}}, responses: {"200": {description: ok}}}}
`

var mediaSchemas = map[string]string{
	"n":     `"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}`,
	"m":     `"type": "object", "required": ["m"], "properties": {"m": {"type": "integer"}}`,
	"bytes": `"type": "string", "minLength": 2`,
	"text":  `"type": "string", "maxLength": 3, "pattern": "^[a-c]*$"`,
	"form": `"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 2}, "on": {"type": "boolean"},
		"tags": {"type": "array", "items": {"type": "string"}}, "sizes": {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
		"choice": {"enum": [1, 2]}, "either": {"oneOf": [{"type": "string", "pattern": "^x"}, {"type": "number"}]}, "name": {"type": "string"}}`,
}

// TestTheContentTypeChoosesTheSchema of a request.
func TestTheContentTypeChoosesTheSchema(t *testing.T) {
	v := shopOf(t, mediaPaths, mediaSchemas)
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct{ path, kind, body, want string }{
		{"/typed", "application/json", `{"n":1}`, ""},
		{"/typed", "application/json; charset=utf-8", `{"m":1}`, "request error body.required /n\nrequest info body.unknown-key /m"},
		{"/typed", "", `{"m":1}`, "request warn content-type.missing header:Content-Type\nrequest error body.required /n\nrequest info body.unknown-key /m"},
		{"/typed", "application/vnd.shop+json; version=1", `{"n":1}`, ""},
		{"/typed", "application/vnd.shop+json;version=2", `{"m":1}`, ""},
		{"/typed", "Application/VND.Shop+JSON; version=2", `{"n":1}`, "request error body.required /m\nrequest info body.unknown-key /n"},
		{"/typed", "application/vnd.shop+json; version=3", `{"m":1}`, ""}, // of application/*+json
		{"/typed", "application/vnd.other+json", `{"m":1}`, ""},
		{"/typed", "application/xml", `<n>1</n>`, ""}, // named when the contract is loaded
		{"/typed", "text/plain", "abc", ""},
		{"/typed", "text/plain", "abca", "request error body.max-length"},
		{"/typed", "text/plain", "{}", "request error body.pattern"},
		{"/typed", "image/png", `{"n":1}`, "request error content-type.unexpected header:Content-Type"},
		{"/typed", form, "n=3&on=true&tags=a&tags=b&sizes=1&choice=2&either=2.5&name=7", ""},
		{"/typed", form, "n=x&on=yes&sizes=1&sizes=2&sizes=z&choice=3&name=a&name=b", "request error body.enum /choice\nrequest error body.type /n\nrequest error body.type /on\n" +
			"request error body.max-items /sizes\nrequest error body.type /sizes/2\nrequest warn form.duplicate-key /name"},
		{"/typed", form, "n=1", "request error body.minimum /n"},
		{"/typed", form, "n=3&name=a;b;n=1&tags=;", ""}, // a semicolon is data
		{"/typed", form, "n=3;on=true", "request error body.type /n"},
		{"/any", "application/json", `{}`, "request error body.required /n"},
		{"/any", "text/plain", "hello", ""},
		{"/any", form, "n=1", ""},
		{"/any", form, "n=a", "request error body.type /n"},
		{"/binary", "application/cbor", "\xa1\x61\x6e\x01", ""},
		{"/binary", "application/cbor", "\x01", "request error body.min-length"},
		{"/files", "image/png", "\x00\xff", "request error body.pattern"},
		{"/files", "image/png", "aaaa", "request error body.max-length"},
		{"/files", "text/plain", "aa", "request error content-type.unexpected header:Content-Type"},
	} {
		e := sends(c.path, c.kind, c.body)
		e.Response.Header = http.Header{"Content-Type": {"application/json"}}
		e.Response.Body = traffic.NewBody([]byte(`{"n":1}`), 0) // where none is documented, nothing judges it
		if got := judged(v, e); got != c.want {
			t.Errorf("%s %s %s\n got %s\nwant %s", c.path, c.kind, c.body, got, c.want)
		}
	}
}

func TestTheContentTypeChoosesTheSchemaOfAnAnswer(t *testing.T) {
	v := shopOf(t, mediaPaths, mediaSchemas)
	for _, c := range []struct{ kind, body, want string }{
		{"application/json", `{"n":1}`, ""},
		{"application/json", `{"m":1}`, "response error body.required /n\nresponse info body.unknown-key /m"},
		{"application/vnd.shop.v2+json", `{"m":1}`, ""},
		{"application/vnd.shop.v2+json", `{"n":1}`, "response error body.required /m\nresponse info body.unknown-key /n"},
		{"text/csv", "a", ""},
		{"text/csv; charset=utf-8", "x,y,z", "response error body.max-length\nresponse error body.pattern"},
		{"text/html", "<p>", "response error content-type.unexpected header:Content-Type"},
	} {
		e := sends("/typed", "text/plain", "a")
		e.Response.Header = http.Header{"Content-Type": {c.kind}}
		e.Response.Body = traffic.NewBody([]byte(c.body), 0)
		if got := judged(v, e); got != c.want {
			t.Errorf("%s %s\n got %s\nwant %s", c.kind, c.body, got, c.want)
		}
	}
}

// TestNotJudgedIsNamed: what nobody reads stands in a list.
func TestNotJudgedIsNamed(t *testing.T) {
	schemas := maps.Clone(mediaSchemas)
	schemas["m"] = `"properties": {"m": {"$ref": "n.schema.json", "maxLength": 3, "description": "m"}, "f": {"type": "string", "format": "iban"}}`
	v := shopOf(t, mediaPaths+`  /parts: {post: {operationId: parts, requestBody: {content: {multipart/form-data: {schema: {$ref: ./schemas/form.schema.json}, encoding: {n: {contentType: text/plain, headers: {X-A: {schema: {type: string}}}}}},
    multipart/mixed: {schema: {$ref: ./schemas/form.schema.json}}, text/csv: {schema: {type: string}}}}, responses: {"200": {description: ok, content: {multipart/form-data: {schema: {$ref: ./schemas/form.schema.json}}}}}}}
`, schemas)
	want := []string{
		"bodies other than JSON and forms where any type is allowed (operations/any */*)",
		"bodies that are no JSON and whose schema stands in no file (operations/parts text/csv)",
		"bodies whose schema is that of an object or a list and whose text nobody reads (operations/typed application/xml)",
		"formats that nobody knows (iban)",
		"headers of parts (operations/parts n)",
		"keywords beside $ref, which draft-07 ignores (schemas/m.schema.json maxLength)",
		"parts of answers, and of multipart bodies other than multipart/form-data (operations/parts multipart/mixed and operations/parts 200 multipart/form-data)",
	}
	if got := strings.Join(v.Contract().NotJudged, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s", got)
	}
}
