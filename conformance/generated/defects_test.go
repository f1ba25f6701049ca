package generated_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/specs"
)

// row names, for one defect, exactly the checks that do not pass beside those that
// the documents leave open for every partner.
type row struct {
	defect, fail, warn, undetermined, notApplicable string
}

const (
	answered = "webhook/ticketAnswered/"
	closed   = "webhook/ticketClosed/"
	// The pages name no status with which ticketClosed could be refused.
	open = closed + "broken-json " + closed + "missing-member " + closed + "wrong-type " + closed + "content-type"

	taken    = "A/sample/documented A/sample/without-agent A/again A/at-once"
	refusals = "A/broken-json A/missing-member A/wrong-type A/content-type"
	variants = "A/without-optional A/unknown-member"
)

var table = []row{
	{defect: ""},
	{defect: "repeats-three-times"}, // no defect: it comes to an end

	{defect: "answers-201", fail: taken, undetermined: variants + " " + refusals},
	{defect: "answers-404", undetermined: taken + " " + variants + " " + refusals},
	{defect: "answers-500", fail: taken, undetermined: variants + " " + refusals},
	{defect: "answers-without-body", fail: taken, warn: variants},
	{defect: "answers-wrong-body", fail: taken, warn: variants},
	{defect: "answers-closed-with-204", fail: "C/sample/documented C/again C/at-once", undetermined: "C/without-optional C/unknown-member"},
	{defect: "breaks-without-agent", fail: "A/sample/without-agent", warn: "A/without-optional"},
	{defect: "breaks-without-mail", warn: "A/without-optional"},
	{defect: "breaks-on-unknown-member", warn: "A/unknown-member"},
	{defect: "refuses-repeats", fail: "A/again A/at-once", undetermined: variants + " " + refusals},
	{defect: "breaks-at-once", fail: "A/at-once"},
	{defect: "accepts-broken-json", fail: "A/broken-json"},
	{defect: "hangs-up-on-broken-json", fail: "A/broken-json", warn: "C/broken-json"},
	{defect: "accepts-missing-members", fail: "A/missing-member"},
	{defect: "accepts-wrong-types", warn: "A/wrong-type"},
	{defect: "accepts-any-content-type", warn: "A/content-type"},
	{defect: "refuses-with-406", warn: refusals},
	{defect: "refuses-without-body", fail: "A/broken-json A/missing-member", warn: "A/wrong-type A/content-type"},

	{defect: "sends-no-key", fail: "client/openTicket/call client/getTicket/call"},
	{defect: "sends-text", fail: "client/openTicket/call"},
	{defect: "leaves-out-text", fail: "client/openTicket/call"},
	{defect: "sends-unknown-unit", fail: "client/openTicket/call"},
	{defect: "calls-elsewhere", fail: "client/operations"},
	{defect: "reads-by-put", fail: "client/operations", notApplicable: "client/getTicket/call"},
	{defect: "never-reads", notApplicable: "client/getTicket/call"},
	{defect: "repeats-without-end", warn: "client/openTicket/after-500"},
}

func (r row) expected() map[string]conformance.Verdict {
	want := map[string]conformance.Verdict{}
	put := func(ids string, verdict conformance.Verdict) {
		for id := range strings.FieldsSeq(strings.NewReplacer("A/", answered, "C/", closed).Replace(ids)) {
			want[id] = verdict
		}
	}
	put(open, conformance.Undecided)
	put(r.fail, conformance.Failed)
	put(r.warn, conformance.Warned)
	put(r.undetermined, conformance.Undecided)
	put(r.notApplicable, conformance.Inapplicable)
	return want
}

func acme(t testing.TB) *specs.Contract {
	t.Helper()
	c, err := specs.LoadFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDefects: each generated check says of each partner exactly what is wrong.
func TestDefects(t *testing.T) {
	c := acme(t)
	for _, r := range table {
		t.Run(r.defect, func(t *testing.T) {
			t.Parallel()
			report := run(t, c, r.defect, "")
			want, got := r.expected(), verdicts(report)
			for id, verdict := range got {
				if want[id] != verdict {
					t.Errorf("%s: %s, want %q", id, verdict, want[id])
				}
			}
			for id := range want {
				if got[id] == "" {
					t.Errorf("%s passed, want %s", id, want[id])
				}
			}
			if failed := report.Outcome == conformance.NotPassed; failed != (r.fail != "") {
				t.Errorf("outcome %s: %v", report.Outcome, report.Reasons)
			}
			if t.Failed() {
				for _, result := range report.Results {
					t.Logf("%s %s: expected %s, got %s", result.Verdict, result.ID, result.Expected, result.Actual)
				}
			}
		})
	}
}

// TestEveryCheckFailsForSomeDefect: none of them is unconditional.
func TestEveryCheckFailsForSomeDefect(t *testing.T) {
	caught := map[string]bool{}
	for _, r := range table {
		r.undetermined, r.notApplicable = "", ""
		for id, verdict := range r.expected() {
			caught[id] = caught[id] || verdict == conformance.Failed || verdict == conformance.Warned
		}
	}
	for _, s := range generated.Suites(acme(t)) {
		for _, c := range s.Checks {
			_, id, _ := strings.Cut(c.ID, "/")
			kind := id[strings.LastIndexByte(id, '/'):]
			same := func(other string) bool { return caught[other] && strings.HasSuffix(other, kind) }
			if !caught[id] && !slices.ContainsFunc(slices.Collect(maps.Keys(caught)), same) {
				t.Errorf("no defect is caught by %s, nor by its kind", id)
			}
		}
	}
}
