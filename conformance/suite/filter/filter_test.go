package filter_test

import (
	"fmt"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/conformance/suite/filter"
	vendor "github.com/parleykit/parley/mockserver/elma365"
)

func TestParse(t *testing.T) {
	check := func(name string) conformance.Check {
		return conformance.Check{ID: "tiny/hook/" + name, Title: "does (" + name + "), always", Requirements: []string{"TINY-1"}}
	}
	suites := []conformance.Suite{{ID: "tiny/hook", Vendor: "tiny", Title: "A hook", Needs: conformance.Needs{Target: true}, Checks: []conformance.Check{check("ping"), check("foreign-token")}}}
	plan, err := conformance.Plan(testvendor.Contract(), suites, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for expression, want := range map[string]int{"MUST": 2, "!MUST": 0, "documented && events": 2, "operations": 0, "TINY-1": 2, "/foreign/": 1, "tiny.hook.ping": 1} {
		chosen, err := filter.Parse(expression)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, c := range plan {
			if chosen(c) {
				n++
			}
		}
		if n != want {
			t.Errorf("%s lets %d through, want %d", expression, n, want)
		}
	}
	if _, err := filter.Parse("MUST &&"); err == nil {
		t.Error("a broken expression is taken")
	}
}

// A filter chooses checks by their labels, in Ginkgo's own language.
func ExampleParse() {
	chosen, err := filter.Parse("MUST && events && /disconnect/")
	if err != nil {
		panic(err)
	}
	plan, err := conformance.Plan(vendor.Vendor().Contract, checks.Suites(), nil, chosen)
	if err != nil {
		panic(err)
	}
	for _, c := range plan {
		fmt.Println(c.ID)
	}
	// Output:
	// elma365/webhook/disconnect
	// elma365/webhook/connect-after-disconnect
	// elma365/webhook/disconnect-one
	// elma365/webhook/foreign-disconnect
}
