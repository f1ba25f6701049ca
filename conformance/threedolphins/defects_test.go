package threedolphins_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	reference "github.com/parleykit/parley/conformance/partner/threedolphins"
)

// row names, for one defect, exactly the checks that do not pass, by their
// verdict and without "3dolphins/".
type row struct {
	defect        string
	fail          string
	warn          string
	undetermined  string
	notApplicable string
	notRun        string
	readings      string // further ones
	only          string // the checks that are run; "" for all
}

// strict has the readings in force by which nothing is left open that a check could
// decide. By the defaults some checks are undetermined whatever a partner does, and
// so would prove nothing; see TestReadings.
const strict = "R-10=refusal-expected R-14=send-again "

const (
	// What cannot be judged when no Incoming Event is taken.
	untaken = ` client/reply client/two-customers client/channel-and-owner client/once client/media client/location client/after-401
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

var table = []row{
	{defect: "answers-201", readings: "R-06=only-200", warn: "webhook/text webhook/empty-optional", notRun: anyIncoming + untaken},
	{defect: "answers-in-html", readings: "R-06=status-success", warn: "webhook/text webhook/empty-optional", notRun: anyIncoming + untaken},
	{defect: "knows-text-only", notRun: "client/media client/location",
		warn: "webhook/image webhook/video webhook/audio webhook/file webhook/location webhook/empty-mandatory webhook/conversation"},
	{defect: "knows-small-letters-only", warn: "webhook/location", notRun: "client/location"},
	{defect: "breaks-on-sticker", warn: "webhook/sticker"},
	{defect: "breaks-on-empty-language", warn: "webhook/text webhook/empty-optional", notRun: notEvenPlain + untaken},
	{defect: "breaks-without-additional", warn: "webhook/without-additional"},
	{defect: "breaks-on-room", warn: "webhook/additional"},
	{defect: "breaks-without-customer-name", warn: "webhook/empty-mandatory"},
	{defect: "breaks-on-unknown-field", warn: "webhook/unknown-members"},
	{defect: "refuses-unknown-channel", warn: "webhook/unknown-channel"},
	{defect: "breaks-on-emoji", warn: "webhook/emoji"},
	{defect: "breaks-on-other-scripts", warn: "webhook/other-scripts"},
	{defect: "breaks-on-long-text", warn: "webhook/long-text"},
	{defect: "breaks-on-line-breaks", warn: "webhook/line-breaks"},
	{defect: "breaks-on-quotes", warn: "webhook/quotes"},
	{defect: "breaks-on-markup", warn: "webhook/markup"},
	{defect: "breaks-on-white-space", warn: "webhook/layout"},

	{defect: "refuses-repeats", warn: "webhook/twice webhook/twice-at-once"},
	// It takes its time for each event.
	{defect: "serial", warn: "webhook/twice-at-once webhook/twenty-at-once webhook/one-ticket-at-once", notRun: "client/two-customers",
		only: "3dolphins/webhook/t* one-ticket-at-once two-customers client/json"},
	{defect: "slow-acknowledgement", warn: "webhook/one-ticket-at-once webhook/acknowledgement"},
	{defect: "answers-429-to-burst", warn: "webhook/one-ticket-at-once"},

	{defect: "accepts-any-content-type", readings: "R-08=json-only", warn: "webhook/wrong-content-type"},
	{defect: "accepts-invalid-json", warn: "webhook/invalid-json"},
	{defect: "accepts-empty-body", warn: "webhook/empty-body"},
	{defect: "accepts-any-json", warn: "webhook/not-an-object"},
	{defect: "accepts-missing-members", warn: "webhook/missing-members"},
	{defect: "accepts-wrong-types", warn: "webhook/wrong-types"},
	{defect: "breaks-off-at-invalid-json", warn: "webhook/invalid-json webhook/empty-body webhook/not-an-object"},

	{defect: "never-replies", notRun: unnamed + unread + " client/reply client/two-customers client/url client/json client/content-type client/media client/location"},
	{defect: "sends-no-ticket-number", fail: "client/reply client/two-customers client/ticket-number", notRun: unnamed},
	{defect: "sends-no-channel", fail: "client/channel", notRun: unreplied},
	{defect: "sends-no-message-type", fail: "client/message-type", notRun: unreplied, notApplicable: "client/media client/location"},
	{defect: "sends-text-instead-of-message", fail: "client/message", notRun: unreplied},
	{defect: "sends-no-media-link", fail: "client/media-link", notRun: unreplied},
	{defect: "sends-no-customer-name", fail: "client/customer-name", notRun: unreplied},
	{defect: "sends-no-owner", fail: "client/owner", notRun: unreplied},
	{defect: "sends-message-as-object", fail: "client/message", notRun: unreplied},
	{defect: "sends-numeric-ticket", fail: "client/reply client/two-customers client/ticket-number", notRun: unnamed},
	{defect: "sends-null-media-link", fail: "client/media-link", notRun: unreplied},
	{defect: "sends-relative-media-link", fail: "client/media-link", notRun: unreplied},
	{defect: "sends-unknown-type", warn: "client/known-type"},
	{defect: "sends-link-in-message", warn: "client/media"},
	{defect: "sends-location-in-words", warn: "client/location"},
	{defect: "sends-created-date-in-words", fail: "client/body", notRun: unreplied},
	{defect: "sends-curly-quotes", fail: "client/json client/command-json",
		notRun: unnamed + unread + uncommanded + " client/reply client/two-customers client/media client/location client/close"},
	{defect: "sends-list", fail: "client/json client/command-json",
		notRun: unnamed + unread + uncommanded + " client/reply client/two-customers client/media client/location client/close"},
	{defect: "sends-as-text", warn: "client/content-type client/command-content-type"},
	{defect: "sends-as-form", warn: "client/content-type client/command-content-type"},
	{defect: "sends-latin-1", warn: "client/content-type", notRun: unreplied},
	{defect: "sends-with-put", warn: "client/url client/command-url", notRun: unnamed + unread + uncommanded},
	{defect: "sends-elsewhere", warn: "client/url client/command-url", notRun: unnamed + unread + uncommanded},
	{defect: "answers-documented-ticket", fail: "client/reply client/two-customers", notRun: unnamed},
	// It thinks before each of its replies.
	{defect: "answers-last-ticket", fail: "client/two-customers", only: "3dolphins/client/reply two-customers once client/json client/ticket-number"},
	{defect: "sends-whatsapp-always", warn: "client/channel-and-owner client/close-channel-and-owner"},
	{defect: "sends-documented-owner", warn: "client/channel-and-owner client/close-channel-and-owner"},

	{defect: "closes-without-ticket-number", fail: "client/command-ticket-number", notRun: unclosed + " client/close-after-500"},
	{defect: "closes-without-channel", fail: "client/command-channel", notRun: unclosed},
	{defect: "closes-without-owner", fail: "client/command-owner", notRun: unclosed},
	{defect: "closes-without-event", fail: "client/command-event", notRun: unclosed + " client/close"},
	{defect: "closes-in-small-letters", fail: "client/close", notRun: unclosed},
	{defect: "closes-as-closed", fail: "client/close", notRun: unclosed},
	{defect: "closes-documented-ticket", warn: "client/close-ticket", notRun: "client/close-channel-and-owner client/close-once client/close-after-500"},
	{defect: "closes-with-list", fail: "client/command-json", notRun: uncommanded + " client/close"},
	{defect: "closes-at-outgoing-url", warn: "client/command-url", notRun: uncommanded},

	{defect: "sends-replies-twice", warn: "client/once"},
	{defect: "closes-twice", warn: "client/close-once"},
	{defect: "never-retries-after-401", warn: "client/after-401"},
	{defect: "never-retries-after-500", warn: "client/after-500 client/close-after-500"},
	{defect: "never-retries-after-silence", warn: "client/after-silence"},
	{defect: "never-retries-commands", warn: "client/close-after-500"},
	{defect: "changes-message-on-retry", warn: "client/after-401 client/after-500 client/after-silence"},
}

// expected turns a row into what verdicts returns.
func (r row) expected() map[string]conformance.Verdict {
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

// TestEachDefectFailsItsChecks judges the reference partner with one defect at a
// time, and compares every verdict other than pass with the table.
func TestEachDefectFailsItsChecks(t *testing.T) {
	for _, r := range table {
		t.Run(r.defect, func(t *testing.T) {
			t.Parallel()
			report := subject{defects: []string{r.defect}, readings: strict + r.readings, only: strings.Fields(r.only)}.run(t, conformance.Judge)
			compare(t, report, r.expected())
		})
	}
}

func compare(t *testing.T, report *conformance.Report, want map[string]conformance.Verdict) {
	t.Helper()
	got := verdicts(report)
	if maps.Equal(got, want) {
		return
	}
	for _, result := range report.Results {
		name := strings.TrimPrefix(result.ID, "3dolphins/")
		if got[name] != want[name] {
			t.Errorf("%s: verdict %q, want %q (empty: pass); expected %s, actual %s", name, got[name], want[name], result.Expected, result.Actual)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is in the table and was not run", name)
	}
}

// TestEveryDefectHasOneRow: the tables have all defects, in the partner's order.
func TestEveryDefectHasOneRow(t *testing.T) {
	var listed, known []string
	for _, r := range table {
		listed = append(listed, r.defect)
	}
	for _, r := range ticketTable {
		listed = append(listed, r.defect)
	}
	for _, d := range reference.Reference().Defects {
		known = append(known, d.Name)
	}
	if !slices.Equal(listed, known) {
		t.Errorf("the tables have the defects\n%v\nand the partner, in its order,\n%v", listed, known)
	}
}

func TestEveryCheckFailsForSomeDefect(t *testing.T) {
	caught := map[string]bool{}
	for _, r := range table {
		for _, name := range strings.Fields(r.fail + " " + r.warn) {
			caught["3dolphins/"+name] = true
		}
	}
	for _, s := range integration() {
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
