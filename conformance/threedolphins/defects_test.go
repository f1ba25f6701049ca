package threedolphins_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/checktest"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
)

// strict has the readings in force by which nothing is left open that a check could
// decide. By the defaults some checks are undetermined whatever a partner does, and
// so would prove nothing; see TestReadings.
const strict = "R-10=refusal-expected R-14=send-again "

const (
	// What cannot be judged when no Incoming Event is taken.
	untaken = ` client/reply client/two-customers client/channel-and-owner client/customer client/once client/media client/location client/after-401
		client/after-500 client/after-silence` + uncommanded + ` client/command-url client/command-content-type client/command-json client/close`
	// What cannot be judged when a Command Event cannot be read, or is not taken for one.
	uncommanded = unclosed + ` client/close-after-500 client/command-ticket-number client/command-channel client/command-owner client/command-event`
	// What cannot be judged when a ticket is not closed.
	unclosed = ` client/close-ticket client/close-channel-and-owner client/close-once`
	// What cannot be judged when a reply is not taken.
	unreplied = ` client/channel-and-owner client/once`
	// What cannot be judged when a reply does not name its customer's ticket.
	unnamed = unreplied + ` client/after-401 client/after-500 client/after-silence`
	// What stands in an Outgoing Event, which nobody can read or find.
	unread = ` client/ticket-number client/channel client/message-type client/message client/media-link client/customer-name client/owner
		client/body client/known-type`
	// What cannot be judged when not even the text is taken that the page prints.
	notEvenPlain = ` webhook/image webhook/video webhook/audio webhook/file webhook/location webhook/sticker
		webhook/empty-mandatory webhook/unknown-members webhook/unknown-channel webhook/conversation webhook/emoji webhook/other-scripts
		webhook/long-text webhook/line-breaks webhook/quotes webhook/markup webhook/layout webhook/twice webhook/twice-at-once
		webhook/twenty-at-once webhook/one-ticket-at-once webhook/acknowledgement`
	anyIncoming = notEvenPlain + ` webhook/additional webhook/without-additional`
)

var table = []checktest.Row{
	{Defect: "answers-201", Readings: "R-06=only-200", Fail: "webhook/text webhook/empty-optional", CouldNotRun: anyIncoming + untaken},
	{Defect: "answers-in-html", Readings: "R-06=status-success", Fail: "webhook/text webhook/empty-optional", CouldNotRun: anyIncoming + untaken},
	{Defect: "answers-with-error", Readings: "R-06=status-success", Fail: "webhook/text webhook/empty-optional", CouldNotRun: anyIncoming + untaken},
	{Defect: "knows-text-only", CouldNotRun: "client/media client/location",
		Warn: "webhook/image webhook/video webhook/audio webhook/file webhook/location webhook/empty-mandatory webhook/conversation"},
	{Defect: "knows-small-letters-only", Warn: "webhook/location", CouldNotRun: "client/location"},
	{Defect: "breaks-on-sticker", Warn: "webhook/sticker"},
	{Defect: "breaks-on-empty-language", Warn: "webhook/text webhook/empty-optional", CouldNotRun: notEvenPlain + untaken},
	{Defect: "breaks-without-additional", Warn: "webhook/without-additional"},
	{Defect: "breaks-on-room", Warn: "webhook/additional"},
	{Defect: "breaks-without-customer-name", Warn: "webhook/empty-mandatory"},
	{Defect: "breaks-on-unknown-field", Warn: "webhook/unknown-members"},
	{Defect: "refuses-unknown-channel", Warn: "webhook/unknown-channel"},
	{Defect: "breaks-on-emoji", Warn: "webhook/emoji"},
	{Defect: "breaks-on-other-scripts", Warn: "webhook/other-scripts"},
	{Defect: "breaks-on-long-text", Warn: "webhook/long-text"},
	{Defect: "breaks-on-line-breaks", Warn: "webhook/line-breaks"},
	{Defect: "breaks-on-quotes", Warn: "webhook/quotes", CouldNotRun: "client/customer"},
	{Defect: "breaks-on-markup", Warn: "webhook/markup"},
	{Defect: "breaks-on-white-space", Warn: "webhook/layout"},

	{Defect: "refuses-repeats", Warn: "webhook/twice webhook/twice-at-once"},
	// It takes its time for each event.
	{Defect: "serial", Warn: "webhook/twice-at-once webhook/twenty-at-once webhook/one-ticket-at-once", CouldNotRun: "client/two-customers",
		Only: "3dolphins/webhook/t* one-ticket-at-once two-customers client/json"},
	{Defect: "slow-acknowledgement", Warn: "webhook/one-ticket-at-once webhook/acknowledgement"},
	{Defect: "answers-429-to-burst", Warn: "webhook/one-ticket-at-once"},

	{Defect: "accepts-any-content-type", Readings: "R-08=json-only", Fail: "webhook/wrong-content-type"},
	{Defect: "accepts-invalid-json", Fail: "webhook/invalid-json"},
	{Defect: "accepts-empty-body", Fail: "webhook/empty-body"},
	{Defect: "accepts-any-json", Fail: "webhook/not-an-object"},
	{Defect: "accepts-missing-members", Fail: "webhook/missing-members"},
	{Defect: "accepts-wrong-types", Fail: "webhook/wrong-types"},
	{Defect: "breaks-off-at-invalid-json", Fail: "webhook/invalid-json webhook/empty-body webhook/not-an-object"},

	{Defect: "never-replies", CouldNotRun: unnamed + unread + " client/customer client/reply client/two-customers client/url client/json client/content-type client/media client/location"},
	{Defect: "sends-no-ticket-number", Fail: "client/reply client/two-customers client/ticket-number", CouldNotRun: unnamed},
	{Defect: "sends-no-channel", Fail: "client/channel", CouldNotRun: unreplied},
	{Defect: "sends-no-message-type", Fail: "client/message-type", CouldNotRun: unreplied, NotApplicable: "client/media client/location"},
	{Defect: "sends-text-instead-of-message", Fail: "client/message", CouldNotRun: unreplied + " client/location"},
	{Defect: "sends-no-media-link", Fail: "client/media-link", CouldNotRun: unreplied + " client/media"},
	{Defect: "sends-no-customer-name", Fail: "client/customer-name", CouldNotRun: unreplied},
	{Defect: "sends-no-owner", Fail: "client/owner", CouldNotRun: unreplied},
	{Defect: "sends-message-as-object", Fail: "client/message", CouldNotRun: unreplied + " client/location"},
	{Defect: "sends-numeric-ticket", Fail: "client/reply client/two-customers client/ticket-number", CouldNotRun: unnamed},
	{Defect: "sends-null-media-link", Fail: "client/media-link", CouldNotRun: unreplied},
	{Defect: "sends-relative-media-link", Fail: "client/media-link", CouldNotRun: unreplied + " client/media"},
	{Defect: "sends-media-link-as-list", Fail: "client/media-link", CouldNotRun: "client/media"},
	{Defect: "sends-media-without-customer-name", Fail: "client/customer-name"},
	{Defect: "sends-unknown-type", Warn: "client/known-type"},
	{Defect: "sends-link-in-message", Warn: "client/media"},
	{Defect: "sends-media-as-text", Warn: "client/media"},
	{Defect: "sends-location-in-words", Warn: "client/location"},
	{Defect: "sends-location-as-object", Fail: "client/message", CouldNotRun: "client/location"},
	{Defect: "sends-created-date-in-words", Warn: "client/body"},
	{Defect: "sends-curly-quotes", Fail: "client/json client/command-json",
		CouldNotRun: unnamed + unread + uncommanded + " client/customer client/reply client/two-customers client/media client/location client/close"},
	{Defect: "sends-list", Fail: "client/json client/command-json",
		CouldNotRun: unnamed + unread + uncommanded + " client/customer client/reply client/two-customers client/media client/location client/close"},
	{Defect: "sends-as-text", Warn: "client/content-type client/command-content-type"},
	{Defect: "sends-as-form", Warn: "client/content-type client/command-content-type"},
	{Defect: "sends-latin-1", Warn: "client/content-type", CouldNotRun: unreplied + " client/customer"},
	{Defect: "sends-with-put", Warn: "client/url client/command-url", CouldNotRun: unnamed + unread + uncommanded},
	{Defect: "sends-elsewhere", Warn: "client/url client/command-url", CouldNotRun: unnamed + unread + uncommanded},
	{Defect: "answers-documented-ticket", Fail: "client/reply client/two-customers", CouldNotRun: unnamed},
	{Defect: "answers-first-ticket", Fail: "client/reply client/two-customers client/media client/location", CouldNotRun: unnamed + " client/customer"},
	{Defect: "answers-media-in-first-ticket", Fail: "client/media"},
	// It thinks before each of its replies.
	{Defect: "answers-last-ticket", Fail: "client/two-customers", Only: "3dolphins/client/reply two-customers once client/json client/ticket-number"},
	{Defect: "sends-whatsapp-always", Warn: "client/channel-and-owner client/close-channel-and-owner"},
	{Defect: "sends-documented-owner", Warn: "client/channel-and-owner client/close-channel-and-owner"},
	{Defect: "shortens-customer-name", Fail: "client/customer"},
	{Defect: "escapes-customer-name", Fail: "client/customer"},
	{Defect: "misreads-customer-name", Fail: "client/customer"},
	{Defect: "strips-accents", Warn: "client/customer"},
	{Defect: "names-first-customer", Fail: "client/customer"},
	{Defect: "renames-customer", Warn: "client/customer"},

	{Defect: "closes-without-ticket-number", Fail: "client/command-ticket-number", CouldNotRun: unclosed + " client/close-after-500"},
	{Defect: "closes-without-channel", Fail: "client/command-channel", CouldNotRun: unclosed},
	{Defect: "closes-without-owner", Fail: "client/command-owner", CouldNotRun: unclosed},
	{Defect: "closes-without-event", Fail: "client/command-event", CouldNotRun: unclosed + " client/close client/close-after-500"},
	{Defect: "closes-in-small-letters", Readings: "R-27=exact", Fail: "client/close", CouldNotRun: unclosed},
	{Defect: "closes-as-closed", Readings: "R-27=exact", Fail: "client/close", CouldNotRun: unclosed + " client/close-after-500"},
	{Defect: "closes-documented-ticket", Warn: "client/close-ticket", CouldNotRun: "client/close-channel-and-owner client/close-once client/close-after-500"},
	{Defect: "closes-newest-ticket", Warn: "client/close-ticket"},
	{Defect: "closes-first-ticket", Warn: "client/close-ticket", CouldNotRun: "client/close-channel-and-owner client/close-once client/close-after-500"},
	{Defect: "closes-with-list", Fail: "client/command-json", CouldNotRun: uncommanded + " client/close"},
	{Defect: "closes-at-outgoing-url", Warn: "client/command-url", CouldNotRun: uncommanded},
	{Defect: "closes-with-slash", Warn: "client/command-url", CouldNotRun: uncommanded},
	{Defect: "closes-at-root", Warn: "client/command-url", CouldNotRun: uncommanded},

	{Defect: "sends-replies-twice", Warn: "client/once"},
	{Defect: "closes-twice", Warn: "client/close-once"},
	{Defect: "never-retries-after-401", Fail: "client/after-401"},
	{Defect: "never-retries-after-500", Fail: "client/after-500 client/close-after-500"},
	{Defect: "never-retries-after-silence", Fail: "client/after-silence"},
	{Defect: "never-retries-commands", Fail: "client/close-after-500"},
	{Defect: "changes-message-on-retry", Fail: "client/after-401 client/after-500 client/after-silence"},
	{Defect: "retries-elsewhere", Warn: "client/url client/command-url"},
}

// TestEachDefectFailsItsChecks judges the reference partner with one defect at a
// time, and compares every verdict with the table.
func TestEachDefectFailsItsChecks(t *testing.T) {
	checktest.Each(t, table, func(t *testing.T, r checktest.Row) {
		r.Readings = strict + r.Readings
		subject{Row: r}.judged(t, checktest.Judge)
	})
}

func TestTablesAreComplete(t *testing.T) {
	checktest.Complete(t, reference.Reference().Defects,
		checktest.Table{Prefix: prefix, Suites: integration(), Rows: table}, checktest.Table{Prefix: tickets, Suites: ticketSuites(), Rows: ticketTable})
}
