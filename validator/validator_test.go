package validator

import (
	"testing"

	"github.com/parleykit/parley/specs"
)

func TestSamplesPass(t *testing.T) {
	for _, id := range specs.IDs() {
		c, err := specs.Embedded(id)
		if err != nil {
			t.Fatal(err)
		}
		v, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range c.PayloadNames() {
			for _, s := range c.Payloads[name].Samples {
				if found := v.Payload(name, Decode(s.Body)); len(found) > 0 {
					t.Errorf("%s: %+v", s.File, found)
				}
			}
		}
	}
}
