package expertflow_test

import (
	"maps"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

// TestRelabellingChangesTheVerdict: how grave a verdict is follows from the
// contract's requirement, and from nothing else.
func TestRelabellingChangesTheVerdict(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ defect, check, requirement string }{
		{"survey-names-customer-only", "conversation", "EF-ACT-014"},
		{"sends-location-as-text", "location", "EF-BODY-011"},
	} {
		for name, relabel := range map[string]func(*specs.Requirement){
			"assumed":    func(r *specs.Requirement) { r.Evidence = specs.Assumed },
			"observed":   func(r *specs.Requirement) { r.Evidence = specs.Observed },
			"documented": func(r *specs.Requirement) { r.Evidence = specs.Documented },
			"SHOULD":     func(r *specs.Requirement) { r.Level = "SHOULD" },
		} {
			t.Run(test.defect+" "+name, func(t *testing.T) {
				t.Parallel()
				row := checktest.RowOf(t, table, test.defect)
				row.NotApplicable += " " + neverSent
				want := row.Expected()
				if want[test.check] != conformance.Failed {
					t.Fatalf("the table has %s", want[test.check])
				}
				if name == "assumed" || name == "SHOULD" {
					want = maps.Clone(want)
					want[test.check] = conformance.Warned
				}
				report := subject{Row: row, relabel: func(r *specs.Requirement) {
					if r.ID == test.requirement {
						relabel(r)
					}
				}}.run(t, checktest.Judge)
				checktest.Compare(t, report, prefix, want)
			})
		}
	}
}
