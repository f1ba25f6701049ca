package expertflow_test

import (
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

// TestRelabellingChangesTheVerdict: how grave a verdict is follows from the
// contract's requirement, and from nothing else.
func TestRelabellingChangesTheVerdict(t *testing.T) {
	checktest.Relabel(t, contracts.With(t, ""), map[string]checktest.Row{
		"EF-ACT-014":  checktest.RowOf(t, table, "survey-names-customer-only"),
		"EF-BODY-011": checktest.RowOf(t, table, "sends-location-as-text"),
	}, func(t *testing.T, r checktest.Row, contract *specs.Contract) map[string]conformance.Verdict {
		return checktest.Verdicts(subject{Row: r, contract: contract}.run(t, checktest.Judge), prefix)
	})
}
