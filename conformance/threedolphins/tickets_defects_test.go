package threedolphins_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/checktest"
)

// What cannot be judged of a client that 3Dolphins gives nothing,
const (
	unheard = `paging token-reuse no-repeat send-message update reassign escalate channel-type ticket-number ticket-data report history-dates
		contact encoding content-type expired-token renew-after-401`
	// and of one without a token.
	loggedOut = unheard + " upload after-500 give-up-after-401 authorization token-in-url methods paths undocumented parameters"
)

// ticketTable names checks without "3dolphins/tickets/".
var ticketTable = []checktest.Row{
	{Defect: "logs-in-with-get", Fail: "get-token", CouldNotRun: loggedOut},
	{Defect: "logs-in-with-form", Fail: "get-token", CouldNotRun: loggedOut},
	{Defect: "logs-in-with-email", Fail: "get-token", CouldNotRun: loggedOut},
	{Defect: "logs-in-elsewhere", Fail: "get-token", CouldNotRun: loggedOut},
	{Defect: "leaves-bearer-out", Fail: "authorization", CouldNotRun: unheard},
	{Defect: "writes-bearer-small", Fail: "authorization"},
	{Defect: "writes-token-as-list", Fail: "authorization", CouldNotRun: unheard},
	{Defect: "invents-token", Fail: "authorization", CouldNotRun: unheard},
	{Defect: "sends-two-authorizations", Fail: "authorization"},
	{Defect: "puts-token-into-url", Warn: "token-in-url"},
	{Defect: "gets-token-for-each-call", Warn: "token-reuse"},
	{Defect: "refreshes-token", Warn: "undocumented"},
	{Defect: "never-renews-token", Warn: "renew-after-401", NotApplicable: "expired-token"},
	{Defect: "renews-token-by-clock", Warn: "renew-after-401", NotApplicable: "expired-token"},
	{Defect: "renews-token-once", Warn: "expired-token renew-after-401"},
	{Defect: "repeats-with-old-token", Warn: "renew-after-401"},
	{Defect: "never-gives-up-after-401", Warn: "give-up-after-401"},

	{Defect: "reads-first-page-only", Warn: "paging", NotApplicable: "token-reuse"},
	{Defect: "reads-pages-twice", Warn: "paging"},
	{Defect: "skips-results", Warn: "paging"},
	{Defect: "overlaps-pages", Warn: "paging"},
	{Defect: "starts-lists-at-one", Warn: "paging"},
	{Defect: "counts-pages", Warn: "paging"},
	{Defect: "reads-past-the-end", Undetermined: "paging"},
	{Defect: "calls-undocumented-path", Warn: "undocumented"},
	{Defect: "misspells-path", Fail: "paths", NotApplicable: "contact"},
	{Defect: "leaves-base-path-out", Fail: "paths", NotApplicable: "upload"},
	{Defect: "leaves-values-raw", Warn: "encoding"},
	{Defect: "encodes-twice", Warn: "encoding"},
	{Defect: "writes-blanks-as-plus", Warn: "encoding"},
	{Defect: "writes-channel-type-in-camel-case", Fail: "ticket-data"},
	{Defect: "reads-data-by-channel-id", Fail: "channel-type"},
	{Defect: "names-contact-in-id", Warn: "contact"},
	{Defect: "writes-day-first", Fail: "history-dates report"},
	{Defect: "leaves-filters-out", Warn: "report"},
	{Defect: "writes-today-as-one", Fail: "parameters"},

	{Defect: "repeats-changes", Warn: "no-repeat"},
	{Defect: "repeats-at-once-after-500"}, // it is measured; see TestPausesAreNoted
	{Defect: "never-gives-up-after-500", Warn: "after-500"},
	{Defect: "sends-text-plain", Fail: "content-type"},
	{Defect: "updates-with-post", Fail: "methods", NotApplicable: "update"},
	{Defect: "sends-message-without-agent", Warn: "send-message"},
	{Defect: "sends-text-for-message", Warn: "send-message"},
	{Defect: "names-channel-by-id", Fail: "channel-type"},
	{Defect: "updates-without-agent", Warn: "update"},
	{Defect: "copies-printed-comma", Fail: "update"},
	{Defect: "reassigns-with-agent-id", Warn: "reassign"},
	{Defect: "escalates-to-number", Fail: "escalate"},
	{Defect: "closes-without-ticket", Warn: "ticket-number"},
	{Defect: "transfers-without-number", Warn: "ticket-number"},
	{Defect: "uploads-as-json", Warn: "upload"},
}

// TestEachTicketDefectFailsItsChecks judges the reference client with one defect
// at a time, and compares every verdict other than pass with the table.
func TestEachTicketDefectFailsItsChecks(t *testing.T) {
	checktest.Each(t, ticketTable, func(t *testing.T, r checktest.Row) { ticketSubject{Row: r}.judged(t, checktest.Judge) })
}
