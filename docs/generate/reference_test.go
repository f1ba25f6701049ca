package generate

import (
	"flag"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/validator"
)

var update = flag.Bool("update", false, "write the pages of docs/reference anew, but for those of the commands")

func TestReferenceHasAnIndex(t *testing.T) {
	findings, err := Findings()
	if err != nil {
		t.Fatal(err)
	}
	comparePages(t, ".", map[string]string{"index.md": Index(specstest.Shipped(t)), "findings.md": findings}, "commands", "config", "control-api", "vendors")
}

// withoutExample are the codes of the validator of which no call of wrongs is an example:
// they need an event, a secret, a capture, a call before, or a contract of another kind.
var withoutExample = []string{
	"multipart.content-type", "body.cut", "body.schema", "body.unknown-value", "body.unit", "parameter.schema", "parameter.unknown-value", "parameter.unit",
	validator.CredentialMissing, "signature.missing", "signature.malformed", "signature.wrong", "signature.stale", "signature.not-verified",
	"operation.unknown", "operation.assumed", "payload.unknown", "response.echo", validator.CodeUpgraded, "exchange.no-response", "findings.left-out",
	"parameter.undocumented", "credential.omitted", "exchange.id-reused",
}

func TestCodesHaveExamples(t *testing.T) {
	found, err := examples()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range validator.Codes() {
		if _, ok := found[c.Code]; ok == slices.Contains(withoutExample, c.Code) {
			t.Errorf("%s: has an example: %v; add a call to wrongs, or mend withoutExample", c.Code, ok)
		}
	}
}

// TestReferenceOfVendors: the pages say what the contracts and their checks are today.
func TestReferenceOfVendors(t *testing.T) {
	t.Parallel()
	for _, c := range specstest.Shipped(t) {
		pages, err := Vendor(c)
		if err != nil {
			t.Fatal(err)
		}
		comparePages(t, filepath.Join("vendors", c.ID), pages)
	}
}

// TestReferenceOfTheControlAPI: the pages say what its document says, and what a mock
// answers.
func TestReferenceOfTheControlAPI(t *testing.T) {
	t.Parallel()
	pages, err := ControlAPI()
	if err != nil {
		t.Fatal(err)
	}
	comparePages(t, "control-api", pages)
}

func comparePages(t *testing.T, folder string, pages map[string]string, others ...string) {
	t.Helper()
	stale, err := Stale(filepath.Join("..", "reference", folder), pages, *update, others...)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range stale {
		t.Errorf("%s; write it anew: go test ./docs/generate -run Reference -update", text)
	}
}
