package elma365_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/internal/checktest"
)

// TestRunsInOneProcess judges good and defective partners one after another
// in one process.
func TestRunsInOneProcess(t *testing.T) {
	t.Parallel()
	for _, defect := range []string{"", "accepts-empty-token", "new-id-on-retry", "", "answers-400"} {
		report := subject{Row: checktest.RowOf(t, table, defect)}.judged(t, conformance.Judge)
		if defect == "" && report.Outcome != conformance.OutcomePassed {
			t.Errorf("the good partner: outcome %s, because %v", report.Outcome, report.Reasons)
		}
	}
}

// TestGoodPartners are those of which not every check says something.
func TestGoodPartners(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]subject{
		"without a token": {
			noToken: true,
			Row:     checktest.Row{NotApplicable: "webhook/empty-token webhook/token-beginning webhook/token-case"},
		},
		"that has no chats but its own, which nobody names": {
			stimulus: silent,
			Row:      checktest.Row{Defect: "refuses-unknown-chat", Only: "elma365/webhook/*", Undetermined: strings.ReplaceAll(anyMessage, "client/own-chat", "")},
		},
		"that only writes messages": {
			stimulus: onlyWrites,
			Row:      checktest.Row{NotApplicable: "client/user-info client/disconnect client/after-own-disconnect"},
		},
		"of several clients": {
			stimulus: inTurn(),
		},
		"whose clients say the same thing twice": {
			stimulus: saysItTwice,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if report := s.judged(t, conformance.Judge); report.Outcome != conformance.OutcomePassed {
				t.Errorf("outcome %s, because %v", report.Outcome, report.Reasons)
			}
		})
	}
}

// silent is a stimulus that does nothing.
func silent(context.Context, string, string) error { return errors.New("nobody is there") }

// onlyWrites is a stimulus that knows one thing, whatever it is asked.
func onlyWrites(ctx context.Context, base, _ string) error {
	return provoke(ctx, base, checks.AskMessage)
}

// saysItTwice is a stimulus after which two messages with equal contents are sent.
func saysItTwice(ctx context.Context, base, ask string) error {
	if ask == checks.AskMessage {
		if err := provoke(ctx, base, ask); err != nil {
			return err
		}
	}
	return provoke(ctx, base, ask)
}

// TestReadings judges partners with other options in force than the defaults.
func TestReadings(t *testing.T) {
	checktest.Each(t, []checktest.Row{
		// The good partner, where another meaning of the page leaves its answers open.
		{Readings: "R-10=token-first", Undetermined: "webhook/unknown-channel-foreign-token"},
		{Readings: "R-11=body-before-token R-14=by-token R-02=any-2xx R-23=empty-object R-22=object-or-nothing"},
		{Readings: "R-04=fail R-16=both-optional R-07=may-refuse R-05=ignored-with-200 R-19=any-documented R-44=may-refuse R-45=any-refusal R-46=may-be-taken"},
		{Readings: "R-23=not-found", Fail: "webhook/user-info-unknown", Warn: "webhook/optional-channel webhook/unknown-members"},
		{Readings: "R-12=required R-13=required R-15=envelope-only R-16=both-required R-17=required-from-elma365"},
		{Readings: "R-18=required", Fail: "client/disconnect"},
		{Readings: "R-03=http-customary R-20=same-body-is-a-repeat R-24=empty R-25=not-found R-30=still-open"},
		{Readings: "R-21=own-id", Undetermined: "client/no-repeat-after-success"},
		{Readings: "R-29=each-is-a-message", NotApplicable: "client/one-message"},
		{Readings: "R-31=closed-401", Fail: "webhook/after-disconnect"},
		{Readings: "R-31=still-open R-26=no-outcome R-28=until-success R-08=any R-06=json-only"},

		// A defect that another meaning excuses.
		{Readings: "R-01=always-200", Defect: "accepts-empty-token", Only: "elma365/webhook/*token*", Undetermined: "webhook/empty-token"},
		{Readings: "R-01=always-200", Defect: "accepts-any-json", Only: "not-an-object", Undetermined: "webhook/not-an-object"},
		{Readings: "R-02=any-2xx", Defect: "answers-201"},
		{Readings: "R-04=fail", Defect: "answers-405", Only: "wrong-*", Fail: "webhook/wrong-method"},
		{Readings: "R-04=fail", Defect: "answers-400", Only: "invalid-json message-empty", Fail: "webhook/invalid-json webhook/message-empty"},
		{Readings: "R-04=undetermined", Defect: "answers-405", Only: "wrong-*", Undetermined: "webhook/wrong-method"},
		{Readings: "R-05=not-200", Defect: "accepts-unknown-type", Only: "*type*", Fail: "webhook/unknown-type webhook/type-spelling"},
		{Readings: "R-06=json-only", Defect: "accepts-any-content-type", Only: "wrong-*", Fail: "webhook/wrong-content-type"},
		{Readings: "R-07=may-refuse", Defect: "breaks-on-unknown-field", Only: "unknown-*", Undetermined: "webhook/unknown-members"},
		{Readings: "R-08=any", Defect: "sends-wrong-token"},
		{Readings: "R-14=by-token", Defect: "answers-404-without-channel", Only: "*token*"},
		{Readings: "R-17=required-from-elma365", Defect: "breaks-on-missing-size", Only: "message-*", Undetermined: "webhook/message-file-without-size"},
		{Readings: "R-11=body-before-token", Defect: "reads-body-before-token", Only: "*token*"},
		{Readings: "R-16=both-optional", Defect: "accepts-empty-message", Only: "message-*", Undetermined: "webhook/message-empty"},
		{Readings: "R-16=both-required", Defect: "breaks-without-files", Only: "message-*", Undetermined: "webhook/message-text-only"},
		{Readings: "R-19=any-documented", Defect: "refuses-second-connect", Only: "connect-again", Undetermined: "webhook/connect-again"},
		{Readings: "R-44=accepted", Defect: "refuses-new-channel", Only: "connect-new-channel disconnect",
			Warn: "webhook/connect-new-channel", CouldNotRun: "webhook/disconnect"},
		{Readings: "R-22=object-or-nothing", Defect: "answers-user-info-empty", Only: "own-user"},
		{Readings: "R-26=no-answer", Defect: "never-retries-after-silence", Only: "retry-after-silence foreign-outcome one-message",
			Undetermined: "client/retry-after-silence client/foreign-outcome client/one-message"},
		// By the defaults nobody has to send again after 500, nor within any time; one that
		// does after a failed outcome has shown how long it takes.
		{Defect: "never-retries-after-500", Only: "retry-after-500", Undetermined: "client/retry-after-500"},
		{Readings: "R-26=either-or-500", Defect: "never-retries-after-500", Only: "retry-after-500", Undetermined: "client/retry-after-500"},
		{Defect: "never-retries-after-silence", Only: "retry-after-failed-outcome retry-after-silence", Warn: "client/retry-after-silence"},
		{Readings: retrying + " R-47=nobody-named", Defect: "never-retries-after-failed-outcome", Only: "retry-after-failed-outcome", Undetermined: "client/retry-after-failed-outcome"},
		{Defect: "settles-all", Only: "retry-after-failed-outcome outcome-of-one", Warn: "client/outcome-of-one"},
		{Readings: "R-41=status-only", Defect: "answers-error-in-200", Only: "webhook/message"},
		{Readings: "R-45=executed-200", Defect: "refuses-outcome-of-unknown-message", Only: "webhook/outcome"},
	}, func(t *testing.T, r checktest.Row) { subject{Row: r}.judged(t, checktest.Judge) })
}

// TestClientWithoutWebhook: a messenger that ELMA365 cannot call is judged by its
// calls, and the run says what it could not judge.
func TestClientWithoutWebhook(t *testing.T) {
	t.Parallel()
	report := subject{noTarget: true, Row: checktest.Row{
		Only:        "elma365/client/message retry-after-500 retry-after-failed-outcome own-user",
		CouldNotRun: "client/retry-after-failed-outcome client/own-user",
	}}.judged(t, conformance.Judge)
	if report.Outcome != conformance.OutcomeIncomplete {
		t.Errorf("outcome %s, want incomplete", report.Outcome)
	}
	for _, r := range report.Results {
		if r.Verdict == conformance.VerdictCouldNotRun && !strings.Contains(r.Actual, "--target") {
			t.Errorf("%s does not say what to give: %s", r.ID, r.Actual)
		}
	}
}

// TestLatencyIsNoted: figures are in the report, whatever the verdict.
func TestLatencyIsNoted(t *testing.T) {
	t.Parallel()
	report := subject{Row: checktest.Row{Only: "twenty-at-once acknowledgement slow-reader"}}.run(t, conformance.Judge)
	for _, r := range report.Results {
		if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "acknowledged in") {
			t.Errorf("%s has the notes %q", r.ID, r.Notes)
		}
	}
}

// TestNothingSecretInReports: the token stands in no text of a result.
func TestNothingSecretInReports(t *testing.T) {
	t.Parallel()
	report := subject{Row: checktest.Row{Defect: "accepts-any-token sends-wrong-token", Only: "*token* url"}}.run(t, conformance.Judge)
	for _, r := range report.Results {
		text := strings.Join([]string{r.Expected, r.Actual, r.Hint, strings.Join(r.Notes, " ")}, " ")
		if strings.Contains(text, token) {
			t.Errorf("%s tells the token: %s", r.ID, text)
		}
	}
	if report.Outcome != conformance.OutcomeFailed {
		t.Errorf("outcome %s", report.Outcome)
	}
}
