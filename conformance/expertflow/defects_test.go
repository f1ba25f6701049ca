package expertflow_test

import (
	"testing"

	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/internal/checktest"
	reference "github.com/parleykit/parley/conformance/partner/expertflow"
)

const (
	// What the good application never sends.
	neverSent = `channel-data channel-identifiers reply-name reply-to media sticker location contact button carousel template
		receipt email comment voice action wrapup notification delivery-notification deleted-notification additional-details`
	// What cannot be judged when Expertflow CX takes no activity.
	unaccepted = " no-repeat-after-200 repeat-after-500 repeat-after-silence"
	// What cannot be judged when a message cannot be read, or went elsewhere.
	unread = unaccepted + ` channel-session recording-link conversation stand-alone token renew-after-401 stop-after-401 stop-after-403
		unique-ids no-repeat-after-400 header sender selector body id message sender-type sender-name timestamp header-names url ` + neverSent
	// What belongs to something in the header, when it names nothing.
	unowned = " channel-session conversation stand-alone"
)

var table = []checktest.Row{
	{Defect: "sends-no-header", Fail: "header" + unowned, Warn: "recording-link", NotApplicable: "timestamp",
		CouldNotRun: "sender selector sender-type sender-name header-names" + unaccepted},
	{Defect: "sends-no-sender", Fail: "sender", CouldNotRun: "sender-type sender-name" + unaccepted},
	{Defect: "sends-blank-sender-id", Warn: "sender"},
	{Defect: "sends-sender-type-as-number", Fail: "sender", CouldNotRun: "sender-type" + unaccepted},
	{Defect: "sends-sender-type-in-lower-case", Warn: "sender-type"},
	{Defect: "sends-as-agent", Warn: "sender-type"},
	{Defect: "sends-no-sender-name", Warn: "sender-name"},
	{Defect: "sends-no-selector", Fail: "selector" + unowned, Warn: "recording-link", CouldNotRun: unaccepted},
	{Defect: "sends-customer-without-id", Fail: "selector" + unowned, Warn: "recording-link", CouldNotRun: unaccepted},
	{Defect: "names-customer-as-on-the-page", Fail: "channel-session conversation", Warn: "selector recording-link"},
	{Defect: "sends-session-as-number", Fail: "selector channel-session", Warn: "recording-link", CouldNotRun: unaccepted},
	{Defect: "misspells-session", Fail: "selector channel-session", Warn: "header-names recording-link", CouldNotRun: unaccepted},
	{Defect: "misspells-conversation", Warn: "header-names"},
	{Defect: "sends-no-id", Warn: "id repeat-after-silence", NotApplicable: "unique-ids"},
	{Defect: "sends-seconds", Warn: "timestamp"},
	{Defect: "sends-timestamp-as-text", Warn: "timestamp"},
	{Defect: "sends-half-channel-data", Fail: "channel-data", Pass: "channel-identifiers", CouldNotRun: unaccepted},
	{Defect: "sends-priority-as-text", Fail: "channel-data", Pass: "channel-identifiers", CouldNotRun: unaccepted},
	{Defect: "sends-unknown-attribute-type", Warn: "channel-data", Pass: "channel-identifiers"},
	{Defect: "sends-blank-identifiers", Warn: "channel-identifiers", Pass: "channel-data"},
	{Defect: "names-reply-as-before-2023", Warn: "reply-name"},
	{Defect: "replies-to-nothing", Fail: "reply-to", CouldNotRun: unaccepted},
	{Defect: "sends-intent-as-object", Fail: "message", CouldNotRun: unaccepted},
	{Defect: "sends-no-body", Fail: "body", NotApplicable: "channel-session recording-link url", CouldNotRun: unaccepted},
	{Defect: "sends-no-type", Fail: "body", Warn: "recording-link", NotApplicable: "url", CouldNotRun: unaccepted},
	{Defect: "sends-text-as-list", Fail: "body", CouldNotRun: unaccepted},

	// A wrong body is sent as a survey only, so all others are accepted.
	{Defect: "sends-plain-text-as-list", Fail: "body"},
	{Defect: "sends-image-without-attachment", Fail: "media"},
	{Defect: "sends-file-without-url", Fail: "media"},
	{Defect: "sends-sticker-without-url", Fail: "sticker"},
	{Defect: "sends-location-as-text", Fail: "location"},
	{Defect: "spells-location-as-in-the-table", Warn: "location"},
	{Defect: "sends-contact-without-phones", Fail: "contact"},
	{Defect: "spells-phone-as-in-the-table", Warn: "contact"},
	{Defect: "sends-url-without-address", Fail: "url"},
	{Defect: "spells-url-as-in-the-table", Warn: "url"},
	{Defect: "sends-buttons-without-kind", Fail: "button"},
	{Defect: "spells-kind-of-buttons-as-in-the-table", Warn: "button"},
	{Defect: "sends-button-without-payload", Fail: "button"},
	{Defect: "sends-blank-button", Warn: "button"},
	{Defect: "sends-carousel-without-kind", Fail: "carousel"},
	{Defect: "sends-template-without-namespace", Fail: "template"},
	{Defect: "sends-language-without-policy", Warn: "template"},
	{Defect: "sends-receipt-elements-as-text", Warn: "receipt"},
	{Defect: "sends-email-without-sender", Fail: "email"},
	{Defect: "sends-comment-without-post", Warn: "comment"},
	{Defect: "sends-voice-without-leg", Fail: "voice"},
	{Defect: "sends-action-without-data", Fail: "action"},
	{Defect: "sends-wrapup-without-value", Fail: "wrapup"},
	{Defect: "sends-unknown-notification", Fail: "notification"},
	{Defect: "sends-delivery-without-status", Fail: "delivery-notification"},
	{Defect: "spells-status-as-in-the-table", Warn: "delivery-notification"},
	{Defect: "sends-deletion-with-text-as-time", Warn: "deleted-notification"},
	{Defect: "sends-details-as-object", Readings: "R-23=string", Fail: "additional-details", Pass: "sticker"},

	{Defect: "survey-names-customer-only", Fail: "conversation"},
	{Defect: "schedule-names-conversation", Warn: "stand-alone"},
	{Defect: "recording-names-customer-only", Fail: "channel-session", Warn: "recording-link"},
	{Defect: "recording-names-no-session", Warn: "recording-link", NotApplicable: "channel-session"},
	{Defect: "sends-recording-as-own-type", Warn: "recording-link", NotApplicable: "url"},
	{Defect: "sends-recording-without-link", Warn: "recording-link", NotApplicable: "url"},
	{Defect: "sends-relative-link", Fail: "url", Warn: "recording-link", CouldNotRun: unaccepted},
	{Defect: "spells-recording-as-in-the-table", Warn: "recording-link", NotApplicable: "url"},

	{Defect: "pushes-to-forms", Undetermined: "path", CouldNotRun: unread, NotApplicable: "token-endpoint token-request"},
	{Defect: "pushes-with-put", Fail: "path", CouldNotRun: unread, NotApplicable: "token-endpoint token-request"},
	{Defect: "sends-list", Fail: "json", CouldNotRun: unread},
	{Defect: "sends-no-break-spaces", Fail: "json", CouldNotRun: unread},
	{Defect: "sends-as-text", Warn: "content-type"},

	{Defect: "uses-one-id", Warn: "unique-ids"},
	{Defect: "repeats-after-200", Warn: "no-repeat-after-200 repeat-after-500 repeat-after-silence"},
	{Defect: "repeats-after-400", Warn: "no-repeat-after-400"},
	{Defect: "new-id-on-repeat", Warn: "repeat-after-500 repeat-after-silence"},
	{Defect: "changes-contents-on-repeat", Warn: "repeat-after-500 repeat-after-silence"},

	{Defect: "never-logs-in", Readings: "R-01=on", Fail: "token", Warn: "renew-after-401", NotApplicable: "token-endpoint token-request",
		CouldNotRun: unaccepted},
	{Defect: "never-sends-token", Undetermined: "token", Warn: "renew-after-401"},
	{Defect: "sends-token-without-bearer", Undetermined: "token", Warn: "renew-after-401"},
	{Defect: "retries-without-login", Readings: "R-01=on", Fail: "token", Warn: "renew-after-401", NotApplicable: "token-endpoint token-request",
		CouldNotRun: unaccepted},
	{Defect: "stops-after-login", Warn: "renew-after-401"},
	{Defect: "never-stops-after-401", Warn: "stop-after-401"},
	{Defect: "repeats-after-403", Warn: "stop-after-403"},
	{Defect: "logs-in-with-json", Fail: "token-request", CouldNotRun: "token renew-after-401"},
	{Defect: "logs-in-without-client", Fail: "token-request", CouldNotRun: "token renew-after-401"},
	{Defect: "logs-in-as-agent", Undetermined: "token renew-after-401 token-endpoint", NotApplicable: "token-request"},
	{Defect: "logs-in-elsewhere", Warn: "token-endpoint", CouldNotRun: "token renew-after-401", NotApplicable: "token-request"},
	{Defect: "logs-in-as-stranger", CouldNotRun: "token renew-after-401"},
	{Defect: "uses-fixed-token", Warn: "renew-after-401 token-endpoint", NotApplicable: "token-request"},
}

// TestEachDefectFailsItsChecks judges the reference partner with one defect at a
// time, and compares every verdict other than pass with the table.
func TestEachDefectFailsItsChecks(t *testing.T) {
	checktest.Each(t, table, func(t *testing.T, r checktest.Row) { subject{Row: r}.judged(t, checktest.Judge) })
}

func TestTablesAreComplete(t *testing.T) {
	checktest.Complete(t, reference.Reference().Defects,
		checktest.Table{Prefix: prefix, Suites: checks.Suites(), Rows: table})
}
