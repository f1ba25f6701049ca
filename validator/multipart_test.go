package validator

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

const partPaths = `paths:
  /files: {post: {operationId: files, requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: ./schemas/upload.schema.json},
    encoding: {picture: {contentType: "image/png, image/jpeg"}, note: {contentType: application/json}, any: {contentType: "text/*"}}}}},
    responses: {"200": {description: ok}}}}
  /closed: {post: {operationId: closed, requestBody: {content: {multipart/form-data: {schema: {$ref: ./schemas/closed.schema.json}}}}, responses: {"200": {description: ok}}}}
  /assumed: {post: {operationId: assumed, requestBody: {content: {multipart/form-data: {x-evidence: assumed, schema: {$ref: ./schemas/closed.schema.json}, encoding: {a: {contentType: image/png}}}}},
    responses: {"200": {description: ok}}}}
  /mixed: {post: {operationId: mixed, requestBody: {content: {multipart/mixed: {schema: {$ref: ./schemas/closed.schema.json}}}}, responses: {"200": {description: ok}}}}
  /json: {post: {operationId: json, requestBody: {content: {application/json: {schema: {$ref: ./schemas/closed.schema.json}}}}, responses: {"200": {description: ok}}}}
`

var partSchemas = map[string]string{
	"upload": `"type": "object", "required": ["file", "count"], "properties": {
		"file": {"type": "string", "format": "binary", "maxLength": 5},
		"count": {"type": "integer", "minimum": 1},
		"on": {"type": "boolean"},
		"tags": {"type": "array", "items": {"type": "string"}},
		"sizes": {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
		"meta": {"$ref": "meta.schema.json"},
		"metas": {"type": "array", "items": {"$ref": "meta.schema.json"}},
		"files": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 2},
		"picture": {"type": "string", "contentMediaType": "image/png"},
		"note": {"type": "string"}, "any": {"type": "string", "maxLength": 3}, "key": {"type": "string", "format": "byte"}}`,
	"meta":   `"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}`,
	"closed": `"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string"}}`,
}

// multipartOf is a multipart/form-data body as Go writes one, of parts such as
// "name", "name;type" or "name@file;type", each with its text behind "=".
func multipartOf(t *testing.T, parts ...string) (kind, body string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for _, text := range parts {
		head, text, _ := strings.Cut(text, "=")
		head, kind, _ := strings.Cut(head, ";")
		name, file, isFile := strings.Cut(head, "@")
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", name)}}
		if isFile {
			header.Set("Content-Disposition", fmt.Sprintf("form-data; name=%q; filename=%q", name, file))
		}
		if kind != "" {
			header.Set("Content-Type", kind)
		}
		part, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), out.String()
}

func TestPartsAreJudgedByTheirProperties(t *testing.T) {
	v := shopOf(t, partPaths, partSchemas)
	for _, c := range []struct {
		path  string
		parts []string
		want  string
	}{
		{"/files", []string{"file@a.bin;application/octet-stream=\x00\xff", "count=2"}, ""},
		{"/files", []string{"file=ab", "count=2"}, ""}, // bytes, with a file name or without
		{"/files", []string{"file@a=1234567", "count=2"}, "request error body.max-length /file"},
		{"/files", []string{"file@a=1", "count=x"}, "request error body.type /count"},
		{"/files", []string{"file@a=1", "count=0"}, "request error body.minimum /count"},
		{"/files", []string{"count=1"}, "request error body.required /file"},
		{"/files", []string{"file@a=1"}, "request error body.required /count"},
		{"/files", []string{"file@a=1", "count=1", "count=2"}, "request warn form.duplicate-key /count"},
		{"/files", []string{"file@a=1", "count=1", "on=true", "tags=a", "tags=b", "sizes=1"}, ""},
		{"/files", []string{"file@a=1", "count=1", "on=yes", "sizes=1", "sizes=z", "sizes=3"}, "request error body.type /on\nrequest error body.max-items /sizes\nrequest error body.type /sizes/1"},
		{"/files", []string{"file@a=1", "count=1", `tags=["a"]`, `sizes=[1,2]`}, ""}, // a text that looks like a list is one tag
		{"/files", []string{"file@a=1", "count=1", `tags;application/json=["a",7]`, `sizes=[1,"2"]`}, "request error body.type /sizes/1\nrequest error body.type /tags/1"},
		{"/files", []string{"file@a=1", "count=1", `meta={"a":1}`, `metas={"a":1}`, `metas={"a":2}`}, ""},
		{"/files", []string{"file@a=1", "count=1", `meta;application/json={"a":"1"}`, `metas=[{"a":1},{}]`}, "request error body.required /metas/1/a\nrequest error body.type /meta/a"},
		{"/files", []string{"file@a=1", "count=1", `meta={"a":1,"a":2`}, "request error json.duplicate-key /meta/a\nrequest error json.syntax /meta"},
		{"/files", []string{"file@a=1", "count=1", `meta=hello`, `metas=`}, "request error json.empty /metas/0\nrequest error json.syntax /meta"},
		{"/files", []string{"file@a=1", "count=1", "files@a=1", "files@b=2"}, ""},
		{"/files", []string{"file@a=1", "count=1", "files@a=1"}, "request error body.min-items /files"},
		{"/files", []string{"file@a=1", "count=1", "picture@p.png;image/png=\x89PNG", `note;application/json="x"`, "any=abc", "key=?"}, ""},
		{"/files", []string{"file@a=1", "count=1", "picture@p.gif;image/gif=GIF", "note=x", "any=abcd"}, "request error body.max-length /any\nrequest error multipart.content-type /picture\nrequest warn multipart.content-type /note\nrequest error json.syntax /note"},
		{"/files", []string{"file@a=1", "count=1", "picture=x", "other=y"}, "request warn multipart.content-type /picture\nrequest info body.unknown-key /other"},
		{"/files", []string{"file@a=[redacted]", "count=[redacted]", "meta=[redacted]"}, ""}, // as recordings have them
		{"/closed", []string{"a=x"}, ""},
		{"/closed", []string{"b=x", "c;application/json={"}, "request error body.additional-key /b\nrequest error body.additional-key /c\nrequest error json.syntax /c"},
		{"/assumed", []string{"a;image/gif=x"}, "request warn multipart.content-type /a"},
		{"/json", []string{"b=x"}, "request error content-type.unexpected header:Content-Type"},
	} {
		kind, body := multipartOf(t, c.parts...)
		if got := judged(v, sends(c.path, kind, body)); sortedLines(got) != sortedLines(c.want) {
			t.Errorf("%s %q\n got %s\nwant %s", c.path, c.parts, got, c.want)
		}
	}
}

// TestPartsThatCannotBeRead: what is wrong with the body as a whole.
func TestPartsThatCannotBeRead(t *testing.T) {
	v := shopOf(t, partPaths, partSchemas)
	const kind = "multipart/form-data; boundary=b"
	const one = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
	for _, c := range []struct{ path, kind, body, want string }{
		{"/closed", kind, one + "--b--", ""},
		{"/closed", kind, one + "--b\r\n\r\nx\r\n--b--", "request error multipart.name"},
		{"/closed", kind, one + "--b\r\nContent-Disposition: attachment; name=\"b\"\r\n\r\nx\r\n--b--", "request error multipart.name"},
		{"/closed", kind, one, "request error multipart.syntax"},
		{"/closed", kind, one + "--b\r\nContent-Dispo", "request error multipart.syntax"},
		{"/closed", kind, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nx\r\n--b--", "request error multipart.syntax"},
		{"/closed", "multipart/form-data", one + "--b--", "request error content-type.boundary header:Content-Type"},
		{"/closed", "multipart/form-data; boundary=c", one + "--b--", "request error multipart.syntax"},
		{"/closed", "multipart/mixed; boundary=b", one, "request error content-type.unexpected header:Content-Type\nrequest error multipart.syntax"},
		{"/closed", kind, "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/json\r\n\r\nMQ==\r\n--b--", "request error body.type /a"},
		{"/mixed", "multipart/mixed; boundary=b", "--b\r\n\r\nx\r\n--b--", ""}, // named when the contract is loaded
	} {
		if got := judged(v, sends(c.path, c.kind, c.body)); sortedLines(got) != sortedLines(c.want) {
			t.Errorf("%s %q\n got %s\nwant %s", c.kind, c.body, got, c.want)
		}
	}
	e := sends("/closed", kind, one)
	e.Request.Body = traffic.Body{Kept: []byte(one), Size: 1000}
	if got := judged(v, e); got != "request info body.cut" {
		t.Errorf("a body of which less was kept: %s", got)
	}
}

func sortedLines(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// FuzzMultipart: whatever stands in a body, judging it ends, and each finding names a part.
func FuzzMultipart(f *testing.F) {
	for _, text := range []string{
		"--b\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{\"a\":1}\r\n--b--", "--b\n\n", "--b--", "--b\r\nContent-Disposition: form-data; name=sizes\r\n\r\n[1]\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\xff\"\r\nContent-Transfer-Encoding: base64\r\n\r\n?\r\n--b--",
	} {
		f.Add([]byte(text))
	}
	v := shopOf(f, partPaths, partSchemas)
	f.Fuzz(func(t *testing.T, body []byte) {
		e := sends("/files", "multipart/form-data; boundary=b", string(body))
		v.Exchange(e)
		for _, found := range e.Findings {
			if found.Severity == "" || found.Line != 0 {
				t.Errorf("%q: %+v", body, found)
			}
		}
		if d := DecodeMultipart("b", body); d.Valid != (d.Value() != nil) || !d.Valid && len(d.Findings) == 0 {
			t.Errorf("%q: valid %v, %v, %v", body, d.Valid, d.Value(), d.Findings)
		}
	})
}
