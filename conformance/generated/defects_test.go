package generated_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

const (
	prefix = "acme/"
	// How the table names the checks of the two events.
	answered = "webhook/ticketAnswered/" // A/
	closed   = "webhook/ticketClosed/"   // C/
	// The pages name no status with which ticketClosed could be refused.
	open = " C/broken-json C/missing-member C/wrong-type C/content-type"

	taken    = "A/sample/documented A/sample/without-agent A/again A/at-once"
	refusals = "A/broken-json A/missing-member A/wrong-type A/content-type"
	variants = "A/without-optional A/unknown-member"
)

// table says what does not pass beside what the documents leave open for every partner.
var table = []checktest.Row{
	{},
	{Defect: "repeats-three-times"}, // no defect: it comes to an end

	{Defect: "answers-201", Fail: taken, Undetermined: variants + " " + refusals},
	{Defect: "answers-404", Undetermined: taken + " " + variants + " " + refusals},
	{Defect: "answers-500", Fail: taken, Undetermined: variants + " " + refusals},
	{Defect: "answers-without-body", Fail: taken, Warn: variants},
	{Defect: "answers-wrong-body", Fail: taken, Warn: variants},
	{Defect: "answers-closed-with-204", Fail: "C/sample/documented C/again C/at-once", Undetermined: "C/without-optional C/unknown-member"},
	{Defect: "breaks-without-agent", Fail: "A/sample/without-agent", Warn: "A/without-optional"},
	{Defect: "breaks-without-mail", Warn: "A/without-optional"},
	{Defect: "breaks-on-unknown-member", Warn: "A/unknown-member"},
	{Defect: "refuses-repeats", Fail: "A/again A/at-once", Undetermined: variants + " " + refusals},
	{Defect: "breaks-at-once", Fail: "A/at-once"},
	{Defect: "accepts-broken-json", Fail: "A/broken-json"},
	{Defect: "hangs-up-on-broken-json", Fail: "A/broken-json", Warn: "C/broken-json"},
	{Defect: "accepts-missing-members", Fail: "A/missing-member"},
	{Defect: "accepts-wrong-types", Warn: "A/wrong-type"},
	{Defect: "accepts-any-content-type", Warn: "A/content-type"},
	{Defect: "refuses-with-406", Warn: refusals},
	{Defect: "refuses-without-body", Fail: "A/broken-json A/missing-member", Warn: "A/wrong-type A/content-type"},

	{Defect: "sends-no-key", Fail: "client/openTicket/call client/getTicket/call"},
	{Defect: "sends-text", Fail: "client/openTicket/call"},
	{Defect: "leaves-out-text", Fail: "client/openTicket/call"},
	{Defect: "sends-unknown-unit", Fail: "client/openTicket/call"},
	{Defect: "calls-elsewhere", Fail: "client/operations"},
	{Defect: "reads-by-put", Fail: "client/operations", NotApplicable: "client/getTicket/call"},
	{Defect: "never-reads", NotApplicable: "client/getTicket/call"},
	{Defect: "repeats-without-end", Warn: "client/openTicket/after-500"},
}

// whole is a row with the IDs in full, and with what is open.
func whole(r checktest.Row) checktest.Row {
	full := strings.NewReplacer("A/", answered, "C/", closed).Replace
	r.Fail, r.Warn, r.Undetermined = full(r.Fail), full(r.Warn), full(r.Undetermined+open)
	return r
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
	checktest.Each(t, table, func(t *testing.T, r checktest.Row) {
		report := run(t, c, r.Defect, "")
		checktest.Compare(t, report, prefix, whole(r))
		if failed := report.Outcome == conformance.OutcomeFailed; failed != (r.Fail != "") {
			t.Errorf("outcome %s: %v", report.Outcome, report.Reasons)
		}
	})
}

// TestEveryCheckFailsForSomeDefect: none of them is unconditional.
func TestEveryCheckFailsForSomeDefect(t *testing.T) {
	caught := map[string]bool{}
	for _, r := range table {
		for id, verdict := range whole(r).Expected() {
			caught[id] = caught[id] || verdict == conformance.VerdictFail || verdict == conformance.VerdictWarn
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
