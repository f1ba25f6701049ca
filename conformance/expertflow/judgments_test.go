package expertflow_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/internal/checktest"
)

// TestRunsInOneProcess judges good and defective partners one after another
// in one process.
func TestRunsInOneProcess(t *testing.T) {
	t.Parallel()
	for _, r := range []checktest.Row{{}, checktest.RowOf(t, table, "schedule-names-conversation"), {Readings: "R-01=on"}} {
		report := subject{Row: r}.judged(t, conformance.Judge)
		if r.Defect == "" && report.Outcome != conformance.OutcomePassed {
			t.Errorf("the good partner: outcome %s, because %v", report.Outcome, report.Reasons)
		}
		if report.Channel != "" || report.Address != "http://vendor.example" {
			t.Errorf("a vendor without events has channel %q, and is called at %q", report.Channel, report.Address)
		}
	}
}

// TestReadings judges applications with other options in force than the defaults.
func TestReadings(t *testing.T) {
	checktest.Each(t, []checktest.Row{
		// The good application, where another meaning of the pages judges it differently.
		{Readings: "R-01=on R-02=forms R-04=not-found R-05=one-activity R-07=exactly-one R-08=session-first"},
		{Readings: "R-12=required R-13=required R-16=number-or-string R-18=object-id R-21=code R-27=open"},
		{Readings: "R-03=silent", NotApplicable: "no-repeat-after-400"},
		{Readings: "R-06=free", Undetermined: "repeat-after-500 repeat-after-silence"},
		{Readings: "R-06=never", Fail: "repeat-after-500 repeat-after-silence"},
		{Readings: "R-09=required", Fail: "selector", NotApplicable: "stand-alone", CouldNotRun: unaccepted},
		{Readings: "R-10=recognised-only", Fail: "body"},
		{Readings: "R-11=url"},
		{Readings: "R-11=voice-recording", Fail: "recording-link"},
		{Readings: "R-12=uuid", Fail: "id", CouldNotRun: unaccepted},
		{Readings: "R-14=lower-case", Fail: "sender-type"},
		{Readings: "R-15=seconds", Fail: "timestamp"},
		{Readings: "R-22=mediaURL", Fail: "url", CouldNotRun: unaccepted},

		// A defect that another meaning excuses.
		{Defect: "never-logs-in", NotApplicable: "token renew-after-401 token-endpoint token-request"},
		{Defect: "retries-without-login", NotApplicable: "token renew-after-401 token-endpoint token-request"},
		{Defect: "pushes-to-forms", Readings: "R-02=forms", Only: "path", Undetermined: "path"},
		{Defect: "sends-sender-type-in-lower-case", Readings: "R-14=either"},
		{Defect: "sends-sender-type-in-lower-case", Readings: "R-14=lower-case"},
		{Defect: "sends-seconds", Readings: "R-15=seconds"},
		{Defect: "sends-timestamp-as-text", Readings: "R-16=number-or-string"},
		{Defect: "names-reply-as-before-2023", Readings: "R-19=replyToMessageId", Pass: "reply-name"},
		{Defect: "sends-sticker-without-url", Readings: "R-21=code", Pass: "sticker"},
		{Defect: "spells-url-as-in-the-table", Readings: "R-22=mediaURL", Only: "url", Fail: "url"}, // its recordings are URLs too
		{Defect: "sends-details-as-object", Pass: "sticker additional-details"},
		{Defect: "sends-blank-identifiers", Readings: "R-17=not-blank", Fail: "channel-identifiers", Pass: "channel-data", CouldNotRun: unaccepted},

		// What was agreed on fails, though no page says it.
		{Defect: "sends-as-text", Readings: "R-47=refused", Fail: "content-type", CouldNotRun: unaccepted},
		{Defect: "sends-seconds", Readings: "R-15=milliseconds", Fail: "timestamp"},
		{Defect: "sends-timestamp-as-text", Readings: "R-16=number", Fail: "timestamp"},
		{Defect: "sends-as-agent", Readings: "R-14=capitals", Fail: "sender-type"},
		{Defect: "names-customer-as-on-the-page", Readings: "R-18=object-id", Fail: "selector channel-session conversation", Warn: "recording-link", CouldNotRun: unaccepted},
		{Defect: "spells-url-as-in-the-table", Readings: "R-22=mediaUrl", Fail: "url"},
		{Defect: "spells-status-as-in-the-table", Readings: "R-24=capitals", Fail: "delivery-notification"},
		{Defect: "uses-one-id", Readings: "R-05=one-activity", Fail: "unique-ids", Warn: "repeat-after-500 repeat-after-silence"},
		{Defect: "pushes-to-forms", Readings: "R-02=activities", Only: "path", Fail: "path"},
		{Defect: "never-sends-token", Readings: "R-01=on", Only: "token", Fail: "token"},
		{Defect: "sends-token-without-bearer", Readings: "R-01=on", Only: "token", Fail: "token"},
		{Defect: "logs-in-as-agent", Readings: "R-46=keycloak", Only: "token token-endpoint", Fail: "token-endpoint", CouldNotRun: "token"},

		{Defect: "new-id-on-repeat", Readings: "R-06=free", Undetermined: "repeat-after-500 repeat-after-silence"},
		{Defect: "sends-no-id", Readings: "R-12=required", Fail: "id", NotApplicable: "unique-ids", CouldNotRun: unaccepted},
	}, func(t *testing.T, r checktest.Row) { subject{Row: r}.judged(t, checktest.Judge) })
}

// TestApplicationsThatDoLess are good ones of which not every check says something.
func TestApplicationsThatDoLess(t *testing.T) {
	t.Parallel()
	const surveysOnly = "channel-session recording-link stand-alone url"
	for name, s := range map[string]subject{
		"one that pushes each activity once": { // it cannot push again after 401 either
			attempts: 1,
			Row:      checktest.Row{Warn: "renew-after-401", NotApplicable: "repeat-after-500 repeat-after-silence"},
		},
		"one that waits for every answer": {
			patient: true,
			Row:     checktest.Row{NotApplicable: "repeat-after-silence"},
		},
		"one whose stimulus fails after each push, because it tells what the vendor answered": {
			complains: true,
		},
		"one that pushes two activities with equal contents": {
			stimulus: twice, talkative: true,
		},
		"one that has recordings only": {
			stimulus: always("/push-recording", ""),
			Row:      checktest.Row{NotApplicable: "conversation stand-alone"},
		},
		"one that has surveys only": {
			stimulus: always("/push-survey", ""),
			Row:      checktest.Row{NotApplicable: surveysOnly},
		},
		"one that names customer and conversation, like a sample of the vendor's": {
			stimulus: always("/push-survey", `{"customer":"642b51a661e49d5776378711","conversation":"642b51a7d9ba694f5ba0ba7f"}`),
			Row:      checktest.Row{NotApplicable: surveysOnly},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.judged(t, conformance.Judge)
		})
	}
}

// always is a stimulus that does one thing, whatever it is asked.
func always(path, body string) func(context.Context, string, string) error {
	return func(ctx context.Context, base, ask string) error { return checktest.Ask(ctx, base+path, ask, body) }
}

// twice is a stimulus after which two activities are pushed.
func twice(ctx context.Context, base, ask string) error {
	if err := provoke(ctx, base, ask); err != nil {
		return err
	}
	return provoke(ctx, base, ask)
}

// TestEachTypeCanPass pushes the contract's sample of each recognised type: every
// check of a body passes, and none is not applicable.
func TestEachTypeCanPass(t *testing.T) {
	t.Parallel()
	contract := contracts.With(t, "")
	var bodies []string
	for name, payload := range contract.Payloads {
		if sample, ok := payload.Sample(""); ok && strings.HasPrefix(name, "bodies/") {
			bodies = append(bodies, string(sample.Body))
		}
	}
	if len(bodies) < 25 {
		t.Fatalf("%d samples of bodies", len(bodies))
	}
	var next atomic.Int64
	all := func(ctx context.Context, base, ask string) error {
		for range bodies {
			body := bodies[int(next.Add(1))%len(bodies)]
			if err := checktest.Ask(ctx, base+"/push-recording", ask, `{"body":`+body+`}`); err != nil {
				return err
			}
		}
		return nil
	}
	names := "media sticker location contact url button carousel template receipt email comment voice action wrapup notification delivery-notification deleted-notification additional-details body message"
	report := subject{stimulus: all, Row: checktest.Row{Only: "unique-ids " + names}}.run(t, checktest.Judge)
	for _, r := range report.Results {
		if r.Verdict != conformance.VerdictPass {
			t.Errorf("%s: %s, %s", r.ID, r.Verdict, r.Actual)
		}
	}
}

// TestEachCheckRunsAlone: the command that reproduces a result runs one check, so
// none may depend on another, whether the gateway asks for tokens or not.
func TestEachCheckRunsAlone(t *testing.T) {
	table := slices.Concat(checktest.OnePerCheck(checks.Suites(), ""), checktest.OnePerCheck(checks.Suites(), "R-01=on"))
	checktest.Each(t, table, func(t *testing.T, r checktest.Row) { subject{Row: r}.judged(t, checktest.Judge) })
}

// TestNothingSecretInReports: no token stands in a text of a result, nor in an
// exchange of the report.
func TestNothingSecretInReports(t *testing.T) {
	t.Parallel()
	report := subject{Row: checktest.Row{Readings: "R-01=on", Defect: "uses-fixed-token sends-token-without-bearer", Only: "token renew-after-401 token-endpoint"}}.run(t, conformance.Judge)
	for _, r := range report.Results {
		if text := strings.Join([]string{r.Expected, r.Actual, r.Hint, strings.Join(r.Notes, " ")}, " "); strings.Contains(text, "example-access-token") {
			t.Errorf("%s tells the token: %s", r.ID, text)
		}
	}
	for _, e := range report.Exchanges {
		if strings.Contains(e.Request.Header.Get("Authorization"), "example-access-token") {
			t.Errorf("%s shows the token", e.ID)
		}
	}
	if report.Outcome != conformance.OutcomeFailed {
		t.Errorf("outcome %s", report.Outcome)
	}
}
