package threedolphins_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
)

// ticketRow names, for one defect, exactly the checks that do not pass, by their
// verdict and without "3dolphins/tickets/".
type ticketRow struct {
	defect        string
	fail          string
	warn          string
	undetermined  string
	notApplicable string
	notRun        string
	only          string // the checks that are run; "" for all
}

// What cannot be judged of a client that 3Dolphins gives nothing,
const (
	unheard = `paging token-reuse no-repeat send-message update reassign escalate ticket-number ticket-data report history-dates
		contact encoding content-type expired-token renew-after-401`
	// and of one without a token.
	loggedOut = unheard + " upload after-500 give-up-after-401 authorization token-in-url methods"
)

var ticketTable = []ticketRow{
	{defect: "logs-in-with-get", fail: "get-token", notRun: loggedOut},
	{defect: "logs-in-with-form", fail: "get-token", notRun: loggedOut},
	{defect: "logs-in-with-email", fail: "get-token", notRun: loggedOut},
	{defect: "leaves-bearer-out", fail: "authorization", notRun: unheard},
	{defect: "writes-bearer-small", fail: "authorization"},
	{defect: "sends-two-authorizations", fail: "authorization"},
	{defect: "puts-token-into-url", warn: "token-in-url"},
	{defect: "gets-token-for-each-call", warn: "token-reuse"},
	{defect: "refreshes-token", warn: "undocumented"},
	{defect: "never-renews-token", warn: "renew-after-401", notApplicable: "expired-token"},
	{defect: "renews-token-by-clock", warn: "renew-after-401", notApplicable: "expired-token"},
	{defect: "renews-token-once", warn: "expired-token renew-after-401"},
	{defect: "repeats-with-old-token", warn: "renew-after-401"},
	{defect: "never-gives-up-after-401", warn: "give-up-after-401"},

	{defect: "reads-first-page-only", warn: "paging", notApplicable: "token-reuse"},
	{defect: "reads-pages-twice", warn: "paging"},
	{defect: "skips-results", warn: "paging"},
	{defect: "overlaps-pages", warn: "paging"},
	{defect: "starts-lists-at-one", warn: "paging"},
	{defect: "counts-pages", warn: "paging"},
	{defect: "reads-past-the-end", undetermined: "paging"},
	{defect: "calls-undocumented-path", warn: "undocumented"},
	{defect: "misspells-path", fail: "paths", notApplicable: "contact"},
	{defect: "leaves-base-path-out", fail: "paths", notApplicable: "upload"},
	{defect: "leaves-values-raw", warn: "encoding"},
	{defect: "encodes-twice", warn: "encoding"},
	{defect: "writes-blanks-as-plus", warn: "encoding"},
	{defect: "writes-channel-type-in-camel-case", fail: "ticket-data"},
	{defect: "names-contact-in-id", warn: "contact"},
	{defect: "writes-day-first", fail: "history-dates report"},
	{defect: "leaves-filters-out", fail: "report"},

	{defect: "repeats-changes", warn: "no-repeat"},
	{defect: "repeats-at-once-after-500", warn: "after-500"},
	{defect: "never-gives-up-after-500", warn: "after-500"},
	{defect: "sends-text-plain", fail: "content-type"},
	{defect: "updates-with-post", fail: "methods", notApplicable: "update"},
	{defect: "sends-message-without-agent", fail: "send-message"},
	{defect: "sends-text-for-message", fail: "send-message"},
	{defect: "updates-without-agent", fail: "update"},
	{defect: "copies-printed-comma", fail: "update"},
	{defect: "reassigns-with-agent-id", fail: "reassign"},
	{defect: "escalates-to-number", fail: "escalate"},
	{defect: "closes-without-ticket", warn: "ticket-number"},
	{defect: "transfers-without-number", warn: "ticket-number"},
	{defect: "uploads-as-json", warn: "upload"},
}

// expected turns a row into what ticketVerdicts returns.
func (r ticketRow) expected() map[string]conformance.Verdict {
	all := map[string]conformance.Verdict{}
	for verdict, names := range map[conformance.Verdict]string{
		conformance.Failed: r.fail, conformance.Warned: r.warn, conformance.Undecided: r.undetermined,
		conformance.Inapplicable: r.notApplicable, conformance.NotRun: r.notRun,
	} {
		for _, name := range strings.Fields(names) {
			all[name] = verdict
		}
	}
	return all
}

// TestEachTicketDefectFailsItsChecks judges the reference client with one defect
// at a time, and compares every verdict other than pass with the table.
func TestEachTicketDefectFailsItsChecks(t *testing.T) {
	t.Parallel()
	for _, r := range ticketTable {
		t.Run(r.defect, func(t *testing.T) {
			t.Parallel()
			report := ticketSubject{defects: []string{r.defect}, only: strings.Fields(r.only)}.run(t)
			compareTickets(t, report, r.expected())
		})
	}
}

// TestEveryTicketDefectHasOneRow: they are the last ones of the reference partner.
func TestEveryTicketDefectHasOneRow(t *testing.T) {
	var listed, known []string
	for _, r := range ticketTable {
		listed = append(listed, r.defect)
	}
	for _, d := range reference.Reference().Defects {
		known = append(known, d.Name)
	}
	if len(known) < len(listed) || !slices.Equal(listed, known[len(known)-len(listed):]) {
		t.Errorf("the table has the defects\n%v\nand the partner, in its order, ends in other ones:\n%v", listed, known)
	}
}

func TestEveryTicketCheckFailsForSomeDefect(t *testing.T) {
	caught := map[string]bool{}
	for _, r := range ticketTable {
		for _, name := range strings.Fields(r.fail + " " + r.warn) {
			caught[tickets+name] = true
		}
	}
	for _, s := range ticketSuites() {
		for _, c := range s.Checks {
			if !caught[c.ID] {
				t.Errorf("no defect fails %s", c.ID)
			}
			delete(caught, c.ID)
		}
	}
	for id := range caught {
		t.Errorf("the table names %s, which is no check", id)
	}
}
