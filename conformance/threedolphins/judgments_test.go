package threedolphins_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
)

// open are the checks that no page lets anybody decide, unless a reading is switched.
const open = ` webhook/invalid-json webhook/empty-body webhook/not-an-object webhook/missing-members webhook/wrong-types
	webhook/wrong-content-type client/after-401 client/after-500 client/after-silence client/close-after-500`

// taken are the checks of what is to be answered with success.
const taken = " webhook/text webhook/empty-optional" + anyIncoming

// TestRunsInOneProcess judges good and defective partners one after
// another in one process, by the default readings.
func TestRunsInOneProcess(t *testing.T) {
	t.Parallel()
	for _, r := range []checktest.Row{
		{Undetermined: open},
		{Defect: "sends-no-owner", Fail: "client/owner", CouldNotRun: unreplied, Undetermined: open},
		{Defect: "breaks-on-emoji", Warn: "webhook/emoji", Undetermined: open},
		{Undetermined: open},
	} {
		report := subject{Row: r}.judged(t, conformance.Judge)
		if want := outcome(r); report.Outcome != want {
			t.Errorf("%q: outcome %s, want %s, because %v", r.Defect, report.Outcome, want, report.Reasons)
		}
	}
}

func outcome(r checktest.Row) conformance.Outcome {
	switch {
	case r.Fail != "":
		return conformance.OutcomeFailed
	case r.CouldNotRun != "":
		return conformance.OutcomeIncomplete
	}
	return conformance.OutcomePassed
}

// TestGoodPartners are those that are not the reference partner with all it does.
func TestGoodPartners(t *testing.T) {
	t.Parallel()
	waiting := &byHand{}
	for name, s := range map[string]subject{
		"that does all": {},
		"that answers when a person does so": {
			between: waiting.hold, stimulus: waiting.act,
			Row: checktest.Row{Only: "3dolphins/client/*"},
		},
		"that tells when it takes a ticket": {client: preface{"command", opening}, Row: checktest.Row{Only: "3dolphins/client/*"}},
		"that tells when it takes a ticket, and never closes one": {
			client: preface{"command", opening}, stimulus: func(context.Context, string, string) error { return nil },
			Row: checktest.Row{Only: "3dolphins/client/*", NotApplicable: unclosed + " client/close client/close-after-500"},
		},
		"that asks a customer to wait before it sends media": {
			client: preface{"outgoing", wait},
			Row:    checktest.Row{Only: "client/media client/location"},
		},
		"that never closes a ticket": {
			stimulus: func(context.Context, string, string) error { return nil },
			Row:      checktest.Row{NotApplicable: uncommanded + " client/close client/command-url client/command-content-type client/command-json"},
		},
		"that nobody can make act": {
			stimulus: func(context.Context, string, string) error { return errors.New("nobody is there") },
			quiet:    quick.Answer,
			Row: checktest.Row{
				Only: "reply command-event close close-once", CouldNotRun: "client/close", NotApplicable: "client/command-event client/close-once",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.Readings = strict
			report := s.judged(t, conformance.Judge)
			if want := outcome(s.Row); report.Outcome != want {
				t.Errorf("outcome %s, want %s, because %v", report.Outcome, want, report.Reasons)
			}
		})
	}
}

// TestReadings judges partners with other options in force than the defaults.
func TestReadings(t *testing.T) {
	checktest.Each(t, []checktest.Row{
		// The good partner, where another meaning of the page leaves its answers open.
		{Undetermined: open},
		{Readings: "R-06=only-200", Undetermined: open},
		{Readings: "R-06=status-success R-08=json-only R-11=same-body-is-a-repeat R-16=media-has-link", Undetermined: open},
		{Readings: "R-10=refusal-expected", Undetermined: "client/after-401 client/after-500 client/after-silence client/close-after-500"},
		{Readings: "R-14=send-again R-15=may-refuse R-17=always R-18=content-only R-22=closed-set R-23=json-in-message",
			Undetermined: strings.NewReplacer("client/after-401", "", "client/after-500", "", "client/after-silence", "", "client/close-after-500", "").Replace(open)},
		{Readings: strict + "R-23=in-message-type R-25=message R-26=utc R-27=any-case R-32=reopened R-33=reopened"},
		{Readings: strict + "R-09=server-error R-12=same-body-is-a-repeat R-35=empty"},
		{Readings: strict + "R-09=success-status-with-failure R-34=always-200 R-27=exact R-32=refused"},
		{Readings: strict + "R-20=not-compared", NotApplicable: "client/channel-and-owner client/close-channel-and-owner"},
		{Readings: strict + "R-01=headings", Undetermined: untaken + unread + " client/url client/json client/content-type"},
		{Readings: strict + "R-05=bearer", CouldNotRun: unreplied + unclosed},

		// A defect that another meaning excuses, or shows.
		{Defect: "answers-201", Undetermined: open},
		{Defect: "answers-in-html", Undetermined: open + taken},
		{Defect: "answers-in-html", Readings: "R-06=any-2xx", Undetermined: open},
		{Defect: "answers-with-error", Undetermined: open + taken},
		{Defect: "breaks-off-at-invalid-json", Only: "invalid-json empty-body", Warn: "webhook/invalid-json webhook/empty-body"},
		{Defect: "accepts-any-json", Only: "not-an-object", Undetermined: "webhook/not-an-object"},
		{Defect: "accepts-any-content-type", Readings: strict, Only: "wrong-content-type", Undetermined: "webhook/wrong-content-type"},
		{Defect: "breaks-on-unknown-field", Readings: "R-15=may-refuse", Only: "unknown-members", Undetermined: "webhook/unknown-members"},
		{Defect: "breaks-without-additional", Readings: "R-17=always", Only: "without-additional", Undetermined: "webhook/without-additional"},
		{Defect: "sends-no-owner", Readings: strict + "R-18=content-only"},
		{Defect: "sends-unknown-type", Readings: strict + "R-22=closed-set", Fail: "client/known-type client/message-type", CouldNotRun: unreplied},
		{Defect: "sends-link-in-message", Readings: strict + "R-16=media-has-link", Fail: "client/media-link client/media"},
		{Defect: "sends-location-in-words", Readings: strict + "R-23=json-in-message", Fail: "client/location"},
		{Defect: "sends-replies-twice", Readings: strict + "R-12=same-body-is-a-repeat"},
		{Defect: "sends-whatsapp-always", Readings: strict + "R-20=not-compared", NotApplicable: "client/channel-and-owner client/close-channel-and-owner"},
		{Defect: "closes-in-small-letters", Readings: strict + "R-27=any-case"},
		{Defect: "closes-in-small-letters", Readings: strict + "R-27=unknown-ignored", Fail: "client/close", CouldNotRun: "client/close-ticket"},
		{Defect: "closes-in-small-letters", Only: "close", Warn: "client/close"},
		{Defect: "closes-as-closed", Only: "close", Fail: "client/close"},
		{Defect: "closes-twice", Readings: strict + "R-32=refused", Warn: "client/close-once"},
		{Defect: "never-retries-after-500", Only: "after-500 close-after-500", Undetermined: "client/after-500 client/close-after-500"},
	}, func(t *testing.T, r checktest.Row) { subject{Row: r}.judged(t, checktest.Judge) })
}

// TestLatencyIsNoted: figures are in the report, whatever the verdict.
func TestLatencyIsNoted(t *testing.T) {
	t.Parallel()
	report := subject{Row: checktest.Row{Only: "twenty-at-once one-ticket-at-once twice-at-once acknowledgement"}}.run(t, conformance.Judge)
	if len(report.Results) != 4 {
		t.Errorf("%d results, want 4", len(report.Results))
	}
	for _, r := range report.Results {
		if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "acknowledged in") {
			t.Errorf("%s has the notes %q", r.ID, r.Notes)
		}
	}
}

// TestOneCheckAlone: each check brings what it needs.
func TestOneCheckAlone(t *testing.T) {
	checktest.Each(t, checktest.OnePerCheck(integration(), strict), func(t *testing.T, r checktest.Row) { subject{Row: r}.judged(t, checktest.Judge) })
}
