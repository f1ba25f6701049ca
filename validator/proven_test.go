package validator

import (
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

// What is left until it is needed must not be what finds a mistake.
func TestProvenContractsCompile(t *testing.T) {
	for _, id := range specs.IDs() {
		c := specstest.Contract(t, id)
		if !c.Proven() {
			t.Errorf("%s is not proven, so that a start compiles all of it", id)
		}
		v, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range v.payloadNames() {
			if _, err := v.payloads[name].schema.full(); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}

func TestReadingsOfChoiceAreNotProven(t *testing.T) {
	c := specstest.Contract(t, "elma365")
	setting := c.Settings()[0]
	changed, err := c.WithReadings(map[string]string{setting.ID: setting.Chosen})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Proven() {
		t.Error("chosen readings patch schemas in ways that no test has compiled")
	}
	if again, err := changed.WithReadings(nil); err != nil || again.Proven() {
		t.Errorf("what was changed is proven again, %v", err)
	}
}
