package validator

import (
	"slices"
	"sync"
	"testing"

	"github.com/parleykit/parley/internal/valuepath"
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
			if _, err := v.payload(name).schema.full(); err != nil {
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

// Payloads of a proven contract are made when they are asked for, by several at once and in
// any order, and find then what those that are made beforehand find.
func TestWhatIsMadeOnDemandFindsTheSame(t *testing.T) {
	for _, id := range specs.IDs() {
		onDemand := shipped(t, id)
		c, err := specs.Load(onDemand.contract.Folder, "specs/"+id)
		if err != nil || c.Proven() {
			t.Fatalf("%s is proven, or %v", id, err)
		}
		beforehand, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		names := onDemand.payloadNames()
		slices.Reverse(names)
		var group sync.WaitGroup
		for _, name := range names {
			group.Go(func() {
				for _, body := range bent(c.Payloads[name].Samples) {
					if got, want := onDemand.Payload(name, Decode(body)), beforehand.Payload(name, Decode(body)); !slices.Equal(got, want) {
						t.Errorf("%s/%s, of %s:\n%v\nbeforehand:\n%v", id, name, body, got, want)
					}
				}
			})
		}
		group.Wait()
	}
}

// bent are samples as they are, and with every value in turn replaced by one of another type.
func bent(samples []specs.Sample) (bodies [][]byte) {
	for _, s := range samples {
		bodies = append(bodies, s.Body)
		value := Decode(s.Body).Value()
		for i, pointer := range pointers(value, "") {
			if i == 8 { // they are many, and alike
				break
			}
			bodies = append(bodies, []byte(valuepath.JSON(change(value, pointer, with([]any{true, nil, "x"}[i%3])))))
		}
	}
	return bodies
}
