package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
)

const inMedia = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop}
paths: {}
webhooks:
  form: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: ./schemas/form.schema.json},
    encoding: {deep: {style: deepObject}, comma: {style: form, explode: false}}}}}, responses: {"200": {description: taken}}}}
  written: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: ./schemas/written.schema.json}}}}, responses: {"200": {description: taken}}}}
  parts: {post: {requestBody: {content: {multipart/form-data: {schema: {$ref: ./schemas/parts.schema.json}, encoding: {file: {contentType: image/png}}}}}, responses: {"200": {description: taken}}}}
  text: {post: {requestBody: {content: {text/plain: {schema: {$ref: ./schemas/text.schema.json}}}}, responses: {"200": {description: taken}}}}
  made: {post: {requestBody: {content: {text/plain: {schema: {$ref: ./schemas/made.schema.json}}}}, responses: {"200": {description: taken}}}}
  both: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: ./schemas/made.schema.json}}, application/vnd.shop+json: {schema: {$ref: ./schemas/both.schema.json}}}}, responses: {"200": {description: taken}}}}
  xml: {post: {requestBody: {content: {application/xml: {schema: {$ref: ./schemas/both.schema.json}}}}, responses: {"200": {description: taken}}}}
`

// TestAnEventIsWrittenInItsContentType, or is not sent.
func TestAnEventIsWrittenInItsContentType(t *testing.T) {
	folder := fstest.MapFS{"openapi.yaml": {Data: []byte(inMedia)}}
	for name, text := range map[string]string{
		"schemas/form.schema.json": `"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "n": {"type": "integer"}, "list": {"type": "array", "items": {"type": "string"}}, "inside": {"type": "object"},
			"deep": {"type": "object", "properties": {"x": {"type": "array", "items": {"type": "integer"}}}}, "comma": {"type": "array", "items": {"type": "integer"}}}`,
		"schemas/written.schema.json": `"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "d": {"type": "integer"}}`,
		"schemas/parts.schema.json":   `"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "meta": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}, "file": {"type": "string", "format": "binary"}}`,
		"schemas/text.schema.json":    `"type": "string", "maxLength": 12`,
		"schemas/made.schema.json":    `"const": "ready"`,
		"schemas/both.schema.json":    `"type": "object", "required": ["n"], "properties": {"n": {"const": 1}}`,
	} {
		folder[name] = &fstest.MapFile{Data: []byte(`{"$schema": "http://json-schema.org/draft-07/schema#", ` + text + "}")}
	}
	for name, text := range map[string]string{
		"form": `{"a": "b c;d", "n": 7, "list": ["x", "y"], "inside": {"k": 1}, "deep": {"x": [1, 2]}, "comma": [1, 2], "none": null}`, "written": `"a=b+c&d=1"`,
		"parts": `{"a": "b", "meta": {"n": 1}, "file": "PNG"}`, "text": `"Hello there"`,
	} {
		folder["samples/"+name+"/example.json"] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := specs.Load(folder, "shop")
	if err != nil {
		t.Fatal(err)
	}
	var kind, body string
	partner := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		kind, body = r.Header.Get("Content-Type"), string(text)
	}))
	defer partner.Close()
	mock, err := mockserver.New(mockserver.Options{Channels: []mockserver.Channel{{Vendor: "shop", ID: "one", URL: partner.URL}}}, mockserver.Vendor{Contract: c})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close(t.Context())
	const form = "application/x-www-form-urlencoded"
	for _, row := range []struct {
		event      string
		set        map[string]any
		kind, body string
	}{
		{"form", nil, form, "a=b+c%3Bd&comma=1%2C2&deep%5Bx%5D%5B0%5D=1&deep%5Bx%5D%5B1%5D=2&inside=%7B%22k%22%3A1%7D&list=x&list=y&n=7"},
		{"written", map[string]any{"d": 2}, form, "a=b+c&d=2"},
		{"parts", nil, "multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n" +
			"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n" +
			"--B\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"n\":1}\r\n--B--\r\n"},
		{"text", nil, "text/plain", "Hello there"},
		{"made", nil, "text/plain", "ready"},
		{"both", nil, "application/vnd.shop+json", `{"n":1}`},
	} {
		kind, body = "", ""
		d, err := mock.Sandbox().Send(t.Context(), mockserver.SendRequest{Event: row.event, Set: row.set, Wait: true})
		if err != nil || d.State != outbox.Delivered {
			t.Errorf("%s: %+v, %v", row.event, d, err)
		}
		if draft, err := mock.Sandbox().DryRun(mockserver.SendRequest{Event: row.event, Set: row.set}); err != nil || !json.Valid(draft.Body) || !json.Valid(d.Body) || len(draft.Findings) > 0 {
			t.Errorf("%s would be %+v, %v", row.event, draft, err)
		}
		if _, boundary, ok := strings.Cut(kind, "boundary="); ok {
			kind, body = strings.ReplaceAll(kind, boundary, "B"), strings.ReplaceAll(body, boundary, "B")
		}
		if kind != row.kind || body != row.body {
			t.Errorf("%s: %s\n got %q\nwant %q", row.event, kind, body, row.body)
		}
	}
	for _, e := range mock.Sandbox().Journal().Find(nil) {
		if len(e.Findings) > 0 {
			t.Errorf("%s: %+v", e.Operation, e.Findings)
		}
	}
	for _, row := range []struct {
		request mockserver.SendRequest
		says    string
	}{
		{mockserver.SendRequest{Event: "xml"}, "events/xml is sent as application/xml, and a mock writes JSON, forms, multipart/form-data and text only"},
		{mockserver.SendRequest{Event: "xml", Broken: true, Body: map[string]any{"n": 1}}, "application/xml"},
		{mockserver.SendRequest{Event: "form", Body: map[string]any{"n": 1}}, "body.required"},
		{mockserver.SendRequest{Event: "parts", Body: map[string]any{"a": "b", "meta": map[string]any{"n": "x"}}}, "body.type"},
		{mockserver.SendRequest{Event: "text", Body: map[string]any{"": "far too long for it"}}, "body.max-length"},
		{mockserver.SendRequest{Event: "text", Body: map[string]any{"a": "b"}}, `its body is {"": "the text"}`},
	} {
		kind = ""
		if _, err := mock.Sandbox().Send(t.Context(), row.request); err == nil || !strings.Contains(err.Error(), row.says) || kind != "" {
			t.Errorf("%+v: %v, and %q was sent", row.request, err, kind)
		}
	}
}
