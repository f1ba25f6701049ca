package specs_test

import (
	"testing"

	"github.com/parleykit/parley/specs"
)

// TestVariants: one body of many kinds, told apart by one property.
func TestVariants(t *testing.T) {
	c, err := specs.Embedded("expertflow")
	if err != nil {
		t.Fatal(err)
	}
	variants := c.Variants("operations/pushActivity")
	if len(variants) != 24 {
		t.Fatalf("%d variants, want the 24 types of a body", len(variants))
	}
	if got, want := variants[1], (specs.Variant{Pointer: "/body", Property: "type", Value: "URL", Payload: "bodies/URL"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, payload := range []string{"answers/token", "nonsense"} {
		if got := c.Variants(payload); len(got) > 0 {
			t.Errorf("%s: %v, want none", payload, got)
		}
	}
}
