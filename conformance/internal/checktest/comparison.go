package checktest

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
)

// Verdicts are those of a report other than pass, by what follows the prefix.
func Verdicts(report *conformance.Report, prefix string) map[string]conformance.Verdict {
	other := map[string]conformance.Verdict{}
	for _, r := range report.Results {
		if r.Verdict != conformance.VerdictPass {
			other[strings.TrimPrefix(r.ID, prefix)] = r.Verdict
		}
	}
	return other
}

// Compare compares every verdict of a report with a row. What it reports names the
// row and the readings in force that the verdict rests on: whoever changed the
// default of a reading sees which one it was.
func Compare(t testing.TB, report *conformance.Report, prefix string, row Row) {
	t.Helper()
	got, want := Verdicts(report, prefix), row.Expected()
	if maps.Equal(got, want) {
		return
	}
	name := cmp.Or(row.Name(), "the good partner")
	for _, r := range report.Results {
		check := strings.TrimPrefix(r.ID, prefix)
		if got[check] != want[check] {
			t.Errorf("row %q: %s: %s, the row has %s; expected %s, actual %s%s", name, check,
				cmp.Or(got[check], conformance.VerdictPass), cmp.Or(want[check], conformance.VerdictPass), r.Expected, r.Actual, inForce(r.Readings))
		}
		delete(want, check)
	}
	for check := range want {
		t.Errorf("row %q: %s is in the row and was not run", name, check)
	}
}

// inForce names the readings that a verdict rests on.
func inForce(readings []conformance.Reading) string {
	var list []string
	for _, r := range readings {
		by := "by default"
		if r.Chosen != r.Default {
			by = "default " + r.Default
		}
		list = append(list, fmt.Sprintf("%s=%s (%s)", r.ID, r.Chosen, by))
	}
	if len(list) == 0 {
		return ""
	}
	return "; readings in force: " + strings.Join(list, ", ")
}
