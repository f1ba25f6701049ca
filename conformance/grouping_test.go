package conformance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
)

// many is a report in which several results have one cause.
func many() *conformance.Report {
	var results []conformance.Result
	add := func(name string, v conformance.Verdict, expected, actual string) {
		results = append(results, conformance.Result{ID: "tiny/hook/" + name, Suite: "tiny/hook", Title: "does " + name, Verdict: v,
			Expected: expected, Actual: actual, Reproduce: "parley conform tiny/hook --run tiny/hook/" + name})
	}
	add("ping", conformance.VerdictFail, "200", "a ping was answered 201, which is not documented; the same was answered 201")
	add("token", conformance.VerdictFail, "401", "a ping was answered 403")
	add("note", conformance.VerdictFail, "200", "a note was answered 201 (ex-000012)")
	add("lost", conformance.VerdictFail, "404", "a lost note was answered 201")
	add("list", conformance.VerdictFail, "400", "a list was not answered: connection reset")
	add("text", conformance.VerdictFail, "400", "a text was not answered: connection reset")
	add("order", conformance.VerdictFail, "1, 2", "2, 1")
	add("image", conformance.VerdictCouldNotRun, "", "because of tiny/hook/note")
	add("slow", conformance.VerdictCouldNotRun, "", "it made no call")
	add("sound", conformance.VerdictCouldNotRun, "", "because of tiny/hook/note")
	add("film", conformance.VerdictCouldNotRun, "", "because of tiny/hook/note")
	add("again", conformance.VerdictNotApplicable, "", "it sends no notes")
	add("twice", conformance.VerdictNotApplicable, "", "it sends no notes")
	add("no-id", conformance.VerdictUndetermined, "", "the page does not say")
	add("no-text", conformance.VerdictUndetermined, "", "the page does not say")
	results[7].Readings = []conformance.Reading{{ID: "TINY-R-1", Chosen: "nobody-knows"}} // which is not the reason
	return assemble(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), conformance.Reading{}, results...)
}

func summary(t *testing.T, report *conformance.Report) string {
	t.Helper()
	var text strings.Builder
	if err := report.WriteSummary(&text, conformance.Style{}); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestWhatFailuresHaveInCommon(t *testing.T) {
	want := `
What failures have in common
  3 of 7 failures: answered 201; expected 200 (2), 404 (1)
  2 of 7 failures: not answered: connection reset; expected 400 (2)

`
	if got := summary(t, many()); !strings.Contains(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	var page strings.Builder
	if err := many().WriteHTML(&page); err != nil || !strings.Contains(page.String(), "3 of 7 failures: answered 201; expected 200 (2), 404 (1)") {
		t.Errorf("report.html does not say it: %v", err)
	}
	if got := summary(t, fabricated()); strings.Contains(got, "in common") {
		t.Errorf("one failure has nothing in common with another:\n%s", got)
	}
}

func TestResultsWithOneReasonStandTogether(t *testing.T) {
	got := summary(t, many())
	for _, want := range []string{`
Could not run (4)
- 3 checks for one reason
  because   because of tiny/hook/note
  checks    tiny/hook/image, tiny/hook/sound, tiny/hook/film
- does slow
  check     tiny/hook/slow
  because   it made no call
  Again, each of tiny/hook by its ID:
  again     parley conform tiny/hook --run tiny/hook/image
`, `
Not applicable (2)
- 2 checks for one reason
  because   it sends no notes
  checks    tiny/hook/again, tiny/hook/twice
`, `
- 2 checks for one reason
  because   the page does not say
  checks    tiny/hook/no-id, tiny/hook/no-text
`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
	if n := strings.Count(got, "again     parley"); n != 7+1 {
		t.Errorf("%d commands, want one for each of 7 failures and one for the section", n)
	}
}
