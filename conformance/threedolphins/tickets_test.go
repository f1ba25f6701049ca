package threedolphins_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/threedolphins"
)

// TestGoodTicketClient passes everything.
func TestGoodTicketClient(t *testing.T) {
	t.Parallel()
	report := ticketSubject{}.run(t)
	compareTickets(t, report, map[string]conformance.Verdict{})
	if report.Outcome != conformance.Passed {
		t.Errorf("outcome %s, because %v", report.Outcome, report.Reasons)
	}
}

// TestTicketClientThatActsAsItIsAsked: one URL is enough as a stimulus.
func TestTicketClientThatActsAsItIsAsked(t *testing.T) {
	t.Parallel()
	report := ticketSubject{stimulus: func(ctx context.Context, base, ask string) error {
		return postTo(ctx, base+"/act", ask)
	}}.run(t)
	compareTickets(t, report, map[string]conformance.Verdict{})
}

// TestTicketClientsThatDoLess: what a client does not do is not judged, and never
// passed.
func TestTicketClientsThatDoLess(t *testing.T) {
	const changes = "no-repeat send-message update reassign escalate ticket-number"
	const lookedUp = "ticket-data report history-dates contact encoding"
	for name, test := range map[string]struct {
		stimulus func(ctx context.Context, base, ask string) error
		ticketRow
	}{
		"only reads, whatever it is asked": {
			func(ctx context.Context, base, _ string) error { return orderTickets(ctx, base, checks.AskReadTickets) },
			ticketRow{notApplicable: changes + " upload content-type " + lookedUp},
		},
		"says what it cannot do": {
			func(ctx context.Context, base, ask string) error {
				if ask == checks.AskUploadFile || ask == checks.AskLookUp {
					return errors.New("that is not possible")
				}
				return orderTickets(ctx, base, ask)
			},
			ticketRow{notApplicable: "upload " + lookedUp},
		},
		"only uploads": {
			func(ctx context.Context, base, _ string) error { return orderTickets(ctx, base, checks.AskUploadFile) },
			ticketRow{
				notApplicable: changes + " " + lookedUp + " token-reuse content-type",
				notRun:        "paging after-500 renew-after-401 give-up-after-401",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compareTickets(t, ticketSubject{stimulus: test.stimulus}.run(t), test.expected())
		})
	}
}

// TestTicketClientThatDoesNothing decides nothing.
func TestTicketClientThatDoesNothing(t *testing.T) {
	t.Parallel()
	report := ticketSubject{stimulus: func(context.Context, string, string) error { return errors.New("nobody is there") }}.run(t)
	for _, r := range report.Results {
		if r.Verdict != conformance.NotRun || !strings.Contains(r.Actual, "nobody is there") {
			t.Errorf("%s: %s, because %s", r.ID, r.Verdict, r.Actual)
		}
	}
	if report.Outcome != conformance.Incomplete {
		t.Errorf("outcome %s, want incomplete", report.Outcome)
	}
}

// TestOneTicketCheckAlone: each check can be run by itself, as reports tell.
func TestOneTicketCheckAlone(t *testing.T) {
	undecided := map[string]conformance.Verdict{ // by what they alone let the client do
		tickets + "content-type": conformance.Inapplicable, // it reads only
	}
	for _, s := range ticketSuites() {
		for _, c := range s.Checks {
			t.Run(c.ID, func(t *testing.T) {
				t.Parallel()
				report := ticketSubject{only: []string{c.ID}}.run(t)
				if want := cmp.Or(undecided[c.ID], conformance.Pass); len(report.Results) != 1 || report.Results[0].Verdict != want {
					t.Errorf("want %s, got %+v", want, report.Results)
				}
			})
		}
	}
}

// TestTicketReadings judges clients with other options in force than the defaults.
func TestTicketReadings(t *testing.T) {
	for _, test := range []struct {
		readings string
		ticketRow
	}{
		// The good client.
		{"R-34=always-200", ticketRow{notApplicable: "expired-token"}}, // it cannot tell that its token has ended
		{"R-35=empty R-36=day R-37=one-per-user R-40=query-too", ticketRow{}},
		{"R-47=pages R-48=all R-49=oldest-first R-61=least R-63=printed-only", ticketRow{}},
		{"R-68=ticket-number R-69=as-reassign R-71=ticket-number R-75=multipart-file-part R-94=ids-optional", ticketRow{}},
		{"R-45=as-sampled", ticketRow{only: "paging", warn: "paging"}},

		// A defect that another meaning excuses, or shows.
		{"R-45=as-sampled", ticketRow{defect: "reads-past-the-end", only: "paging"}},
		{"R-47=pages", ticketRow{defect: "skips-results", only: "paging", warn: "paging"}},
		{"R-47=pages", ticketRow{defect: "counts-pages", only: "paging"}},
		{"R-60=camel-case", ticketRow{defect: "writes-channel-type-in-camel-case", only: "ticket-data"}},
		{"R-61=least", ticketRow{defect: "updates-without-agent", only: "update"}},
		{"R-61=least", ticketRow{defect: "sends-message-without-agent", only: "send-message"}},
		{"R-94=ids-optional", ticketRow{defect: "leaves-filters-out", only: "report"}},
		{"R-39=undetermined", ticketRow{defect: "never-renews-token", only: "paging *-401", undetermined: "renew-after-401"}},
		{"R-39=undetermined", ticketRow{defect: "renews-token-once", only: "paging expired-token", undetermined: "expired-token"}},
		{"R-71=ticket-number", ticketRow{defect: "closes-without-ticket", only: "ticket-number", warn: "ticket-number"}},
	} {
		t.Run(strings.TrimSpace(test.readings+" "+test.defect), func(t *testing.T) {
			t.Parallel()
			s := ticketSubject{only: ticketPatterns(test.only), readings: map[string]string{}}
			if test.defect != "" {
				s.defects = []string{test.defect}
			}
			for _, chosen := range strings.Fields(test.readings) {
				id, option, _ := strings.Cut(chosen, "=")
				s.readings["3D-"+id] = option
			}
			compareTickets(t, s.run(t), test.expected())
		})
	}
}

func ticketPatterns(names string) []string {
	var patterns []string
	for _, name := range strings.Fields(names) {
		patterns = append(patterns, tickets+name)
	}
	return patterns
}

// TestTicketReportsHoldNoToken: what a client sent as its token stands in no text
// of a result.
func TestTicketReportsHoldNoToken(t *testing.T) {
	t.Parallel()
	for _, defect := range []string{"puts-token-into-url", "leaves-bearer-out", "sends-two-authorizations"} {
		report := ticketSubject{defects: []string{defect}, only: ticketPatterns("authorization token-in-url paging")}.run(t)
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

// TestTicketRequirementsAndChecksFit: each requirement about the service APIs that
// binds the partner has a check or says why none can decide it.
func TestTicketRequirementsAndChecksFit(t *testing.T) {
	contract, err := ticketContract()
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]string{}
	for _, s := range ticketSuites() {
		for _, c := range s.Checks {
			must := slices.ContainsFunc(c.Requirements, func(id string) bool {
				r, _ := contract.Requirement(id)
				return r.Level == "MUST"
			})
			if must != (c.Level == conformance.Must) {
				t.Errorf("%s is a %s, and its requirements %v say otherwise", c.ID, c.Level, c.Requirements)
			}
			for _, id := range c.Requirements {
				checked[id] = c.ID
				if r, ok := contract.Requirement(id); !ok || r.Binds != "partner" {
					t.Errorf("%s names %s, which is no requirement that binds the partner", c.ID, id)
				}
			}
		}
	}
	for _, r := range contract.Requirements {
		check := checked[r.ID]
		switch {
		case r.Binds != "partner" || strings.HasPrefix(r.ID, "3D-INT-"):
		case r.Excluded == "" && check == "":
			t.Errorf("%s binds the partner and has neither a check nor a reason: %s", r.ID, r.Text)
		case r.Excluded != "" && check != "":
			t.Errorf("%s is said to be undecidable, and %s decides it", r.ID, check)
		}
	}
}
