package independent

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// suiteModule has the files of JSON-Schema-Test-Suite, which is no Go module itself, as
// its own test data; sum is the hash of what was read when the lists were written.
const (
	suiteModule = "github.com/kaptinlin/jsonschema@v0.9.3"
	suiteSum    = "h1:uDVd3w4aXwO0tbycblKYvFofhl3hVuE31vOl5JkDXI0="
)

// suite returns the folder of the suite's tests. Without a network it skips the test,
// except where CI runs.
func suite(t *testing.T) string {
	t.Helper()
	download := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", suiteModule)
	download.Dir = t.TempDir() // so that go.mod and go.sum stay as they are
	out, err := download.Output()
	var module struct{ Dir, Sum, Error string }
	err = errors.Join(err, json.Unmarshal(out, &module))
	if err != nil || module.Error != "" {
		missing := "JSON-Schema-Test-Suite was not run: " + suiteModule + " has it, and cannot be downloaded: " + module.Error
		if os.Getenv("CI") == "true" {
			t.Fatal(missing, err)
		}
		t.Skip(missing)
	}
	if module.Sum != suiteSum {
		t.Fatalf("%s has the hash %s, and not %s", suiteModule, module.Sum, suiteSum)
	}
	return filepath.Join(module.Dir, "testdata", "JSON-Schema-Test-Suite", "tests")
}

// suiteGroup is a schema of the suite with bodies.
type suiteGroup struct {
	Description string
	Schema      json.RawMessage
	Tests       []struct {
		Description string
		Data        json.RawMessage
		Valid       bool
	}
}

// TestJSONSchemaTestSuite judges by each required test of the suite, as a user's schema
// is judged: by a file of a contract's folder, or by one beside an OpenAPI document. What
// is judged otherwise than the suite demands stands in a list, with the reason.
func TestJSONSchemaTestSuite(t *testing.T) {
	tests := suite(t)
	for _, way := range []struct {
		name, draft string
		load        func(schema json.RawMessage) (*specs.Contract, error)
		otherwise   map[string]string
	}{
		{"draft-07 in a folder", "draft7", inFolder("http://json-schema.org/draft-07/schema#"), otherwiseDraft7},
		{"2020-12 in a folder", "draft2020-12", inFolder(specs.NewerURI), otherwise2020},
		{"2020-12 beside a document", "draft2020-12", besideDocument, otherwiseDocument},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(tests, way.draft, "*.json"))
			if err != nil || len(files) < 30 {
				t.Fatalf("%d files, %v", len(files), err)
			}
			used, judged := map[string]bool{}, 0
			for _, file := range files {
				data, err := os.ReadFile(file)
				var groups []suiteGroup
				if err := errors.Join(err, json.Unmarshal(data, &groups)); err != nil {
					t.Fatal(err)
				}
				for _, g := range groups {
					judged += len(g.Tests)
					g.run(t, filepath.Base(file), way.load, way.otherwise, used)
				}
			}
			for key := range maps.Keys(way.otherwise) {
				if !used[key] {
					t.Errorf("judged as the suite demands, or not there: take %q out of the list", key)
				}
			}
			t.Logf("%d tests, of which %d groups and tests are judged otherwise, for reasons", judged, len(way.otherwise))
		})
	}
}

// run judges the bodies of a group. A listed group, or test, must differ.
func (g suiteGroup) run(t *testing.T, file string, load func(json.RawMessage) (*specs.Contract, error), otherwise map[string]string, used map[string]bool) {
	t.Helper()
	group := strings.TrimSuffix(file, ".json") + ": " + g.Description
	v, err := validatorOf(load, g.Schema)
	if err != nil {
		if otherwise[group] == "" {
			t.Errorf("%q is refused: %v\n%s", group, err, g.Schema)
		}
		used[group] = true
		return
	}
	for _, test := range g.Tests {
		key := group + ": " + test.Description
		found := v.Payload(suitePayload(v), validator.Decode(test.Data))
		valid := !slices.ContainsFunc(found, func(f traffic.Finding) bool {
			return f.Severity.AtLeast(traffic.Error) || f.Severity == traffic.Warn && ofSchemas(f)
		})
		switch {
		case valid == test.Valid:
		case otherwise[key] != "":
			used[key] = true
		case otherwise[group] != "":
			used[group] = true
		default:
			t.Errorf("%q: valid is %t, must be %t\n%s\n%s\n%v", key, valid, test.Valid, g.Schema, test.Data, found)
		}
	}
}

func validatorOf(load func(json.RawMessage) (*specs.Contract, error), schema json.RawMessage) (*validator.Validator, error) {
	c, err := load(schema)
	if err != nil {
		return nil, err
	}
	return validator.New(c)
}

// suitePayload is the name of the body's payload.
func suitePayload(v *validator.Validator) string { return v.Contract().Operations[0].Payload }

const suiteFolder = `openapi: 3.1.0
info: {title: Suite, version: "1"}
x-parley: {id: suite, name: Suite}
paths:
  /one:
    post:
      operationId: one
      requestBody: {content: {application/json: {schema: {$ref: ./schemas/operations/one.schema.json}}}}
      responses: {"200": {description: Done}}
`

// inFolder gives a schema to a contract's folder, whose files say of which draft they are.
func inFolder(draft string) func(json.RawMessage) (*specs.Contract, error) {
	return func(schema json.RawMessage) (*specs.Contract, error) {
		var object map[string]json.RawMessage
		if json.Unmarshal(schema, &object) != nil { // true or false
			object = map[string]json.RawMessage{"allOf": json.RawMessage("[" + string(schema) + "]")}
		}
		if object["$schema"] == nil {
			object["$schema"] = json.RawMessage(strconv.Quote(draft))
		}
		data, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		return specs.Load(fstest.MapFS{
			"openapi.yaml":                       {Data: []byte(suiteFolder)},
			"schemas/operations/one.schema.json": {Data: data},
		}, "suite")
	}
}

// besideDocument gives it to an OpenAPI document, as a file beside it.
func besideDocument(schema json.RawMessage) (*specs.Contract, error) {
	folder, err := openapi.Folder(fstest.MapFS{
		"suite.yaml": {Data: []byte(strings.Replace(suiteFolder, "./schemas/operations/one.schema.json", "./one.json", 1))},
		"one.json":   {Data: schema},
	}, "suite.yaml", "suite.yaml")
	if err != nil {
		return nil, err
	}
	return specs.Load(folder, "suite")
}
