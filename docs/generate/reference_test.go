package generate

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/parleykit/parley/specs"
)

var update = flag.Bool("update", false, "write the pages of docs/reference anew, but for those of the commands")

// contracts are those that Parley ships.
func contracts(t *testing.T) []*specs.Contract {
	t.Helper()
	var list []*specs.Contract
	for _, id := range specs.IDs() {
		c, err := specs.Embedded(id)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

func TestReferenceHasAnIndex(t *testing.T) {
	comparePages(t, ".", map[string]string{"index.md": Index(contracts(t))}, "commands", "vendors")
}

// TestReferenceOfVendors: the pages say what the contracts and their checks are today.
func TestReferenceOfVendors(t *testing.T) {
	t.Parallel()
	for _, c := range contracts(t) {
		pages, err := Vendor(c)
		if err != nil {
			t.Fatal(err)
		}
		comparePages(t, filepath.Join("vendors", c.ID), pages)
	}
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
