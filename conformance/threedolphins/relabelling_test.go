package threedolphins_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

// TestRelabellingChangesTheVerdictAlone: what a requirement binds to stands in the
// contract, and nowhere else.
func TestRelabellingChangesTheVerdictAlone(t *testing.T) {
	checktest.Relabel(t, contracts.With(t, ""), map[string]checktest.Row{
		"3D-INT-051":  {Defect: "answers-documented-ticket", Only: "client/reply client/two-customers client/ticket-number client/json"},
		"3D-INT-072":  {Defect: "shortens-customer-name"},
		"3D-INT-046":  {Defect: "sends-no-customer-name", Only: "client/customer-name client/owner client/body client/reply"},
		"3D-INT-065":  {Defect: "closes-as-closed", Only: "client/close client/command-event client/command-url"},
		"3D-AUTH-004": {Defect: "writes-bearer-small"},
		"3D-TKT-001":  {Defect: "misspells-path"},
		"3D-TKT-051":  {Defect: "names-channel-by-id"},
		"3D-TKT-037":  {Defect: "escalates-to-number", Only: "escalate reassign update"},
	}, verdictsOf)
}

// verdictsOf are those other than pass, of a third party or of a client.
func verdictsOf(t *testing.T, row checktest.Row, contract *specs.Contract) map[string]conformance.Verdict {
	t.Helper()
	if slices.ContainsFunc(ticketTable, func(r checktest.Row) bool { return r.Defect == row.Defect }) {
		if row.Only == "" {
			row.Only = strings.Join(ticketChecksBut(expiredToken), " ")
		}
		return checktest.Verdicts(ticketSubject{Row: row, contract: contract}.run(t, checktest.Judge), tickets)
	}
	if row.Only == "" {
		row.Only = "3dolphins/client/*"
	}
	return checktest.Verdicts(subject{Row: row, contract: contract}.run(t, checktest.Judge), prefix)
}

func ticketChecksBut(id string) []string {
	var ids []string
	for _, c := range ticketSuites()[0].Checks {
		if c.ID != id {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
