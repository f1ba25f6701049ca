// Package specstest has the contracts that tests of many rooms begin with.
package specstest

import (
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
)

// Contract is one that Parley ships.
func Contract(t testing.TB, id string) *specs.Contract {
	t.Helper()
	c, err := specs.Embedded(id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Shipped are the contracts that Parley ships, in the order of specs.IDs.
func Shipped(t testing.TB) []*specs.Contract {
	t.Helper()
	var list []*specs.Contract
	for _, id := range specs.IDs() {
		list = append(list, Contract(t, id))
	}
	return list
}

// Reloaded is a contract as it is read back from its export as YAML.
func Reloaded(t testing.TB, c *specs.Contract) *specs.Contract {
	t.Helper()
	files, err := c.Export("yaml")
	if err != nil {
		t.Fatal(err)
	}
	return Read(t, files)
}

// Read is the contract that files are.
func Read(t testing.TB, files []specs.File) *specs.Contract {
	t.Helper()
	folder := fstest.MapFS{}
	for _, f := range files {
		folder[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	c, err := specs.Load(folder, "files")
	if err != nil {
		t.Fatal(err)
	}
	return c
}
