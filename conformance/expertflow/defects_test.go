package expertflow_test

import (
	"testing"

	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/internal/trial"
	reference "github.com/parleykit/parley/conformance/partner/expertflow"
)

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

var table = []trial.Row{
	{Defect: "sends-no-header", Fail: "header" + unowned, Warn: "recording-link", NotApplicable: "timestamp",
		NotRun: "sender selector sender-type sender-name header-names" + unaccepted},
	{Defect: "sends-no-sender", Fail: "sender", NotRun: "sender-type sender-name" + unaccepted},
	{Defect: "sends-blank-sender-id", Fail: "sender", NotRun: unaccepted},
	{Defect: "sends-sender-type-as-number", Fail: "sender", NotRun: "sender-type" + unaccepted},
	{Defect: "sends-sender-type-in-lower-case", Warn: "sender-type"},
	{Defect: "sends-as-agent", Warn: "sender-type"},
	{Defect: "sends-no-sender-name", Warn: "sender-name"},
	{Defect: "sends-no-selector", Fail: "selector" + unowned, Warn: "recording-link", NotRun: unaccepted},
	{Defect: "sends-customer-without-id", Fail: "selector" + unowned, Warn: "recording-link", NotRun: unaccepted},
	{Defect: "sends-session-as-number", Fail: "selector channel-session", Warn: "recording-link", NotRun: unaccepted},
	{Defect: "misspells-session", Fail: "selector channel-session", Warn: "header-names recording-link", NotRun: unaccepted},
	{Defect: "misspells-conversation", Warn: "header-names"},
	{Defect: "sends-no-id", Warn: "id repeat-after-silence", NotApplicable: "unique-ids"},
	{Defect: "sends-seconds", Warn: "timestamp"},
	{Defect: "sends-timestamp-as-text", Warn: "timestamp", NotRun: unaccepted},
	{Defect: "sends-half-channel-data", Fail: "channel-data", Pass: "channel-identifiers", NotRun: unaccepted},
	{Defect: "sends-priority-as-text", Fail: "channel-data", Pass: "channel-identifiers", NotRun: unaccepted},
	{Defect: "sends-unknown-attribute-type", Fail: "channel-data", Pass: "channel-identifiers", NotRun: unaccepted},
	{Defect: "sends-blank-identifiers", Warn: "channel-identifiers", Pass: "channel-data"},
	{Defect: "names-reply-as-before-2023", Warn: "reply-name"},
	{Defect: "replies-to-nothing", Fail: "reply-to", NotRun: unaccepted},
	{Defect: "sends-intent-as-object", Fail: "message", NotRun: unaccepted},
	{Defect: "sends-no-body", Fail: "body", NotApplicable: "channel-session recording-link url", NotRun: unaccepted},
	{Defect: "sends-no-type", Fail: "body", Warn: "recording-link", NotApplicable: "url", NotRun: unaccepted},
	{Defect: "sends-text-as-list", Fail: "body", NotRun: unaccepted},

	// A wrong body is sent as a survey only, so all others are accepted.
	{Defect: "sends-plain-text-as-list", Fail: "plain body"},
	{Defect: "sends-image-without-attachment", Fail: "media"},
	{Defect: "sends-file-without-url", Fail: "media"},
	{Defect: "sends-sticker-without-url", Fail: "sticker"},
	{Defect: "sends-location-as-text", Fail: "location"},
	{Defect: "sends-contact-without-phones", Fail: "contact"},
	{Defect: "spells-url-as-in-the-table", Fail: "url"},
	{Defect: "sends-buttons-without-kind", Fail: "button"},
	{Defect: "sends-blank-button", Fail: "button"},
	{Defect: "sends-carousel-without-kind", Fail: "carousel"},
	{Defect: "sends-template-without-namespace", Fail: "template"},
	{Defect: "sends-receipt-elements-as-text", Fail: "receipt"},
	{Defect: "sends-email-without-sender", Fail: "email"},
	{Defect: "sends-comment-without-post", Fail: "comment"},
	{Defect: "sends-voice-without-leg", Fail: "voice"},
	{Defect: "sends-action-without-data", Fail: "action"},
	{Defect: "sends-wrapup-without-value", Fail: "wrapup"},
	{Defect: "sends-unknown-notification", Fail: "notification"},
	{Defect: "sends-delivery-without-status", Fail: "delivery-notification"},
	{Defect: "sends-deletion-with-text-as-time", Fail: "deleted-notification"},
	{Defect: "sends-details-as-object", Readings: "R-23=string", Fail: "additional-details", Pass: "sticker"},

	{Defect: "survey-names-customer-only", Fail: "conversation"},
	{Defect: "schedule-names-conversation", Fail: "stand-alone"},
	{Defect: "recording-names-customer-only", Fail: "channel-session", Warn: "recording-link"},
	{Defect: "recording-names-no-session", Warn: "recording-link", NotApplicable: "channel-session"},
	{Defect: "sends-recording-as-own-type", Warn: "recording-link", NotApplicable: "url"},
	{Defect: "spells-recording-as-in-the-table", Warn: "recording-link", NotApplicable: "url"},

	{Defect: "pushes-to-forms", Fail: "path", NotRun: unread, NotApplicable: "token-endpoint token-request"},
	{Defect: "pushes-with-put", Fail: "path", NotRun: unread, NotApplicable: "token-endpoint token-request"},
	{Defect: "sends-list", Fail: "json", NotRun: unread},
	{Defect: "sends-no-break-spaces", Fail: "json", NotRun: unread},
	{Defect: "sends-as-text", Warn: "content-type", NotRun: unaccepted},

	// Each further check would wait in vain for an activity with an ID of its own.
	{Defect: "uses-one-id", Fail: "unique-ids", Only: "unique-ids message", Pass: neverSent},
	{Defect: "repeats-after-200", Warn: "no-repeat-after-200 repeat-after-500 repeat-after-silence"},
	{Defect: "repeats-after-400", Warn: "no-repeat-after-400"},
	{Defect: "new-id-on-repeat", Warn: "repeat-after-500 repeat-after-silence"},
	{Defect: "changes-contents-on-repeat", Warn: "repeat-after-500 repeat-after-silence"},

	{Defect: "never-logs-in", Readings: "R-01=on", Fail: "token", Warn: "renew-after-401", NotApplicable: "token-endpoint token-request",
		NotRun: unaccepted},
	{Defect: "never-sends-token", Fail: "token", Warn: "renew-after-401"},
	{Defect: "sends-token-without-bearer", Fail: "token", Warn: "renew-after-401"},
	{Defect: "retries-without-login", Readings: "R-01=on", Fail: "token", Warn: "renew-after-401", NotApplicable: "token-endpoint token-request",
		NotRun: unaccepted},
	{Defect: "stops-after-login", Fail: "token", Warn: "renew-after-401"},
	{Defect: "never-stops-after-401", Warn: "stop-after-401"},
	{Defect: "repeats-after-403", Warn: "stop-after-403"},
	{Defect: "logs-in-with-json", Fail: "token token-request", Warn: "renew-after-401"},
	{Defect: "logs-in-without-client", Fail: "token token-request", Warn: "renew-after-401"},
	{Defect: "logs-in-as-agent", Fail: "token", Warn: "renew-after-401 token-endpoint", NotApplicable: "token-request"},
	{Defect: "uses-fixed-token", Warn: "renew-after-401 token-endpoint", NotApplicable: "token-request"},
}

// TestEachDefectFailsItsChecks judges the reference partner with one defect at a
// time, and compares every verdict other than pass with the table.
func TestEachDefectFailsItsChecks(t *testing.T) {
	t.Parallel()
	for _, r := range table {
		t.Run(r.Defect, func(t *testing.T) {
			t.Parallel()
			subject{Row: r}.judged(t, trial.Judge)
		})
	}
}

func TestEveryDefectHasOneRow(t *testing.T) {
	trial.OneRowForEach(t, reference.Reference().Defects, table)
}

func TestEveryCheckFailsForSomeDefect(t *testing.T) {
	trial.EachCheckIsMissed(t, checks.Suites(), prefix, table)
}
