package independent

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

const uploads = `openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /uploads:
    post:
      operationId: upload
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [picture]
              properties:
                picture: {type: string, format: binary}
                count: {type: integer, minimum: 1}
                on: {type: boolean}
                title: {type: string, maxLength: 5}
                tags: {type: array, items: {type: string}}
                meta: {type: object, required: [a], properties: {a: {type: string}}}
              additionalProperties: false
            encoding: {meta: {contentType: application/json}}
      responses: {200: {description: taken}}
`

// field is a part as people give it to what writes bodies.
type field struct {
	Name string `json:"name"`
	Text string `json:"text"`
	File string `json:"file"` // its file name; "" for none
	Type string `json:"type"` // its content type; "" for that of the writer
}

var picture = field{"picture", "\x7fPNG\r\n--\x01", "ü \"a\".png", "image/png"}

// uploaded are fields with what must be found in them.
var uploaded = []struct {
	fields []field
	finds  string
}{
	{[]field{picture}, ""},
	{[]field{picture, {Name: "count", Text: "2"}, {Name: "on", Text: "true"}, {Name: "title", Text: "Grüße"}}, ""},
	{[]field{picture, {Name: "count", Text: "two"}}, "body.type /count"},
	{[]field{picture, {Name: "count", Text: "0"}}, "body.minimum /count"},
	{[]field{picture, {Name: "on", Text: "yes"}}, "body.type /on"},
	{[]field{picture, {Name: "title", Text: "longer"}}, "body.max-length /title"},
	{[]field{picture, {Name: "tags", Text: "a"}, {Name: "tags", Text: "b"}}, ""},
	{[]field{picture, {Name: "meta", Text: `{"a":"x; y"}`, Type: "application/json"}}, ""},
	{[]field{picture, {Name: "meta", Text: `{"a":7}`, Type: "application/json"}}, "body.type /meta/a"},
	{[]field{picture, {Name: "meta", Text: `{"a":`, Type: "application/json"}}, "json.syntax /meta"},
	{[]field{{Name: "count", Text: "2"}}, "body.required /picture"},
	{[]field{picture, {Name: "other", Text: "x"}}, "body.additional-key /other"},
}

// body is one that somebody wrote.
type body struct {
	Type string `json:"type"`
	Body []byte `json:"body"`
}

// TestWritersOfParts: what curl, undici and Go write of the same fields is judged alike,
// and as the OpenAPI validator judges it.
func TestWritersOfParts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shop.yaml")
	if err := os.WriteFile(file, []byte(uploads), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := openapi.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData([]byte(uploads))
	if err != nil {
		t.Fatal(err)
	}
	byUndici := byNode(t)
	for i, u := range uploaded {
		writers := map[string]body{"Go": byGo(t, u.fields)}
		if byUndici != nil {
			writers["undici"] = byUndici[i]
		}
		if found(t, "curl") {
			writers["curl"] = byCurl(t, u.fields)
		}
		for writer, b := range writers {
			e := &traffic.Exchange{
				Caller:   traffic.Partner,
				Request:  traffic.Request{Method: "POST", URL: "/uploads", Header: http.Header{"Content-Type": {b.Type}}, Body: traffic.NewBody(b.Body, 0)},
				Response: &traffic.Response{Status: 200},
			}
			v.Exchange(e)
			var lines []string
			for _, f := range e.Findings {
				lines = append(lines, f.Code+" "+f.Pointer)
			}
			if got := strings.Join(lines, "\n"); got != u.finds {
				t.Errorf("%v by %s: found %s, want %s in\n%s", u.fields, writer, got, u.finds, b.Body)
			}
			if theirs := partsByDocument(t, document, b); (theirs == nil) != (u.finds == "") {
				t.Errorf("%v by %s: the OpenAPI validator says %v", u.fields, writer, theirs)
			}
		}
	}
}

func partsByDocument(t *testing.T, document *openapi3.T, b body) error {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/uploads", bytes.NewReader(b.Body))
	request.Header.Set("Content-Type", b.Type)
	item := document.Paths.Value("/uploads")
	return openapi3filter.ValidateRequestBody(t.Context(), &openapi3filter.RequestValidationInput{
		Request: request, Route: &routers.Route{Spec: document, Path: "/uploads", PathItem: item, Method: http.MethodPost, Operation: item.Post},
	}, item.Post.RequestBody.Value)
}

// found reports whether a program is there; where everything must be, it is.
func found(t *testing.T, program string) bool {
	t.Helper()
	_, err := exec.LookPath(program)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	return err == nil
}

// byNode are all bodies as Node writes them; nil without Node.
func byNode(t *testing.T) []body {
	t.Helper()
	if !found(t, "node") {
		return nil
	}
	var forms [][]field
	for _, u := range uploaded {
		forms = append(forms, u.fields)
	}
	return nodetest.Through[body](t, forms, "parts.mjs")
}

func byGo(t *testing.T, fields []field) body {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for _, f := range fields {
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", f.Name)}}
		if f.File != "" {
			header.Set("Content-Disposition", multipart.FileContentDisposition(f.Name, f.File))
		}
		if f.Type != "" {
			header.Set("Content-Type", f.Type)
		}
		part, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, f.Text)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return body{w.FormDataContentType(), out.Bytes()}
}

// byCurl has curl send the fields to a server, which keeps what comes.
func byCurl(t *testing.T, fields []field) (got body) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got.Type = r.Header.Get("Content-Type")
		got.Body, _ = io.ReadAll(r.Body)
	}))
	args := []string{"-sS", server.URL}
	for i, f := range fields {
		content := filepath.Join(t.TempDir(), fmt.Sprint(i))
		if err := os.WriteFile(content, []byte(f.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		text := f.Name + "=<" + content
		if f.File != "" {
			text = f.Name + "=@" + content + `;filename="` + strings.ReplaceAll(f.File, `"`, `\"`) + `"`
		}
		if f.Type != "" {
			text += ";type=" + f.Type
		}
		args = append(args, "-F", text)
	}
	out, err := exec.CommandContext(t.Context(), "curl", args...).CombinedOutput()
	server.Close() // what it was told is there
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return got
}
