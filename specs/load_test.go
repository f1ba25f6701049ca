package specs_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
)

const document = `openapi: 3.1.0
info: {title: Tiny, version: "1"}
x-parley:
  id: tiny
  sources:
    page: {title: A page}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}, x-evidence: documented}]
    post:
      operationId: put
      requestBody: {content: {application/json: {schema: {$ref: ./schemas/thing.schema.json}}}}
      responses: {"200": {description: done, x-evidence: assumed}}
`

const schema = `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "required": ["name"],
  "properties": {"name": {"type": "string", "x-evidence": "documented"}}
}`

// tiny is a whole contract, with some files replaced.
func tiny(changed map[string]string) fstest.MapFS {
	files := map[string]string{"openapi.yaml": document, "schemas/thing.schema.json": schema}
	maps.Copy(files, changed)
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return folder
}

func TestLoadMinimalFolder(t *testing.T) {
	c, err := specs.Load(tiny(nil), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	o := c.Operation("operations/put")
	if o == nil || o.Method != "POST" || o.Path != "/things/{id}" || o.Payload != "thing" {
		t.Fatalf("operation %+v", o)
	}
	if len(o.Parameters) != 1 || o.Parameters[0].Name != "id" || o.Responses[200].Evidence.Class != specs.Assumed {
		t.Errorf("operation %+v", o)
	}
	if c.Delivery.Attempts != 0 {
		t.Errorf("an undocumented number of attempts became %d", c.Delivery.Attempts)
	}
}

// OpenAPI's default documents every status that is not listed, a range those that are
// not listed by themselves.
func TestDefaultResponseIsOfAnyOtherStatus(t *testing.T) {
	for responses, want := range map[string]map[int]string{
		`{"200": {description: done}, default: {description: other}}`:                           {200: "done", 404: "other", 500: "other"},
		`{default: {description: whatever}}`:                                                    {200: "whatever", 599: "whatever"},
		`{"200": {description: done}, "404": {description: none}}`:                              {200: "done", 404: "none", 500: ""},
		`{"2XX": {description: done}, "404": {description: none}, "4XX": {description: wrong}}`: {200: "done", 299: "done", 404: "none", 422: "wrong", 500: ""},
		`{"4XX": {description: wrong}, default: {description: other}}`:                          {400: "wrong", 200: "other"},
	} {
		c, err := specs.Load(tiny(map[string]string{
			"openapi.yaml": strings.Replace(document, `{"200": {description: done, x-evidence: assumed}}`, responses, 1),
		}), "tiny")
		if err != nil {
			t.Fatal(err)
		}
		for status, description := range want {
			r, ok := c.Operation("operations/put").Response(status)
			if r.Description != description || ok != (description != "") {
				t.Errorf("%s: for %d got %v %+v, want %q", responses, status, ok, r, description)
			}
		}
	}
}

func TestBrokenContractsSayWhereAndWhatToDo(t *testing.T) {
	requirement := "- id: T-1\n  binds: partner\n  level: MUST\n  text: Be kind.\n  source: page#a\n  evidence: documented\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no document":       {map[string]string{"openapi.yaml": ""}, "tiny/openapi.yaml"},
		"YAML":              {map[string]string{"openapi.yaml": "openapi: 3.1.0\ninfo: {title: x\npaths: {}\n"}, "tiny/openapi.yaml:"},
		"no id":             {map[string]string{"openapi.yaml": strings.Replace(document, "id: tiny", "name: tiny", 1)}, "`x-parley.id` is missing"},
		"missing schema":    {map[string]string{"openapi.yaml": strings.Replace(document, "thing.schema", "thong.schema", 1)}, "tiny/openapi.yaml:12: "},
		"leaves the folder": {map[string]string{"openapi.yaml": strings.Replace(document, "./schemas/thing.schema.json", "https://example.org/a.json", 1)}, "leaves the contract's folder"},
		"no operationId":    {map[string]string{"openapi.yaml": strings.Replace(document, "operationId: put", "summary: put", 1)}, "POST /things/{id} has no operationId"},
		"schema syntax":     {map[string]string{"schemas/thing.schema.json": "{\n  \"type\": \"object\",\n}"}, "tiny/schemas/thing.schema.json:3: not valid JSON"},
		"draft":             {map[string]string{"schemas/thing.schema.json": strings.Replace(schema, "draft-07/schema#", "draft-04/schema#", 1)}, "tiny/schemas/thing.schema.json:2: `$schema` is"},
		"newer keyword":     {map[string]string{"schemas/thing.schema.json": strings.Replace(schema, `"type": "object"`, `"$defs": {}`, 1)}, `tiny/schemas/thing.schema.json:3: keyword "$defs" is not of JSON Schema draft-07`},
		"schema from afar":  {map[string]string{"schemas/thing.schema.json": strings.Replace(schema, `"type": "object"`, `"$ref": "https://example.org/x"`, 1)}, "leads to no schema of this contract"},
		"anchor":            {map[string]string{"schemas/thing.schema.json": strings.Replace(schema, `"type": "object"`, `"$ref": "#here"`, 1)}, "tiny/schemas/thing.schema.json:3: `$ref` \"#here\" leads to no schema in schemas/thing.schema.json; what stands behind # is a JSON pointer"},
		"sample syntax":     {map[string]string{"samples/thing/a.json": "{\"name\": “x”}"}, "tiny/samples/thing/a.json:1: not valid JSON"},
		"level":             {map[string]string{"requirements.yaml": strings.Replace(requirement, "MUST", "OUGHT", 1)}, "tiny/requirements.yaml:1: requirement T-1: `level` is \"OUGHT\""},
		"twice":             {map[string]string{"requirements.yaml": requirement + requirement}, "tiny/requirements.yaml:7: requirement T-1 stands already in line 1"},
		"two documents":     {map[string]string{"requirements.yaml": requirement + "---\n" + requirement}, "tiny/requirements.yaml:7: a second YAML document begins here"},
		"unknown source":    {map[string]string{"requirements.yaml": strings.Replace(requirement, "page#a", "book#a", 1)}, `source "book" is not listed`},
		"unknown key":       {map[string]string{"requirements.yaml": requirement + "  colour: red\n"}, "tiny/requirements.yaml:7: field colour not found"},
		"default":           {map[string]string{"readings.yaml": "- id: R-1\n  question: Which?\n  options: {a: A, b: B}\n  default: c\n"}, "tiny/readings.yaml:1: reading R-1: default \"c\" is none of its options (a, b)"},
		"patch":             {map[string]string{"readings.yaml": "- id: R-1\n  question: Which?\n  options: {a: {text: A, patches: [{payload: none, patch: {}}]}}\n  default: a\n"}, `tiny/readings.yaml:1: reading R-1 patches payload "none"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := specs.Load(tiny(c.files), "tiny")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestReadingsPatchSchemas(t *testing.T) {
	readings := `
- id: R-1
  question: Is there a size?
  options:
    no: {text: There is none.}
    yes: {text: There is., patches: [{payload: thing, patch: {required: [name, size], properties: {size: {type: integer}}}}]}
  default: no
`
	readings = strings.NewReplacer("no:", "none:", "yes:", "some:", "default: no", "default: none").Replace(readings)
	c, err := specs.Load(tiny(map[string]string{"readings.yaml": readings}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.Fields("thing")); got != 1 {
		t.Fatalf("%d fields under the default", got)
	}
	switched, err := c.WithReadings(map[string]string{"R-1": "some"})
	if err != nil {
		t.Fatal(err)
	}
	fields := switched.Fields("thing")
	if len(fields) != 2 || fields[1].Pointer != "/size" || !fields[1].Required {
		t.Errorf("fields %+v", fields)
	}
	if len(c.Fields("thing")) != 1 {
		t.Error("switching changed the contract it came from")
	}
}

// TestAReferenceOfAPatchThatLeadsNowhere is found by the validator; reading the
// fields must survive it.
func TestAReferenceOfAPatchThatLeadsNowhere(t *testing.T) {
	readings := "- id: R-1\n  question: Is there a size?\n  default: some\n  options:\n" +
		"    some: {text: There is., patches: [{payload: thing, patch: {properties: {size: {$ref: ./none.schema.json}}}}]}\n"
	c, err := specs.Load(tiny(map[string]string{"readings.yaml": readings}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	if fields := c.Fields("thing"); len(fields) != 2 || fields[1].Type != "any" {
		t.Errorf("fields %+v", fields)
	}
}

func TestAnswersAreListedWithTheirRanges(t *testing.T) {
	c, err := specs.Load(tiny(map[string]string{
		"openapi.yaml": strings.Replace(document, `{"200": {description: done, x-evidence: assumed}}`,
			`{default: {description: a}, "5XX": {description: b}, "404": {description: c}, "4XX": {description: d}, "201": {description: e}}`, 1),
	}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	o := c.Operation("operations/put")
	if got := o.StatusText(); got != "201, 404, 4XX, 5XX" {
		t.Errorf("answers %s", got)
	}
	if got := o.Statuses(); !slices.Equal(got, []int{201, 404}) || o.Success() != 201 {
		t.Errorf("statuses %v, success %d", got, o.Success())
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}
