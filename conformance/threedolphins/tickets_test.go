package threedolphins_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	checks "github.com/parleykit/parley/conformance/threedolphins"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// TestGoodTicketClient passes everything.
func TestGoodTicketClient(t *testing.T) {
	t.Parallel()
	report := ticketSubject{}.judged(t, conformance.Judge)
	if report.Outcome != conformance.OutcomePassed {
		t.Errorf("outcome %s, because %v", report.Outcome, report.Reasons)
	}
}

// TestTicketClientThatActsAsItIsAsked: one URL is enough as a stimulus.
func TestTicketClientThatActsAsItIsAsked(t *testing.T) {
	t.Parallel()
	ticketSubject{stimulus: func(ctx context.Context, base, ask string) error {
		return checktest.Ask(ctx, base+"/act", ask, "")
	}}.judged(t, checktest.Judge)
}

// TestTicketClientsThatDoLess: what a client does not do is not judged, and never
// passed.
func TestTicketClientsThatDoLess(t *testing.T) {
	t.Parallel()
	const changes = "no-repeat send-message update reassign escalate channel-type ticket-number"
	const lookedUp = "ticket-data report history-dates contact encoding"
	for name, s := range map[string]ticketSubject{
		"only reads, whatever it is asked": {
			stimulus: func(ctx context.Context, base, _ string) error { return orderTickets(ctx, base, checks.AskReadTickets) },
			Row:      checktest.Row{NotApplicable: changes + " upload content-type " + lookedUp},
		},
		"says what it cannot do": {
			stimulus: func(ctx context.Context, base, ask string) error {
				if ask == checks.AskUploadFile || ask == checks.AskLookUp {
					return errors.New("that is not possible")
				}
				return orderTickets(ctx, base, ask)
			},
			Row: checktest.Row{NotApplicable: "upload " + lookedUp},
		},
		"only uploads": {
			stimulus: func(ctx context.Context, base, _ string) error { return orderTickets(ctx, base, checks.AskUploadFile) },
			Row: checktest.Row{
				NotApplicable: changes + " " + lookedUp + " token-reuse content-type",
				CouldNotRun:   "paging after-500 renew-after-401 give-up-after-401",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.judged(t, conformance.Judge)
		})
	}
}

// TestTicketClientThatDoesNothing decides nothing.
func TestTicketClientThatDoesNothing(t *testing.T) {
	t.Parallel()
	report := ticketSubject{stimulus: func(context.Context, string, string) error { return errors.New("nobody is there") }}.run(t, conformance.Judge)
	for _, r := range report.Results {
		if r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "nobody is there") {
			t.Errorf("%s: %s, because %s", r.ID, r.Verdict, r.Actual)
		}
	}
	if report.Outcome != conformance.OutcomeIncomplete {
		t.Errorf("outcome %s, want incomplete", report.Outcome)
	}
}

// TestThirdPartyWithoutATicketClient: when all suites are run, a third party that makes no
// call of the service APIs is not judged by them, and is asked for one once.
func TestThirdPartyWithoutATicketClient(t *testing.T) {
	t.Parallel()
	contract := contracts.With(t, "")
	mock, _ := checktest.Play(t, contract, threedolphins.Play)
	asks := map[string]int{}
	report, err := conformance.Judge(t.Context(), conformance.Options{
		Suites: checks.Suites(), Only: []string{"3dolphins/tickets/*"}, Contract: contract, Sandbox: mock.Sandbox(), Timing: ticketTiming, Seed: 1,
		Stimulus: func(_ context.Context, ask string) error {
			asks[ask]++
			return errors.New("that is not possible")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if r.Verdict != conformance.VerdictNotApplicable || !strings.Contains(r.Actual, "3dolphins/tickets judges one") {
			t.Errorf("%s: %s, because %s", r.ID, r.Verdict, r.Actual)
		}
	}
	if len(asks) != 1 || asks[checks.AskReadTickets] != 1 || len(report.Results) < 25 {
		t.Errorf("%d results; asked for %v", len(report.Results), asks)
	}
}

// TestPausesAreNoted: how soon a client calls again is measured by the vendor's clock,
// and fails nobody.
func TestPausesAreNoted(t *testing.T) {
	t.Parallel()
	for defect, want := range map[string]string{"": "at the soonest 60ms", "repeats-at-once-after-500": "at the soonest 0s"} {
		report := ticketSubject{timed: true, Row: checktest.Row{Defect: defect, Only: "after-500"}}.run(t, checktest.Judge)
		if r := report.Results[0]; r.Verdict != conformance.VerdictPass || !strings.Contains(strings.Join(r.Notes, " "), want) {
			t.Errorf("%q: %+v, want %s", defect, r, want)
		}
	}
}

// TestOneTicketCheckAlone: each check can be run by itself, as reports tell.
func TestOneTicketCheckAlone(t *testing.T) {
	checktest.Each(t, checktest.OnePerCheck(ticketSuites(), ""), func(t *testing.T, r checktest.Row) {
		if r.Only == tickets+"content-type" {
			r.NotApplicable = "content-type" // alone it lets the client read only
		}
		ticketSubject{Row: r}.judged(t, checktest.Judge)
	})
}

// TestTicketReadings judges clients with other options in force than the defaults.
func TestTicketReadings(t *testing.T) {
	checktest.Each(t, []checktest.Row{
		// The good client.
		{Readings: "R-34=always-200", NotApplicable: "expired-token"}, // it cannot tell that its token has ended
		{Readings: "R-35=empty R-36=day R-37=one-per-user R-40=query-too"},
		{Readings: "R-47=pages R-48=all R-49=oldest-first R-61=least R-63=printed-only"},
		{Readings: "R-68=ticket-number R-69=as-reassign R-71=ticket-number R-75=multipart-file-part R-94=ids-optional"},
		{Readings: "R-45=as-sampled", Only: "paging", Warn: "paging"},

		// A defect that another meaning excuses, or shows.
		{Readings: "R-45=as-sampled", Defect: "reads-past-the-end", Only: "paging"},
		{Readings: "R-47=pages", Defect: "skips-results", Only: "paging", Warn: "paging"},
		{Readings: "R-47=pages", Defect: "counts-pages", Only: "paging"},
		{Readings: "R-60=camel-case", Defect: "writes-channel-type-in-camel-case", Only: "ticket-data"},
		{Readings: "R-61=least", Defect: "updates-without-agent", Only: "update"},
		{Readings: "R-61=least", Defect: "sends-message-without-agent", Only: "send-message"},
		{Readings: "R-94=ids-optional", Defect: "leaves-filters-out", Only: "report"},
		{Readings: "R-39=undetermined", Defect: "never-renews-token", Only: "paging *-401", Undetermined: "renew-after-401"},
		{Readings: "R-39=undetermined", Defect: "renews-token-once", Only: "paging expired-token", Undetermined: "expired-token"},
		{Readings: "R-71=ticket-number", Defect: "closes-without-ticket", Only: "ticket-number", Fail: "ticket-number"},
	}, func(t *testing.T, r checktest.Row) { ticketSubject{Row: r}.judged(t, checktest.Judge) })
}

// TestTicketReportsHoldNoToken: what a client sent as its token stands in no text
// of a result.
func TestTicketReportsHoldNoToken(t *testing.T) {
	t.Parallel()
	for _, defect := range []string{"puts-token-into-url", "leaves-bearer-out", "sends-two-authorizations"} {
		report := ticketSubject{Row: checktest.Row{Defect: defect, Only: "authorization token-in-url paging"}}.run(t, conformance.Judge)
		for _, r := range report.Results {
			text := strings.Join([]string{r.Expected, r.Actual, r.Hint, strings.Join(r.Notes, " ")}, " ")
			for _, word := range strings.FieldsFunc(text, func(c rune) bool { return !strings.ContainsRune("0123456789abcdef", c) }) {
				if len(word) >= 64 {
					t.Errorf("%s, %s: %s", defect, r.ID, text)
				}
			}
		}
	}
}
