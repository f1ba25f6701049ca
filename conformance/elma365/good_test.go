package elma365_test

import (
	"context"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/suite"
)

// TestRunsInOneProcess judges good and defective partners with suite.Run, one
// after another in one process.
func TestRunsInOneProcess(t *testing.T) {
	for _, defect := range []string{"", "accepts-empty-token", "new-id-on-retry", "", "answers-400", ""} {
		s, want := subject{token: token}, map[string]conformance.Verdict{}
		if defect != "" {
			s.defects, want = []string{defect}, rowOf(t, defect).expected()
		}
		report := s.run(t, suite.Run)
		compare(t, report, want)
		if defect == "" && report.Outcome != conformance.Passed {
			t.Errorf("the good partner: outcome %s, because %v", report.Outcome, report.Reasons)
		}
	}
}

func rowOf(t *testing.T, defect string) row {
	t.Helper()
	for _, r := range table {
		if r.defect == defect {
			return r
		}
	}
	t.Fatalf("no row for %s", defect)
	return row{}
}

// TestGoodPartners are those of which not every check says something.
func TestGoodPartners(t *testing.T) {
	for name, test := range map[string]struct {
		subject
		row
	}{
		"without a token": {subject{}, row{notApplicable: "webhook/empty-token webhook/token-beginning webhook/token-case"}},
		"that only writes messages": {
			subject{token: token, stimulus: onlyWrites},
			row{notApplicable: "client/user-info client/disconnect client/after-own-disconnect"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := test.run(t, conformance.Judge)
			compare(t, report, test.expected())
			if report.Outcome != conformance.Passed {
				t.Errorf("outcome %s, because %v", report.Outcome, report.Reasons)
			}
		})
	}
}

// onlyWrites is a stimulus that knows one thing, whatever it is asked.
func onlyWrites(ctx context.Context, base, _ string) error {
	return provoke(ctx, base, checks.AskMessage)
}

// TestReadings judges partners with other options in force than the defaults.
func TestReadings(t *testing.T) {
	for _, test := range []struct {
		readings string
		row
	}{
		// The good partner, where another meaning of the page leaves its answers open.
		{"R-10=token-first", row{undetermined: "webhook/unknown-channel-foreign-token"}},
		{"R-11=body-before-token R-14=by-token R-02=any-2xx R-23=empty-object R-22=object-or-nothing", row{}},
		{"R-04=fail R-16=both-optional R-07=may-refuse R-05=ignored-with-200 R-19=any-documented R-44=may-refuse R-45=any-documented", row{}},
		{"R-23=not-found", row{warn: "webhook/user-info-unknown webhook/optional-channel webhook/unknown-members"}},
		{"R-12=required R-13=required R-15=envelope-only R-16=both-required R-17=required-from-elma365", row{}},
		{"R-18=required", row{fail: "client/disconnect"}},
		{"R-03=http-customary R-20=same-body-is-a-repeat R-24=empty R-25=not-found R-30=still-open", row{}},
		{"R-21=own-id", row{undetermined: "client/no-repeat-after-success"}},
		{"R-29=each-is-a-message", row{notApplicable: "client/one-message"}},
		{"R-31=closed-401", row{warn: "webhook/after-disconnect"}},
		{"R-31=still-open R-26=no-outcome R-28=until-success R-08=any R-06=json-only", row{}},

		// A defect that another meaning excuses.
		{"R-01=always-200", row{defect: "accepts-empty-token", only: "elma365/webhook/*token*", undetermined: "webhook/empty-token"}},
		{"R-01=always-200", row{defect: "accepts-any-json", only: "not-an-object", undetermined: "webhook/not-an-object"}},
		{"R-02=any-2xx", row{defect: "answers-201"}},
		{"R-04=fail", row{defect: "answers-405", only: "get wrong-*", warn: "webhook/get webhook/wrong-method"}},
		{"R-04=fail", row{defect: "answers-400", only: "invalid-json message-empty", fail: "webhook/invalid-json", warn: "webhook/message-empty"}},
		{"R-04=undetermined", row{defect: "answers-405", only: "get wrong-*", undetermined: "webhook/get webhook/wrong-method"}},
		{"R-05=ignored-with-200", row{defect: "accepts-unknown-type", only: "*type*", undetermined: "webhook/unknown-type webhook/type-spelling"}},
		{"R-06=json-only", row{defect: "accepts-any-content-type", only: "wrong-*", warn: "webhook/wrong-content-type"}},
		{"R-07=may-refuse", row{defect: "breaks-on-unknown-field", only: "unknown-*", undetermined: "webhook/unknown-members"}},
		{"R-08=any", row{defect: "sends-wrong-token"}},
		{"R-14=by-token", row{defect: "answers-404-without-channel", only: "*token*"}},
		{"R-17=required-from-elma365", row{defect: "breaks-on-missing-size", only: "message-*", undetermined: "webhook/message-file-without-size"}},
		{"R-11=body-before-token", row{defect: "reads-body-before-token", only: "*token*"}},
		{"R-16=both-optional", row{defect: "accepts-empty-message", only: "message-*", undetermined: "webhook/message-empty"}},
		{"R-16=both-required", row{defect: "breaks-without-files", only: "message-*", undetermined: "webhook/message-text-only"}},
		{"R-19=any-documented", row{defect: "refuses-second-connect", only: "connect-again", undetermined: "webhook/connect-again"}},
		{"R-19=any-documented", row{defect: "refuses-new-channel", only: "connect-new-channel disconnect",
			undetermined: "webhook/connect-new-channel webhook/disconnect"}},
		{"R-22=object-or-nothing", row{defect: "answers-user-info-empty", only: "own-user"}},
		{"R-26=no-answer", row{defect: "never-retries-after-silence", only: "retry-after-silence foreign-outcome one-message",
			undetermined: "client/retry-after-silence client/foreign-outcome client/one-message"}},
		{"R-27=no-limit", row{defect: "never-retries-after-500", only: "retry-after-500 retry-contents",
			undetermined: "client/retry-after-500 client/retry-contents"}},
		{"R-45=any-documented", row{defect: "refuses-outcome-of-unknown-message", only: "outcome* optional-* unknown-*",
			undetermined: "webhook/outcome webhook/outcome-failed webhook/optional-channel webhook/unknown-members"}},
	} {
		t.Run(strings.TrimSpace(test.readings+" "+test.defect), func(t *testing.T) {
			t.Parallel()
			s := subject{token: token, only: strings.Fields(test.only), readings: map[string]string{}}
			if test.defect != "" {
				s.defects = []string{test.defect}
			}
			for _, chosen := range strings.Fields(test.readings) {
				id, option, _ := strings.Cut(chosen, "=")
				s.readings["ELMA365-"+id] = option
			}
			compare(t, s.run(t, conformance.Judge), test.expected())
		})
	}
}

// TestClientWithoutWebhook: a messenger that ELMA365 cannot call is judged by its
// calls, and the run says what it could not judge.
func TestClientWithoutWebhook(t *testing.T) {
	report := subject{token: token, noTarget: true, only: []string{"elma365/client/message", "retry-after-500", "retry-after-failed-outcome", "own-user"}}.
		run(t, conformance.Judge)
	compare(t, report, row{notRun: "client/retry-after-failed-outcome client/own-user"}.expected())
	if report.Outcome != conformance.Incomplete {
		t.Errorf("outcome %s, want incomplete", report.Outcome)
	}
	for _, r := range report.Results {
		if r.Verdict == conformance.NotRun && !strings.Contains(r.Actual, "--target") {
			t.Errorf("%s does not say what to give: %s", r.ID, r.Actual)
		}
	}
}

// TestLatencyIsNoted: figures are in the report, whatever the verdict.
func TestLatencyIsNoted(t *testing.T) {
	report := subject{token: token, only: []string{"twenty-at-once", "acknowledgement", "slow-reader"}}.run(t, conformance.Judge)
	for _, r := range report.Results {
		if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "acknowledged in") {
			t.Errorf("%s has the notes %q", r.ID, r.Notes)
		}
	}
}

// TestNothingSecretInReports: the token stands in no text of a result.
func TestNothingSecretInReports(t *testing.T) {
	report := subject{token: token, defects: []string{"accepts-any-token", "sends-wrong-token"}, only: []string{"*token*", "url"}}.run(t, conformance.Judge)
	for _, r := range report.Results {
		text := strings.Join([]string{r.Expected, r.Actual, r.Hint, strings.Join(r.Notes, " ")}, " ")
		if strings.Contains(text, token) {
			t.Errorf("%s tells the token: %s", r.ID, text)
		}
	}
	if report.Outcome != conformance.NotPassed {
		t.Errorf("outcome %s", report.Outcome)
	}
}
