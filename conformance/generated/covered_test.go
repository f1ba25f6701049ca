package generated_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	elma365checks "github.com/parleykit/parley/conformance/elma365"
	expertflowchecks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/generated"
	dolphinschecks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/specs/specstest"
)

// checkIDs are those of the checks of all suites, in order.
func checkIDs(suites []conformance.Suite) []string {
	var ids []string
	for _, s := range suites {
		for _, c := range s.Checks {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// TestOwnChecksAreAddedToGeneratedOnes: a check of Acme Desk's own takes the place of
// those that are generated for what it covers, and of no other.
func TestOwnChecksAreAddedToGeneratedOnes(t *testing.T) {
	c := acme(t)
	all := checkIDs(generated.Suites(c))
	for name, test := range map[string]struct {
		own  conformance.Check
		gone func(id string) bool
	}{
		"nothing":                      {conformance.Check{ID: "acme/own/one"}, func(string) bool { return false }},
		"by the requirement of one":    {conformance.Check{ID: "acme/own/one", Requirements: []string{"ACME-HOOK-001"}}, beginning("acme/webhook/ticketAnswered/")},
		"by a requirement of no event": {conformance.Check{ID: "acme/own/one", Requirements: []string{"ACME-HOOK-003"}}, func(string) bool { return false }},
		"by name":                      {conformance.Check{ID: "acme/own/one", Covers: []string{"operations/getTicket"}}, beginning("acme/client/getTicket/")},
		"by a pattern":                 {conformance.Check{ID: "acme/own/one", Covers: []string{"events/*", "operations"}}, beginning("acme/webhook/", "acme/client/operations")},
		"by ID, in the same suite":     {conformance.Check{ID: "acme/webhook/ticketClosed/again"}, beginning("acme/webhook/ticketClosed/again")},
	} {
		t.Run(name, func(t *testing.T) {
			suite, _, _ := strings.Cut(strings.TrimPrefix(test.own.ID, "acme/"), "/")
			own := conformance.Suite{ID: "acme/" + suite, Vendor: "acme", Asks: []string{"do it"}, Checks: []conformance.Check{test.own}}
			suites := generated.Suites(c, own)
			want := append([]string{test.own.ID}, slices.DeleteFunc(slices.Clone(all), test.gone)...)
			if got := checkIDs(suites); !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if len(own.Checks) != 1 || len(own.Asks) != 1 {
				t.Errorf("the vendor's own suite was changed: %+v", own)
			}
			if _, err := conformance.Plan(c, suites, nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

func beginning(prefixes ...string) func(string) bool {
	return func(id string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(id, prefix) })
	}
}

// TestARequirementOfSeveralCoversNone: who judges what all events have to do has not
// judged one of them.
func TestARequirementOfSeveralCoversNone(t *testing.T) {
	c := altered(t, map[string][2]string{"openapi.yaml": {"    post:\n      summary: A", "    post:\n      x-requirements: [ACME-HOOK-003]\n      summary: A"}})
	own := conformance.Suite{ID: "acme/own", Vendor: "acme", Checks: []conformance.Check{{ID: "acme/own/one", Requirements: []string{"ACME-HOOK-003"}}}}
	if got, want := len(checkIDs(generated.Suites(c, own))), len(checkIDs(generated.Suites(c)))+1; got != want {
		t.Errorf("%d checks, want %d", got, want)
	}
}

// TestOwnAndGeneratedChecksAreJudgedTogether in one run over one partner.
func TestOwnAndGeneratedChecksAreJudgedTogether(t *testing.T) {
	c := acme(t)
	own := conformance.Suite{
		ID: "acme/webhook", Vendor: "acme", Needs: conformance.Needs{Target: true}, Asks: []string{"call acme"},
		Checks: []conformance.Check{{ID: "acme/webhook/own", Title: "is there", Requirements: []string{"ACME-HOOK-001"}, Run: func(context.Context, *conformance.Partner) error { return nil }}},
	}
	report := runSuites(t, c, generated.Suites(c, own), "", "")
	if first := report.Results[0]; first.ID != "acme/webhook/own" || first.Verdict != conformance.VerdictPass || report.Outcome != conformance.OutcomePassed {
		t.Errorf("%s %s, outcome %s: %v", first.ID, first.Verdict, report.Outcome, report.Reasons)
	}
	if report.Counts[conformance.VerdictPass] < 9 || report.Counts[conformance.VerdictCouldNotRun] > 0 {
		t.Errorf("%v", report.Counts)
	}
}

// TestShippedChecksCoverTheirContracts: of what Parley ships nothing is generated.
func TestShippedChecksCoverTheirContracts(t *testing.T) {
	for id, own := range map[string][]conformance.Suite{
		"elma365": elma365checks.Suites(), "3dolphins": dolphinschecks.Suites(), "expertflow": expertflowchecks.Suites(),
	} {
		c := specstest.Contract(t, id)
		all := generated.Suites(c, own...)
		if got, want := checkIDs(all), checkIDs(own); !slices.Equal(got, want) {
			t.Errorf("%s: %d checks, %d of them its own", id, len(got), len(want))
		}
		for i, s := range own {
			if !slices.Equal(all[i].Asks, s.Asks) || all[i].Needs != s.Needs {
				t.Errorf("%s asks for %q and needs %+v", s.ID, all[i].Asks, all[i].Needs)
			}
		}
	}
}
