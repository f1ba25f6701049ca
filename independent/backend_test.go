package independent

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

const (
	drivenSeed = 20261126
	petstore   = "../../examples/openapi/petstore.yaml" // from where the others are
)

// driven are the documents whose operations are called, and how many of them.
var driven = []struct {
	file       string
	operations int
}{
	{petstore, 1000},
	{"@directus/specs/dist/openapi.json", 1000},
	{"@blockfrost/openapi/openapi.yaml", 1000},
	{"@octokit/openapi/generated/api.github.com.json", 300},
}

// TestRequestsAgree has openapi-backend judge requests by the document as it is: valid
// ones, and ones with a single fault.
func TestRequestsAgree(t *testing.T) {
	t.Parallel()
	nodetest.Installed(t, ".", "openapi-backend")
	known := map[string]int{}
	for _, one := range driven {
		t.Run(filepath.Base(one.file), func(t *testing.T) {
			c, file := loadOther(t, one.file)
			v := validatorFor(t, c)
			calls := drive(t, c, v, one.operations)
			theirs := judgedByBackend(t, file, calls)
			compareCalls(t, v, calls, theirs, known)
		})
	}
	for _, reason := range []string{anyContent, readOnlyKey, nullMember, bothForms} {
		if known[reason] == 0 && !t.Failed() {
			t.Errorf("nothing is judged otherwise any more because %s", reason)
		}
	}
	t.Logf("known disagreements: %v", known)
}

// drive makes the calls of so many operations, chosen by the seed.
func drive(t *testing.T, c *specs.Contract, v *validator.Validator, most int) []call {
	t.Helper()
	operations := slices.Clone(c.Operations)
	random := rand.New(rand.NewPCG(drivenSeed, 0))
	random.Shuffle(len(operations), func(i, j int) { operations[i], operations[j] = operations[j], operations[i] })
	d := newDriver(c, v, drivenSeed)
	var calls []call
	var left []string
	for _, o := range operations[:min(most, len(operations))] {
		for _, all := range []bool{false, true} {
			good, err := d.valid(o, all)
			if err != nil {
				left = append(left, o.ID+": "+err.Error())
				break
			}
			if good.kind != "" && specs.MediaOf(good.kind) != specs.JSON {
				left = append(left, o.ID+": it takes "+good.kind) // openapi-backend knows objects only
				break
			}
			calls = append(calls, good)
			if all {
				calls = append(calls, d.faulty(good, 8)...)
			}
		}
	}
	t.Logf("%d calls of %d operations; none could be made for %d: %s", len(calls), min(most, len(operations)), len(left), strings.Join(left, "; "))
	return calls
}

func judgedByBackend(t *testing.T, file string, calls []call) []verdict {
	t.Helper()
	var lines []map[string]any
	for _, c := range calls {
		header := map[string]string{}
		for name := range c.header() {
			header[name] = c.header().Get(name)
		}
		line := map[string]any{"method": c.operation.Method, "template": c.operation.Path, "path": c.path(), "query": c.query(), "headers": header}
		if c.kind != "" {
			line["body"] = string(c.raw())
		}
		lines = append(lines, line)
	}
	return nodetest.Through[verdict](t, lines, "backend.mjs", asJSON(t, file))
}

// asJSON is the document as it is, in a file of JSON: the document's own, where that is JSON.
func asJSON(t *testing.T, file string) string {
	t.Helper()
	if filepath.Ext(file) == ".json" {
		return file
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	node, err := yamlnode.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	written := filepath.Join(t.TempDir(), "document.json")
	if err := os.WriteFile(written, nodetest.Encode(t, yamlnode.Plain(node)), 0o600); err != nil {
		t.Fatal(err)
	}
	return written
}

func compareCalls(t *testing.T, v *validator.Validator, calls []call, theirs []verdict, known map[string]int) {
	t.Helper()
	skipped, tried := 0, map[string]int{}
	for i, c := range calls {
		if theirs[i].Skip {
			skipped++
			continue
		}
		kind, _, _ := strings.Cut(c.fault, " at ")
		tried[kind]++
		mine := c.judgedBy(v)
		if mine.Valid == theirs[i].Valid {
			continue
		}
		reason := judgedOtherwise(v.Contract(), c, mine, theirs[i])
		if known[reason]++; reason == "" {
			t.Errorf("%.500s\n  Parley: %t %.300s\n  openapi-backend: %t %.300s", c, mine.Valid, mine.Why, theirs[i].Valid, theirs[i].Why)
		}
	}
	t.Logf("calls by their fault: %v; openapi-backend can't judge %d more", tried, skipped)
	if tried[""] == 0 || skipped > len(calls)/4 {
		t.Error("too few calls were judged")
	}
}

// What the two are known to judge otherwise, with what OpenAPI 3.0.3 says of it.
const (
	anyContent  = "openapi-backend judges no content types; a body is described by those that are listed (4.7.13): Parley is right"
	readOnlyKey = "required of what is readOnly is of answers alone (4.7.24.2): Parley is right"
	nullMember  = "null is none of the values of a type (4.7.24.1, nullable): openapi-backend is right, and Parley warns where the member need not be there"
	bothForms   = "a text that shows a number fits a number and a text, of which one is to fit; how a text in a path is read is not said: neither is right"
)

// judgedOtherwise says why the two judge a call otherwise, or "".
func judgedOtherwise(contract *specs.Contract, c call, mine, theirs verdict) string {
	switch {
	case c.fault == "unknown content type" && theirs.Valid && strings.Contains(mine.Why, "content-type.unexpected"):
		return anyContent
	case mine.Valid && strings.HasPrefix(theirs.Why, "type at ") && strings.Contains(mine.Why, "warn body.type") && strings.Contains(mine.Why, "got null"):
		return nullMember
	case mine.Valid && strings.HasPrefix(theirs.Why, "oneOf at /path/") && strings.Contains(theirs.Why, `"passingSchemas":[0,1]`):
		return bothForms
	case c.fault == "" && strings.HasPrefix(theirs.Why, "required at ") && readOnly(contract, c, theirs.Why):
		return readOnlyKey
	}
	return ""
}

// readOnly tells whether what is said to be missing is readOnly in the schema.
func readOnly(contract *specs.Contract, c call, why string) bool {
	_, rest, _ := strings.Cut(why, "required property '")
	name, _, _ := strings.Cut(rest, "'")
	p := contract.Payloads[c.operation.Body(c.kind)]
	schema := p.Schema()
	if ref, ok := schema["$ref"].(string); ok {
		_, target := contract.Resolve(p, ref)
		schema, _ = target.(map[string]any)
	}
	properties, _ := schema["properties"].(map[string]any)
	property, _ := properties[name].(map[string]any)
	return property["readOnly"] == true
}
