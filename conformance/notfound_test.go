package conformance_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
)

// TestAWrongPathIsSaidFirst: where all that is sent is answered 404, no person is asked
// to act, and the report begins with the reason. A stimulus that troubles nobody is
// tried all the same, and whoever knows one request has the right path.
func TestAWrongPathIsSaidFirst(t *testing.T) {
	note := check("note", func(ctx context.Context, p *conformance.Partner) error {
		if err := p.Provoke(ctx, "a note"); err != nil {
			return err
		}
		return conformance.NotApplicable("asked")
	})
	const text = "all 4 requests were answered 404: the path of --target is probably wrong"
	for name, test := range map[string]struct {
		byHand, knowsOne bool
		verdict          conformance.Verdict
		actual, remark   string
	}{
		"by hand":              {true, false, conformance.VerdictCouldNotRun, "nobody was asked to act, because " + text, text},
		"by a program":         {false, false, conformance.VerdictNotApplicable, "asked", text},
		"one request is known": {true, true, conformance.VerdictNotApplicable, "asked", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := scene(t, &testvendor.Partner{}, check("one", ping), check("two", ping), check("three", ping), note)
			n := 0
			wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					n++
				}
				if !test.knowsOne || n != 2 {
					w.WriteHeader(http.StatusNotFound)
				}
			}))
			t.Cleanup(wrong.Close)
			o.Target, o.ByHand = wrong.URL, test.byHand
			o.Stimulus = func(context.Context, string) error { return nil }
			var head strings.Builder
			o.OnOpen = func(r *conformance.Report) { _ = r.WriteHead(&head, conformance.Style{}, 4) }
			report := judge(t.Context(), t, o)
			if r := report.Results[3]; r.Verdict != test.verdict || r.Actual != test.actual {
				t.Errorf("%s: %s", r.Verdict, r.Actual)
			}
			if !strings.Contains(head.String(), "remark    the first request was answered 404: the path of --target is probably") {
				t.Errorf("the head does not tell:\n%s", &head)
			}
			remark := ""
			if len(report.Remarks) > 0 && strings.Contains(report.Remarks[0], "404") {
				remark = report.Remarks[0]
			}
			var summary strings.Builder
			if err := report.WriteSummary(&summary, conformance.Style{}); err != nil {
				t.Error(err)
			}
			if told := strings.HasPrefix(summary.String(), "\nAll 4 requests"); remark != test.remark || told != (test.remark != "") {
				t.Errorf("remark %q, want %q\n%s", remark, test.remark, &summary)
			}
			for i := range 3 {
				if v := report.Results[i].Verdict; v != conformance.VerdictFail && !test.knowsOne {
					t.Errorf("ping %d: %s", i, v)
				}
			}
		})
	}
}
