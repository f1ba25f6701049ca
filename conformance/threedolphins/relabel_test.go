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
// contract, and nowhere else. In a copy in which it is a SHOULD, or assumed, the checks
// that failed a partner for it warn, and all others say what they said.
func TestRelabellingChangesTheVerdictAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		requirement string
		row         checktest.Row
	}{
		{"3D-INT-051", checktest.Row{Defect: "answers-documented-ticket", Only: "client/reply client/two-customers client/ticket-number client/json"}},
		{"3D-INT-072", checktest.Row{Defect: "shortens-customer-name"}},
		{"3D-INT-046", checktest.Row{Defect: "sends-no-customer-name", Only: "client/customer-name client/owner client/body client/reply"}},
		{"3D-INT-065", checktest.Row{Defect: "closes-as-closed", Only: "client/close client/command-event client/command-url"}},
		{"3D-AUTH-004", checktest.Row{Defect: "writes-bearer-small"}},
		{"3D-TKT-001", checktest.Row{Defect: "misspells-path"}},
		{"3D-TKT-051", checktest.Row{Defect: "names-channel-by-id"}},
		{"3D-TKT-037", checktest.Row{Defect: "escalates-to-number", Only: "escalate reassign update"}},
	} {
		for name, change := range map[string]func(*specs.Requirement){
			"a SHOULD": func(r *specs.Requirement) { r.Level = "SHOULD" },
			"assumed":  func(r *specs.Requirement) { r.Evidence = specs.Assumed },
		} {
			t.Run(test.row.Defect+", "+test.requirement+" "+name, func(t *testing.T) {
				t.Parallel()
				before := verdictsOf(t, test.row, nil)
				after := verdictsOf(t, test.row, relabelled(t, test.requirement, change))
				failed := 0
				for id, was := range before {
					want := was
					if was == conformance.Failed {
						want = conformance.Warned
						failed++
					}
					if after[id] != want {
						t.Errorf("%s: %s, was %s", id, after[id], was)
					}
				}
				if failed == 0 || len(after) != len(before) {
					t.Errorf("%d checks failed before; verdicts %v, then %v", failed, before, after)
				}
			})
		}
	}
}

// relabelled is a copy of the shipped contract with one requirement changed.
func relabelled(t *testing.T, id string, change func(*specs.Requirement)) *specs.Contract {
	t.Helper()
	contract := *contracts.With(t, "")
	contract.Requirements = slices.Clone(contract.Requirements)
	i := slices.IndexFunc(contract.Requirements, func(r specs.Requirement) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("no requirement %s", id)
	}
	change(&contract.Requirements[i])
	return &contract
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
