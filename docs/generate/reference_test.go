package generate

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

var update = flag.Bool("update", false, "write the pages of docs/reference anew, but for those of the commands")

// allNamed is Naming of all contracts, by ID.
var allNamed = sync.OnceValues(func() (map[string]map[string][]string, error) {
	all := map[string]map[string][]string{}
	for _, id := range specs.IDs() {
		c, err := specs.Embedded(id)
		if err != nil {
			return nil, err
		}
		if all[id], err = Naming(c); err != nil {
			return nil, err
		}
	}
	return all, nil
})

func TestReferenceHasAnIndex(t *testing.T) {
	named, err := allNamed()
	if err != nil {
		t.Fatal(err)
	}
	findings, err := Findings(specstest.Shipped(t), named)
	if err != nil {
		t.Fatal(err)
	}
	faults, err := Faults()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := Schemas(os.DirFS(filepath.Join("..", "..")))
	if err != nil {
		t.Fatal(err)
	}
	comparePages(t, ".", map[string]string{"index.md": Index(specstest.Shipped(t)), "findings.md": findings, "faults.md": faults, "schemas.md": schemas}, "commands", "config", "control-api", "vendors")
}

// TestFaultsAreAllShown: each field of a fault, and each kind of answer, is in an example.
func TestFaultsAreAllShown(t *testing.T) {
	c, err := control.Contract()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]any{}
	answers := map[string]bool{}
	for _, k := range slices.Concat(callKinds, eventKinds, whenKinds) {
		var rule map[string]any
		if err := json.Unmarshal([]byte(k.rule), &rule); err != nil {
			t.Fatal(err)
		}
		maps.Copy(shown, rule)
		if answer, ok := rule["answer"].(string); ok {
			answers[answer] = true
		}
	}
	for _, f := range c.Fields("requests/fault") {
		name := strings.TrimPrefix(f.Pointer, "/")
		if _, ok := shown[name]; !ok && !slices.Contains([]string{"id", "matched", "acted"}, name) {
			t.Errorf("no example shows %s; add a kind", name)
		}
	}
	for _, answer := range fault.Answers() {
		if !answers[string(answer)] {
			t.Errorf("no example shows the answer %s; add a kind", answer)
		}
	}
}

// TestReferenceOfVendors: the pages say what the contracts and their checks are today.
func TestReferenceOfVendors(t *testing.T) {
	t.Parallel()
	for _, c := range specstest.Shipped(t) {
		readme, err := os.ReadFile(filepath.Join("..", "..", "specs", c.ID, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		named, err := allNamed()
		if err != nil {
			t.Fatal(err)
		}
		pages, err := Vendor(c, string(readme), named[c.ID])
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
