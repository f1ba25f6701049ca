package specs_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
)

// folderOf is a contract's folder with one payload, whose document and further files
// are given.
func folderOf(document string, further map[string]string) fstest.MapFS {
	folder := fstest.MapFS{
		"openapi.yaml":                  {Data: []byte(document)},
		"schemas/answers/a.schema.json": {Data: []byte(`{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}`)},
	}
	for name, text := range further {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return folder
}

const begin = "openapi: 3.1.0\ninfo: {title: Shop, version: 1.0}\nx-parley: {id: shop}\npaths:\n"

const answered = `responses: {200: {description: An answer., content: {application/json: {schema: {$ref: ./schemas/answers/a.schema.json}}}}}`

// TestHowPeopleWrite: what YAML lets people write, and what tools write, is read.
func TestHowPeopleWrite(t *testing.T) {
	for name, folder := range map[string]fstest.MapFS{
		"statuses and a version without quotes": folderOf(begin+"  /a:\n    get:\n      operationId: getA\n      "+answered+"\n", nil),
		"a byte order mark": folderOf("\xef\xbb\xbf"+begin+"  /a: {get: {operationId: getA, "+answered+"}}\n", map[string]string{
			"schemas/answers/a.schema.json": "\xef\xbb\xbf" + `{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}`,
		}),
		"lines that end as on Windows": folderOf(strings.ReplaceAll(begin+"  /a: {get: {operationId: getA, "+answered+"}}\n", "\n", "\r\n"), nil),
		"paths in files of their own": folderOf(begin+"  /a: {$ref: ./paths/a.yaml}\n", map[string]string{
			"paths/a.yaml": "get:\n  operationId: getA\n  " + strings.ReplaceAll(answered, "./schemas", "../schemas") + "\n",
		}),
		"path items as components": folderOf(begin+"  /a: {$ref: '#/components/pathItems/A'}\ncomponents: {pathItems: {A: {get: {operationId: getA, "+answered+"}}}}\n", nil),
		"merge keys":               folderOf(begin+"  /a: {get: &a {operationId: getA, "+answered+"}, put: {<<: *a, operationId: putA}}\n", nil),
	} {
		c, err := specs.Load(folder, "shop")
		if err == nil {
			err = c.Validate()
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if o := c.Operation("operations/getA"); o == nil || o.Responses[200].Payload != "answers/a" {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// TestWhatIsWrongHasALine: what can't be read is told with its line and what to do.
func TestWhatIsWrongHasALine(t *testing.T) {
	for says, document := range map[string]string{
		`shop/openapi.yaml:5: invalid paths: operations "GET /a" and "GET /b" have the same operation id`: begin + "  /a: {get: {operationId: a, " + answered + "}}\n  /b: {get: {operationId: a, " + answered + "}}\n",
		"shop/openapi.yaml:5: invalid paths: invalid path /a: invalid operation GET: a short description": begin + "  /a: {get: {operationId: a, responses: {200: {}}}}\n",
		"YAML takes no tab before a key: indent with spaces":                                              begin + "  /a:\n\tget: {}\n",
		`conflicting paths "/a/{name}" and "/a/{id}"`: begin + "  /a/{id}: {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {type: string}}], " + answered + "}}\n" +
			"  /a/{name}: {put: {operationId: b, parameters: [{name: name, in: path, required: true, schema: {type: string}}], " + answered + "}}\n",
		"shop/openapi.yaml:5: invalid paths: operation GET /a/{id} must define exactly all path parameters (missing: [id])": begin + "  /a/{id}: {get: {operationId: a, " + answered + "}}\n",
	} {
		c, err := specs.Load(folderOf(document, nil), "shop")
		if err == nil {
			err = c.Validate()
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
