package specs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

// each runs a test on every contract that Parley ships.
func each(t *testing.T, test func(t *testing.T, c *specs.Contract)) {
	t.Helper()
	for _, c := range specstest.Shipped(t) {
		t.Run(c.ID, func(t *testing.T) { test(t, c) })
	}
}

func TestDocumentsPassKinOpenAPI(t *testing.T) {
	each(t, func(t *testing.T, c *specs.Contract) {
		if err := c.Validate(); err != nil {
			t.Error(err)
		}
	})
}

func TestEverythingCarriesEvidence(t *testing.T) {
	classes := []specs.Class{specs.Documented, specs.Observed, specs.Assumed}
	each(t, func(t *testing.T, c *specs.Contract) {
		for _, o := range slices.Concat(c.Operations, c.Events) {
			if !slices.Contains(classes, o.Evidence.Class) {
				t.Errorf("%s has no evidence", o.Name())
			}
			for status, r := range o.Responses {
				if !slices.Contains(classes, r.Evidence.Class) {
					t.Errorf("%s: answer %d has no evidence", o.Name(), status)
				}
			}
			for _, p := range o.Parameters {
				if !slices.Contains(classes, p.Evidence.Class) {
					t.Errorf("%s: parameter %s has no evidence", o.Name(), p.Name)
				}
			}
		}
		for _, name := range c.PayloadNames() {
			for _, f := range c.Fields(name) {
				if !slices.Contains(classes, f.Evidence.Class) {
					t.Errorf("payload %s: %s has no evidence", name, f.Pointer)
				}
			}
		}
	})
}

func TestRequestsHaveSamples(t *testing.T) {
	each(t, func(t *testing.T, c *specs.Contract) {
		for _, o := range slices.Concat(c.Operations, c.Events) {
			if o.Payload == "" && !o.BodyRequired {
				continue // a GET, or an upload
			}
			p := c.Payloads[o.Payload]
			if p == nil {
				t.Errorf("%s has no payload", o.Name())
				continue
			}
			if _, ok := p.Sample(""); !ok {
				t.Errorf("payload %s has no sample", p.Name)
			}
		}
	})
}

func TestReadingsAffectWhatExists(t *testing.T) {
	each(t, func(t *testing.T, c *specs.Contract) {
		for _, r := range c.Readings {
			for _, name := range r.Affects {
				_, requirement := c.Requirement(name)
				if !requirement && c.Operation(name) == nil && c.Payloads[name] == nil {
					t.Errorf("%s affects %q, which is no requirement, operation, event or payload", r.ID, name)
				}
			}
			for option := range r.Options {
				if _, err := c.WithReadings(map[string]string{r.ID: option}); err != nil {
					t.Errorf("%s=%s: %v", r.ID, option, err)
				}
			}
		}
	})
}

// TestBundlesPassKinOpenAPI judges what other tools get.
func TestBundlesPassKinOpenAPI(t *testing.T) {
	each(t, func(t *testing.T, c *specs.Contract) {
		for _, format := range []string{"yaml", "json"} {
			data, err := c.Bundle(format)
			if err != nil {
				t.Fatal(err)
			}
			document, err := openapi3.NewLoader().LoadFromData(data)
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if err := document.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
				t.Errorf("%s: %v", format, err)
			}
			if strings.Contains(string(data), ".schema.json") {
				t.Errorf("the %s bundle still refers to files", format)
			}
		}
	})
}

func TestExportLoadsAgain(t *testing.T) {
	each(t, func(t *testing.T, c *specs.Contract) {
		again := specstest.Reloaded(t, c)
		got, want := names(again), names(c)
		if len(got) != len(want) {
			t.Errorf("%d names after a round trip, %d before", len(got), len(want))
		}
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Fatalf("after a round trip %q, before it %q", got[i], want[i])
			}
		}
	})
}

// names is what a contract consists of, for a comparison.
func names(c *specs.Contract) []string {
	var all []string
	for _, o := range slices.Concat(c.Operations, c.Events) {
		all = append(all, o.Name()+" "+o.Payload)
	}
	for _, p := range c.PayloadNames() {
		all = append(all, p)
		for _, s := range c.Payloads[p].Samples {
			all = append(all, s.File+" "+string(s.Evidence))
		}
		for _, f := range c.Fields(p) {
			all = append(all, p+f.Pointer+" "+f.Type+" "+string(f.Evidence.Class))
		}
	}
	for _, r := range c.Requirements {
		all = append(all, r.ID, r.Text)
	}
	for _, r := range c.Settings() {
		all = append(all, r.ID+"="+r.Chosen)
	}
	return all
}

func TestELMA365IsWhole(t *testing.T) {
	c, err := specs.Embedded("elma365")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"operations/message", "operations/disconnect", "operations/userInfo",
		"events/connect", "events/message", "events/messageOutcome", "events/userInfo", "events/markAsRead", "events/disconnect",
	}
	var got []string
	for _, o := range slices.Concat(c.Operations, c.Events) {
		got = append(got, o.Name())
		for _, status := range []int{200, 401, 404, 500} {
			if o.Responses[status].Evidence.Class != specs.Documented {
				t.Errorf("%s: answer %d is not documented", o.Name(), status)
			}
		}
		if len(o.Responses) != 4 {
			t.Errorf("%s has %d answers, the page has 4", o.Name(), len(o.Responses))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(c.Requirements) < 35 {
		t.Errorf("%d requirements; the page has more sentences that bind someone", len(c.Requirements))
	}
}
