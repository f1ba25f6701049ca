package expertflow_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/expertflow"
	reference "github.com/parleykit/parley/conformance/partner/expertflow"
)

// row names, for one defect, exactly the checks that do not pass, by their verdict
// and without "expertflow/client/". What a good application never sends is not
// applicable besides, unless another verdict is given.
type row struct {
	defect        string
	readings      string
	fail          string
	warn          string
	notApplicable string
	undetermined  string
	notRun        string
	pass          string // of what a good application never sends
	only          string // the checks that are run; "" for all
}

const (
	// What the good application never sends.
	neverSent = `channel-data channel-identifiers reply-name reply-to plain media sticker location contact button carousel template
		receipt email comment voice action wrapup notification delivery-notification deleted-notification additional-details`
	// What cannot be judged when Expertflow CX takes no activity.
	unaccepted = " no-repeat-after-200 repeat-after-500 repeat-after-silence"
	// What cannot be judged when a message cannot be read, or went elsewhere.
	unread = unaccepted + ` channel-session recording-link conversation stand-alone token renew-after-401 stop-after-401 stop-after-403
		unique-ids no-repeat-after-400 header sender selector body id message sender-type sender-name timestamp header-names url ` + neverSent
	// What belongs to something in the header, when it names nothing.
	unowned = " channel-session conversation stand-alone"
)

var table = []row{
	{defect: "sends-no-header", fail: "header" + unowned, warn: "recording-link", notApplicable: "timestamp",
		notRun: "sender selector sender-type sender-name header-names" + unaccepted},
	{defect: "sends-no-sender", fail: "sender", notRun: "sender-type sender-name" + unaccepted},
	{defect: "sends-blank-sender-id", fail: "sender", notRun: unaccepted},
	{defect: "sends-sender-type-as-number", fail: "sender", notRun: "sender-type" + unaccepted},
	{defect: "sends-sender-type-in-lower-case", warn: "sender-type"},
	{defect: "sends-as-agent", warn: "sender-type"},
	{defect: "sends-no-sender-name", warn: "sender-name"},
	{defect: "sends-no-selector", fail: "selector" + unowned, warn: "recording-link", notRun: unaccepted},
	{defect: "sends-customer-without-id", fail: "selector" + unowned, warn: "recording-link", notRun: unaccepted},
	{defect: "sends-session-as-number", fail: "selector channel-session", warn: "recording-link", notRun: unaccepted},
	{defect: "misspells-session", fail: "selector channel-session", warn: "header-names recording-link", notRun: unaccepted},
	{defect: "misspells-conversation", warn: "header-names"},
	{defect: "sends-no-id", warn: "id repeat-after-silence", notApplicable: "unique-ids"},
	{defect: "sends-seconds", warn: "timestamp"},
	{defect: "sends-timestamp-as-text", warn: "timestamp", notRun: unaccepted},
	{defect: "sends-half-channel-data", fail: "channel-data", pass: "channel-identifiers", notRun: unaccepted},
	{defect: "sends-priority-as-text", fail: "channel-data", pass: "channel-identifiers", notRun: unaccepted},
	{defect: "sends-unknown-attribute-type", fail: "channel-data", pass: "channel-identifiers", notRun: unaccepted},
	{defect: "sends-blank-identifiers", warn: "channel-identifiers", pass: "channel-data"},
	{defect: "names-reply-as-before-2023", warn: "reply-name"},
	{defect: "replies-to-nothing", fail: "reply-to", notRun: unaccepted},
	{defect: "sends-intent-as-object", fail: "message", notRun: unaccepted},
	{defect: "sends-no-body", fail: "body", notApplicable: "channel-session recording-link url", notRun: unaccepted},
	{defect: "sends-no-type", fail: "body", warn: "recording-link", notApplicable: "url", notRun: unaccepted},
	{defect: "sends-text-as-list", fail: "body", notRun: unaccepted},

	// A wrong body is sent as a survey only, so all others are accepted.
	{defect: "sends-plain-text-as-list", fail: "plain body"},
	{defect: "sends-image-without-attachment", fail: "media"},
	{defect: "sends-file-without-url", fail: "media"},
	{defect: "sends-sticker-without-url", fail: "sticker"},
	{defect: "sends-location-as-text", fail: "location"},
	{defect: "sends-contact-without-phones", fail: "contact"},
	{defect: "spells-url-as-in-the-table", fail: "url"},
	{defect: "sends-buttons-without-kind", fail: "button"},
	{defect: "sends-blank-button", fail: "button"},
	{defect: "sends-carousel-without-kind", fail: "carousel"},
	{defect: "sends-template-without-namespace", fail: "template"},
	{defect: "sends-receipt-elements-as-text", fail: "receipt"},
	{defect: "sends-email-without-sender", fail: "email"},
	{defect: "sends-comment-without-post", fail: "comment"},
	{defect: "sends-voice-without-leg", fail: "voice"},
	{defect: "sends-action-without-data", fail: "action"},
	{defect: "sends-wrapup-without-value", fail: "wrapup"},
	{defect: "sends-unknown-notification", fail: "notification"},
	{defect: "sends-delivery-without-status", fail: "delivery-notification"},
	{defect: "sends-deletion-with-text-as-time", fail: "deleted-notification"},
	{defect: "sends-details-as-object", readings: "EF-R-23=string", fail: "additional-details", pass: "sticker"},

	{defect: "survey-names-customer-only", fail: "conversation"},
	{defect: "schedule-names-conversation", fail: "stand-alone"},
	{defect: "recording-names-customer-only", fail: "channel-session", warn: "recording-link"},
	{defect: "recording-names-no-session", warn: "recording-link", notApplicable: "channel-session"},
	{defect: "sends-recording-as-own-type", warn: "recording-link", notApplicable: "url"},
	{defect: "spells-recording-as-in-the-table", warn: "recording-link", notApplicable: "url"},

	{defect: "pushes-to-forms", fail: "path", notRun: unread, notApplicable: "token-endpoint token-request"},
	{defect: "pushes-with-put", fail: "path", notRun: unread, notApplicable: "token-endpoint token-request"},
	{defect: "sends-list", fail: "json", notRun: unread},
	{defect: "sends-no-break-spaces", fail: "json", notRun: unread},
	{defect: "sends-as-text", warn: "content-type", notRun: unaccepted},

	// Each further check would wait in vain for an activity with an ID of its own.
	{defect: "uses-one-id", fail: "unique-ids", only: "unique-ids message", pass: neverSent},
	{defect: "repeats-after-200", warn: "no-repeat-after-200 repeat-after-500 repeat-after-silence"},
	{defect: "repeats-after-400", warn: "no-repeat-after-400"},
	{defect: "new-id-on-repeat", warn: "repeat-after-500 repeat-after-silence"},
	{defect: "changes-contents-on-repeat", warn: "repeat-after-500 repeat-after-silence"},

	{defect: "never-logs-in", readings: "EF-R-01=on", fail: "token", warn: "renew-after-401", notApplicable: "token-endpoint token-request",
		notRun: unaccepted},
	{defect: "never-sends-token", fail: "token", warn: "renew-after-401"},
	{defect: "sends-token-without-bearer", fail: "token", warn: "renew-after-401"},
	{defect: "retries-without-login", readings: "EF-R-01=on", fail: "token", warn: "renew-after-401", notApplicable: "token-endpoint token-request",
		notRun: unaccepted},
	{defect: "stops-after-login", fail: "token", warn: "renew-after-401"},
	{defect: "never-stops-after-401", warn: "stop-after-401"},
	{defect: "repeats-after-403", warn: "stop-after-403"},
	{defect: "logs-in-with-json", fail: "token token-request", warn: "renew-after-401"},
	{defect: "logs-in-without-client", fail: "token token-request", warn: "renew-after-401"},
	{defect: "logs-in-as-agent", fail: "token", warn: "renew-after-401 token-endpoint", notApplicable: "token-request"},
	{defect: "uses-fixed-token", warn: "renew-after-401 token-endpoint", notApplicable: "token-request"},
}

// expected turns a row into what verdicts returns.
func (r row) expected() map[string]conformance.Verdict {
	all := map[string]conformance.Verdict{}
	for _, name := range strings.Fields(neverSent) {
		all[name] = conformance.Inapplicable
	}
	for _, given := range []struct {
		verdict conformance.Verdict
		names   string
	}{
		{conformance.Inapplicable, r.notApplicable}, {conformance.NotRun, r.notRun}, {conformance.Undecided, r.undetermined},
		{conformance.Warned, r.warn}, {conformance.Failed, r.fail},
	} {
		for _, name := range strings.Fields(given.names) {
			all[name] = given.verdict
		}
	}
	for _, name := range strings.Fields(r.pass) {
		delete(all, name)
	}
	return all
}

// TestEachDefectFailsItsChecks judges the reference partner with one defect at a
// time, and compares every verdict other than pass with the table.
func TestEachDefectFailsItsChecks(t *testing.T) {
	for _, r := range table {
		t.Run(r.defect, func(t *testing.T) {
			t.Parallel()
			s := subject{defects: []string{r.defect}, readings: r.readings, only: strings.Fields(r.only)}
			if strings.Contains(r.warn, "no-repeat-") || strings.Contains(r.warn, "stop-after-") {
				s.quiet = time.Second // what the defect does must come within it
			}
			report := s.run(t, conformance.Judge)
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
		name := strings.TrimPrefix(result.ID, "expertflow/client/")
		if got[name] != want[name] {
			t.Errorf("%s: verdict %q, want %q (empty: pass); expected %s, actual %s", name, got[name], want[name], result.Expected, result.Actual)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is in the table and was not run", name)
	}
}

func TestEveryDefectHasOneRow(t *testing.T) {
	var listed, known []string
	for _, r := range table {
		listed = append(listed, r.defect)
	}
	for _, d := range reference.Reference().Defects {
		known = append(known, d.Name)
	}
	if !slices.Equal(listed, known) {
		t.Errorf("the table has the defects\n%v\nand the partner, in its order,\n%v", listed, known)
	}
}

func TestEveryCheckFailsForSomeDefect(t *testing.T) {
	caught := map[string]bool{}
	for _, r := range table {
		for _, name := range strings.Fields(r.fail + " " + r.warn) {
			caught["expertflow/client/"+name] = true
		}
	}
	for _, s := range checks.Suites() {
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
