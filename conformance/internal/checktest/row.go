// Package checktest is what the tests of the vendors' checks share: tables that say
// for a partner which checks do not pass, and how such a partner is judged.
package checktest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/partner"
)

// Row names exactly the checks that do not pass for a partner, by their verdict and
// by what follows the table's prefix in their IDs. Names are separated by spaces.
type Row struct {
	Defect        string // "" for the good partner
	Readings      string // "R-10=refusal-expected R-14=send-again", without the vendor's name
	Fail          string
	Warn          string
	Undetermined  string
	NotApplicable string
	NotRun        string
	Pass          string // of those that a good partner does not pass either
	Only          string // the checks that are run; "" for all
}

// Expected returns the verdicts of a row other than pass. A name that stands in
// several has the worst of them; Pass is stronger than all.
func (r Row) Expected() map[string]conformance.Verdict {
	all := map[string]conformance.Verdict{}
	for _, given := range []struct {
		verdict conformance.Verdict
		names   string
	}{
		{conformance.Inapplicable, r.NotApplicable}, {conformance.NotRun, r.NotRun}, {conformance.Undecided, r.Undetermined},
		{conformance.Warned, r.Warn}, {conformance.Failed, r.Fail},
	} {
		for _, name := range strings.Fields(given.names) {
			all[name] = given.verdict
		}
	}
	for _, name := range strings.Fields(r.Pass) {
		delete(all, name)
	}
	return all
}

// Name is the row's name as a test.
func (r Row) Name() string { return strings.TrimSpace(r.Readings + " " + r.Defect) }

// Defects are those of the partner.
func (r Row) Defects() []string { return strings.Fields(r.Defect) }

// Verdicts are those of a report other than pass, by what follows the prefix.
func Verdicts(report *conformance.Report, prefix string) map[string]conformance.Verdict {
	other := map[string]conformance.Verdict{}
	for _, r := range report.Results {
		if r.Verdict != conformance.Pass {
			other[strings.TrimPrefix(r.ID, prefix)] = r.Verdict
		}
	}
	return other
}

// Compare compares every verdict of a report with what is wanted of those other
// than pass.
func Compare(t testing.TB, report *conformance.Report, prefix string, want map[string]conformance.Verdict) {
	t.Helper()
	got := Verdicts(report, prefix)
	if maps.Equal(got, want) {
		return
	}
	left := maps.Clone(want)
	for _, r := range report.Results {
		name := strings.TrimPrefix(r.ID, prefix)
		if got[name] != want[name] {
			t.Errorf("%s: verdict %q, want %q (empty: pass); expected %s, actual %s", name, got[name], want[name], r.Expected, r.Actual)
		}
		delete(left, name)
	}
	for name := range left {
		t.Errorf("%s is in the table and was not run", name)
	}
}

// OneRowForEach: the table has all defects, in the partner's order.
func OneRowForEach(t *testing.T, defects []partner.Defect, table []Row) {
	t.Helper()
	var listed, known []string
	for _, r := range table {
		listed = append(listed, r.Defect)
	}
	for _, d := range defects {
		known = append(known, d.Name)
	}
	if !slices.Equal(listed, known) {
		t.Errorf("the table has the defects\n%v\nand the partner, in its order,\n%v", listed, known)
	}
}

// EachCheckIsMissed: every check fails, or warns, for some row of the table.
func EachCheckIsMissed(t *testing.T, suites []conformance.Suite, prefix string, table []Row) {
	t.Helper()
	missed := map[string]bool{}
	for _, r := range table {
		for _, name := range strings.Fields(r.Fail + " " + r.Warn) {
			missed[prefix+name] = true
		}
	}
	for _, s := range suites {
		for _, c := range s.Checks {
			if !missed[c.ID] {
				t.Errorf("no defect fails %s", c.ID)
			}
			delete(missed, c.ID)
		}
	}
	for id := range missed {
		t.Errorf("the table names %s, which is no check", id)
	}
}

// RowOf returns the row of a defect; "" is the good partner's.
func RowOf(t testing.TB, table []Row, defect string) Row {
	t.Helper()
	i := slices.IndexFunc(table, func(r Row) bool { return r.Defect == defect })
	if i < 0 && defect != "" {
		t.Fatalf("no row for %s", defect)
	}
	if i < 0 {
		return Row{}
	}
	return table[i]
}
