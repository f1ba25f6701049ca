package expertflow_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/suite"
)

// TestRunsInOneProcess judges good and defective partners with suite.Run, one
// after another in one process.
func TestRunsInOneProcess(t *testing.T) {
	for _, r := range []row{{}, rowOf(t, "schedule-names-conversation"), {readings: "EF-R-01=on"}} {
		s := subject{readings: r.readings}
		if r.defect != "" {
			s.defects = []string{r.defect}
		}
		report := s.run(t, suite.Run)
		compare(t, report, r.expected())
		if r.defect == "" && report.Outcome != conformance.Passed {
			t.Errorf("the good partner: outcome %s, because %v", report.Outcome, report.Reasons)
		}
		if report.Channel != "" || report.Address != "http://vendor.example" {
			t.Errorf("a vendor without events has channel %q, and is called at %q", report.Channel, report.Address)
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

// TestReadings judges applications with other options in force than the defaults.
func TestReadings(t *testing.T) {
	for _, r := range []row{
		// The good application, where another meaning of the pages judges it differently.
		{readings: "EF-R-01=on EF-R-02=forms EF-R-04=not-found EF-R-05=one-activity EF-R-07=exactly-one EF-R-08=session-first"},
		{readings: "EF-R-12=required EF-R-13=required EF-R-16=number-or-string EF-R-18=object-id EF-R-21=code EF-R-27=open"},
		{readings: "EF-R-03=silent", notApplicable: "no-repeat-after-400"},
		{readings: "EF-R-06=free", undetermined: "repeat-after-500 repeat-after-silence"},
		{readings: "EF-R-06=never", warn: "repeat-after-500 repeat-after-silence"},
		{readings: "EF-R-09=required", fail: "selector", notApplicable: "stand-alone", notRun: unaccepted},
		{readings: "EF-R-10=recognised-only", fail: "body"},
		{readings: "EF-R-11=url"},
		{readings: "EF-R-11=voice-recording", warn: "recording-link"},
		{readings: "EF-R-12=uuid", warn: "id", notRun: unaccepted},
		{readings: "EF-R-14=lower-case", warn: "sender-type"},
		{readings: "EF-R-15=seconds", warn: "timestamp"},
		{readings: "EF-R-22=mediaURL", fail: "url", notRun: unaccepted},

		// A defect that another meaning excuses.
		{defect: "never-logs-in", notApplicable: "token renew-after-401 token-endpoint token-request"},
		{defect: "retries-without-login", notApplicable: "token renew-after-401 token-endpoint token-request"},
		{defect: "pushes-to-forms", readings: "EF-R-02=forms", only: "path", undetermined: "path", pass: neverSent},
		{defect: "sends-sender-type-in-lower-case", readings: "EF-R-14=either"},
		{defect: "sends-sender-type-in-lower-case", readings: "EF-R-14=lower-case"},
		{defect: "sends-seconds", readings: "EF-R-15=seconds"},
		{defect: "sends-timestamp-as-text", readings: "EF-R-16=number-or-string"},
		{defect: "names-reply-as-before-2023", readings: "EF-R-19=replyToMessageId", pass: "reply-name"},
		{defect: "sends-sticker-without-url", readings: "EF-R-21=code", pass: "sticker"},
		{defect: "spells-url-as-in-the-table", readings: "EF-R-22=mediaURL", only: "url", fail: "url", pass: neverSent}, // its recordings are URLs too
		{defect: "sends-details-as-object", pass: "sticker additional-details"},
		{defect: "sends-blank-identifiers", readings: "EF-R-17=not-blank", warn: "channel-identifiers", pass: "channel-data", notRun: unaccepted},
		{defect: "new-id-on-repeat", readings: "EF-R-06=free", undetermined: "repeat-after-500 repeat-after-silence"},
		{defect: "sends-no-id", readings: "EF-R-12=required", warn: "id", notApplicable: "unique-ids", notRun: unaccepted},
	} {
		t.Run(strings.TrimSpace(r.readings+" "+r.defect), func(t *testing.T) {
			t.Parallel()
			s := subject{readings: r.readings, only: strings.Fields(r.only)}
			if r.defect != "" {
				s.defects = []string{r.defect}
			}
			compare(t, s.run(t, conformance.Judge), r.expected())
		})
	}
}

// TestApplicationsThatDoLess are good ones of which not every check says something.
func TestApplicationsThatDoLess(t *testing.T) {
	for name, test := range map[string]struct {
		subject
		row
	}{
		"one that pushes each activity once": {
			subject{attempts: 1},
			row{notApplicable: "token renew-after-401 repeat-after-500 repeat-after-silence"},
		},
		"one that has recordings only": {
			subject{stimulus: always("/push-recording", "")},
			row{notApplicable: "conversation stand-alone"},
		},
		"one that has surveys only": {
			subject{stimulus: always("/push-survey", "")},
			row{notApplicable: "channel-session recording-link stand-alone url"},
		},
		"one that names customer and conversation, like a sample of the vendor's": {
			subject{stimulus: always("/push-survey", `{"customer":"642b51a661e49d5776378711","conversation":"642b51a7d9ba694f5ba0ba7f"}`)},
			row{notApplicable: "channel-session recording-link stand-alone url"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := test.subject.run(t, conformance.Judge)
			want := test.row.expected()
			if test.attempts == 1 { // it cannot push again after 401 either
				delete(want, "token")
				delete(want, "renew-after-401")
				want["token"], want["renew-after-401"] = conformance.Failed, conformance.Warned
			}
			compare(t, report, want)
		})
	}
}

// always is a stimulus that does one thing, whatever it is asked.
func always(path, body string) func(context.Context, string, string) error {
	return func(ctx context.Context, base, ask string) error { return order(ctx, base+path, ask, body) }
}

// TestEachTypeCanPass pushes the contract's sample of each recognised type: every
// check of a body passes, and none is not applicable.
func TestEachTypeCanPass(t *testing.T) {
	contract := withReadings(t, "")
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
			if err := order(ctx, base+"/push-recording", ask, `{"body":`+body+`}`); err != nil {
				return err
			}
		}
		return nil
	}
	names := "plain media sticker location contact url button carousel template receipt email comment voice action wrapup notification delivery-notification deleted-notification additional-details body message"
	report := subject{stimulus: all, only: strings.Fields("unique-ids " + names)}.run(t, conformance.Judge)
	for _, r := range report.Results {
		if r.Verdict != conformance.Pass {
			t.Errorf("%s: %s, %s", r.ID, r.Verdict, r.Actual)
		}
	}
}

// TestEachCheckRunsAlone: the command that reproduces a result runs one check, so
// none may depend on another, whether the gateway asks for tokens or not.
func TestEachCheckRunsAlone(t *testing.T) {
	never := row{}.expected()
	for _, s := range checks.Suites() {
		for _, c := range s.Checks {
			name := strings.TrimPrefix(c.ID, "expertflow/client/")
			for _, readings := range []string{"", "EF-R-01=on"} {
				t.Run(strings.TrimSpace(name+" "+readings), func(t *testing.T) {
					t.Parallel()
					want := map[string]conformance.Verdict{}
					if v, ok := never[name]; ok {
						want[name] = v
					}
					compare(t, subject{only: []string{c.ID}, readings: readings}.run(t, conformance.Judge), want)
				})
			}
		}
	}
}

// TestNothingSecretInReports: no token stands in a text of a result, nor in an
// exchange of the report.
func TestNothingSecretInReports(t *testing.T) {
	report := subject{defects: []string{"uses-fixed-token", "sends-token-without-bearer"}, only: strings.Fields("token renew-after-401 token-endpoint")}.run(t, conformance.Judge)
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
	if report.Outcome != conformance.NotPassed {
		t.Errorf("outcome %s", report.Outcome)
	}
}
