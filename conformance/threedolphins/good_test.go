package threedolphins_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/suite"
)

// open are the checks that no page lets anybody decide, unless a reading is switched.
const open = ` webhook/invalid-json webhook/empty-body webhook/not-an-object webhook/missing-members webhook/wrong-types
	webhook/wrong-content-type client/after-401 client/after-500 client/after-silence client/close-after-500`

// TestRunsInOneProcess judges good and defective partners with suite.Run, one after
// another in one process, by the default readings.
func TestRunsInOneProcess(t *testing.T) {
	for _, test := range []row{
		{},
		{defect: "sends-no-owner", fail: "client/owner", notRun: unreplied, undetermined: open},
		{defect: "breaks-on-emoji", warn: "webhook/emoji", undetermined: open},
		{},
	} {
		s := subject{}
		if test.undetermined = open; test.defect != "" {
			s.defects = []string{test.defect}
		}
		report := s.run(t, suite.Run)
		compare(t, report, test.expected())
		if want := test.outcome(); report.Outcome != want {
			t.Errorf("%q: outcome %s, want %s, because %v", test.defect, report.Outcome, want, report.Reasons)
		}
	}
}

func (r row) outcome() conformance.Outcome {
	switch {
	case r.fail != "":
		return conformance.NotPassed
	case r.notRun != "":
		return conformance.Incomplete
	}
	return conformance.Passed
}

// TestGoodPartners are those that are not the reference partner with all it does.
func TestGoodPartners(t *testing.T) {
	waiting := &byHand{}
	for name, test := range map[string]struct {
		subject
		row
	}{
		"that does all":                      {subject{}, row{}},
		"that answers when a person does so": {subject{between: waiting.hold, stimulus: waiting.act, only: []string{"3dolphins/client/*"}}, row{}},
		"that never closes a ticket": {
			subject{stimulus: func(context.Context, string, string) error { return nil }},
			row{notApplicable: uncommanded + " client/close client/command-url client/command-content-type client/command-json"},
		},
		"that nobody can make act": {
			subject{stimulus: func(context.Context, string, string) error { return errors.New("nobody is there") }, only: []string{"reply", "command-event", "close", "close-once"}},
			row{notRun: "client/command-event", notApplicable: "client/close client/close-once"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.subject.readings = strict
			report := test.run(t, conformance.Judge)
			compare(t, report, test.expected())
			if want := test.outcome(); report.Outcome != want {
				t.Errorf("outcome %s, want %s, because %v", report.Outcome, want, report.Reasons)
			}
		})
	}
}

// byHand is a third party whose customers are answered by a person: it keeps events,
// and the bot behind it learns of them when somebody is asked to act.
type byHand struct {
	bot  http.Handler
	mu   sync.Mutex
	held [][]byte // bodies
}

func (b *byHand) hold(bot http.Handler) http.Handler {
	b.bot = bot
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/webhook" || r.Method != http.MethodPost {
			bot.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.held = append(b.held, body)
		w.WriteHeader(http.StatusAccepted)
	})
}

// act hands the event of the ticket that is asked about on to the bot, which answers.
func (b *byHand) act(ctx context.Context, base, ask string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, body := range b.held {
		var event struct{ TicketNumber string }
		if json.Unmarshal(body, &event) == nil && strings.Contains(ask, event.TicketNumber) {
			r := httptest.NewRequest(http.MethodPost, "/webhook", bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			b.bot.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	return provoke(ctx, base, ask)
}

// TestReadings judges partners with other options in force than the defaults.
func TestReadings(t *testing.T) {
	for _, test := range []row{
		// The good partner, where another meaning of the page leaves its answers open.
		{undetermined: open},
		{readings: "R-06=only-200", undetermined: open},
		{readings: "R-06=status-success R-08=json-only R-11=same-body-is-a-repeat R-16=media-has-link", undetermined: open},
		{readings: "R-10=refusal-expected", undetermined: "client/after-401 client/after-500 client/after-silence client/close-after-500"},
		{readings: "R-14=send-again R-15=may-refuse R-17=always R-18=content-only R-22=closed-set R-23=json-in-message",
			undetermined: strings.NewReplacer("client/after-401", "", "client/after-500", "", "client/after-silence", "", "client/close-after-500", "").Replace(open)},
		{readings: strict + "R-23=in-message-type R-25=message R-26=utc R-27=any-case R-32=reopened R-33=reopened"},
		{readings: strict + "R-09=http-customary R-12=same-body-is-a-repeat R-35=empty"},
		{readings: strict + "R-09=success-status-with-failure R-34=always-200 R-27=unknown-ignored R-32=refused"},
		{readings: strict + "R-20=not-compared", notApplicable: "client/channel-and-owner client/close-channel-and-owner"},
		{readings: strict + "R-01=headings", undetermined: untaken + unread + " client/url client/json client/content-type"},
		{readings: strict + "R-05=bearer", notRun: unreplied + unclosed},

		// A defect that another meaning excuses, or shows.
		{defect: "answers-201", undetermined: open},
		{defect: "answers-in-html", undetermined: open},
		{defect: "breaks-off-at-invalid-json", only: "invalid-json empty-body", warn: "webhook/invalid-json webhook/empty-body"},
		{defect: "accepts-any-json", only: "not-an-object", undetermined: "webhook/not-an-object"},
		{defect: "accepts-any-content-type", readings: strict, only: "wrong-content-type", undetermined: "webhook/wrong-content-type"},
		{defect: "breaks-on-unknown-field", readings: "R-15=may-refuse", only: "unknown-members", undetermined: "webhook/unknown-members"},
		{defect: "breaks-without-additional", readings: "R-17=always", only: "without-additional", undetermined: "webhook/without-additional"},
		{defect: "sends-no-owner", readings: strict + "R-18=content-only"},
		{defect: "sends-unknown-type", readings: strict + "R-22=closed-set", warn: "client/known-type", fail: "client/message-type", notRun: unreplied},
		{defect: "sends-link-in-message", readings: strict + "R-16=media-has-link", fail: "client/media-link", warn: "client/media"},
		{defect: "sends-location-in-words", readings: strict + "R-23=json-in-message", warn: "client/location"},
		{defect: "sends-replies-twice", readings: strict + "R-12=same-body-is-a-repeat"},
		{defect: "sends-whatsapp-always", readings: strict + "R-20=not-compared", notApplicable: "client/channel-and-owner client/close-channel-and-owner"},
		{defect: "closes-in-small-letters", readings: strict + "R-27=any-case"},
		{defect: "closes-in-small-letters", readings: strict + "R-27=unknown-ignored", fail: "client/close", warn: "client/close-ticket"},
		{defect: "closes-twice", readings: strict + "R-32=refused", warn: "client/close-once"},
		{defect: "never-retries-after-500", only: "after-500 close-after-500", undetermined: "client/after-500 client/close-after-500"},
	} {
		t.Run(strings.TrimSpace(test.readings+" "+test.defect), func(t *testing.T) {
			t.Parallel()
			s := subject{readings: test.readings, only: strings.Fields(test.only)}
			if test.defect != "" {
				s.defects = []string{test.defect}
			}
			compare(t, s.run(t, conformance.Judge), test.expected())
		})
	}
}

// TestLatencyIsNoted: figures are in the report, whatever the verdict.
func TestLatencyIsNoted(t *testing.T) {
	report := subject{only: []string{"twenty-at-once", "one-ticket-at-once", "twice-at-once", "acknowledgement"}}.run(t, conformance.Judge)
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
	for _, s := range integration() {
		for _, c := range s.Checks {
			t.Run(c.ID, func(t *testing.T) {
				t.Parallel()
				compare(t, subject{readings: strict, only: []string{c.ID}}.run(t, conformance.Judge), row{}.expected())
			})
		}
	}
}
