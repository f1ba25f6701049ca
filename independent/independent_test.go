package independent

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// verdict is what a judge says of a body.
type verdict struct {
	Valid bool   `json:"valid"`
	Why   string `json:"why"`
	Skip  bool   `json:"skip"` // it can't judge that
}

// shipped are the contracts that Parley ships, each loaded once for all tests.
var shipped sync.Map

func embedded(t *testing.T, id string) (*specs.Contract, *validator.Validator) {
	t.Helper()
	loaded, _ := shipped.LoadOrStore(id, sync.OnceValue(func() *specs.Contract { return specstest.Contract(t, id) }))
	c := loaded.(func() *specs.Contract)()
	return c, validatorFor(t, c)
}

// validators make those of the contracts that a test has judged by, each once: to make one
// costs a second where a document is large.
var validators sync.Map

func validatorFor(t *testing.T, c *specs.Contract) *validator.Validator {
	t.Helper()
	made, _ := validators.LoadOrStore(c, sync.OnceValues(func() (*validator.Validator, error) { return validator.New(c) }))
	v, err := made.(func() (*validator.Validator, error))()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// ours judges with Parley's validator.
func ours(t *testing.T, c *specs.Contract, faults []fault) []verdict {
	t.Helper()
	v := validatorFor(t, c)
	verdicts := make([]verdict, len(faults))
	for i, f := range faults {
		verdicts[i].Valid = true
		for _, found := range findings(t, v, f) {
			if found.Severity.AtLeast(traffic.Error) || found.Severity == traffic.Warn && ofSchemas(found) {
				verdicts[i].Valid = false
				verdicts[i].Why += found.String() + "; "
			}
		}
	}
	return verdicts
}

// ofSchemas is true for findings that any judge of the schemas has too, however grave
// the contract makes them.
func ofSchemas(f traffic.Finding) bool {
	return strings.HasPrefix(f.Code, "body.") && f.Code != "body.unknown-key" && f.Code != "body.unknown-value" && f.Code != "body.unit"
}

// compare demands that a judge agrees about every body, and that what breaks a
// keyword is refused.
func compare(t *testing.T, judge string, faults []fault, mine, theirs []verdict) {
	t.Helper()
	if len(theirs) != len(faults) {
		t.Fatalf("%s judged %d of %d bodies", judge, len(theirs), len(faults))
	}
	disagreements := 0
	for i, f := range faults {
		if mine[i].Valid != theirs[i].Valid {
			disagreements++
			if disagreements <= 10 {
				t.Errorf("%v\n  Parley: %t %s\n  %s: %t %s", f, mine[i].Valid, mine[i].Why, judge, theirs[i].Valid, theirs[i].Why)
			}
		}
		if f.keyword != "" && mine[i].Valid {
			t.Errorf("taken for valid: %v", f)
		}
		if f.keyword == "" && f.pointer == "" && f.body != nil && i > 0 && faults[i-1].sample != f.sample && !mine[i].Valid {
			t.Errorf("a sample is refused: %v: %s", f, mine[i].Why)
		}
	}
	t.Logf("%s and Parley disagree about %d of %d bodies", judge, disagreements, len(faults))
}

// TestAjvAgrees has ajv judge the exported schemas, and an OpenAPI validator the
// exported document. Both come from npm.
func TestAjvAgrees(t *testing.T) {
	nodetest.Installed(t, ".", "ajv")
	forEachContract(t, func(t *testing.T, folder string, c *specs.Contract, faults []fault) {
		asked := []any{nil} // the document
		for _, f := range faults {
			asked = append(asked, map[string]any{"schema": c.Payloads[f.payload].File, "body": f.body})
		}
		theirs := nodetest.Through[verdict](t, asked, "judge.mjs", folder)
		if !theirs[0].Valid {
			t.Fatalf("the OpenAPI document is refused: %s", theirs[0].Why)
		}
		compare(t, "ajv", faults, ours(t, c, faults), theirs[1:])
	})
}

// notSent are payloads that no operation of the document has, so that its bundle has
// none of them either.
var notSent = []string{"answers/error", "topic/thirdPartyActivity"}

// TestBundleAgrees has a second library of Go judge by the schemas inside the
// exported OpenAPI document, so that the bundle says the same as the files.
func TestBundleAgrees(t *testing.T) {
	forEachContract(t, func(t *testing.T, folder string, c *specs.Contract, faults []fault) {
		data, err := os.ReadFile(filepath.Join(folder, "bundle.json"))
		if err != nil {
			t.Fatal(err)
		}
		bundle, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft7)
		compiler.AssertFormat()
		if err := compiler.AddResource("bundle.json", bundle); err != nil {
			t.Fatal(err)
		}
		inside := bundledSchemas(t, data)
		faults = slices.DeleteFunc(faults, func(f fault) bool {
			return slices.Contains(notSent, f.payload) && inside[componentName(f.payload)] == nil
		})
		compiled, mine := map[string]*jsonschema.Schema{}, ours(t, c, faults)
		var theirs []verdict
		for _, f := range faults {
			if compiled[f.payload] == nil {
				place := "bundle.json#/components/schemas/" + componentName(f.payload)
				if compiled[f.payload], err = compiler.Compile(place); err != nil {
					t.Fatal(err)
				}
			}
			body, err := jsonschema.UnmarshalJSON(bytes.NewReader(nodetest.Encode(t, f.body)))
			if err != nil {
				t.Fatal(err)
			}
			said := verdict{Valid: true}
			if strings.Contains(string(nodetest.Encode(t, f.body)), spacedURL) {
				theirs = append(theirs, mine[len(theirs)]) // its uri is url.Parse, which takes spaces; RFC 3986 and ajv do not
				continue
			}
			if err := compiled[f.payload].Validate(body); err != nil {
				said = verdict{Why: err.Error()}
			}
			theirs = append(theirs, said)
		}
		compare(t, "santhosh-tekuri/jsonschema", faults, mine, theirs)
	})
}

func componentName(payload string) string { return strings.ReplaceAll(payload, "/", ".") }

// TestFaultsAreNamed: of a body with one keyword broken Parley names the place; and
// for each keyword that the contracts use and that a body can break by itself,
// there is such a body.
func TestFaultsAreNamed(t *testing.T) {
	t.Parallel()
	tried := map[string]int{}
	for _, id := range specs.IDs() {
		c, v := embedded(t, id)
		for _, f := range judgedCorpus(t, c, v) {
			tried[f.keyword]++
			found := findings(t, v, f)
			if f.keyword != "" && !slices.ContainsFunc(found, func(one traffic.Finding) bool {
				return one.Severity.AtLeast(traffic.Warn) && one.Pointer == f.pointer
			}) {
				t.Errorf("%v\n  found %v", f, found)
			}
		}
	}
	t.Log(tried)
	for _, keyword := range []string{"type", "required", "const", "enum", "minLength", "pattern", "minimum", "format"} {
		if tried[keyword] == 0 {
			t.Errorf("no body breaks %s", keyword)
		}
	}
}
