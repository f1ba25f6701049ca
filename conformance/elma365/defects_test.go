package elma365_test

import (
	"testing"

	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/internal/checktest"
	reference "github.com/parleykit/parley/conformance/partner/elma365"
)

const (
	otherTokens = `webhook/wrong-token webhook/empty-token webhook/token-beginning webhook/token-longer webhook/token-case
		webhook/token-space-after webhook/token-space-before`
	allTokens = otherTokens + " webhook/missing-token webhook/token-type"
	// A stranger leads the messenger astray, and it calls another URL than connect's.
	ledAstray = ` client/foreign-connect client/url`
	// What cannot be judged when ELMA365 does not take the messenger's messages.
	unaccepted = ` client/retry-after-failed-outcome client/retry-after-silence client/no-repeat-after-success client/one-message
		client/own-outcome client/outcome-of-one client/own-read-mark client/own-user client/users-apart client/own-chat
		client/foreign-connect client/foreign-outcome`
	// What cannot be judged when a message cannot be told from another.
	unfollowable = unaccepted + ` client/retry-after-500 client/retry-contents client/distinct-ids client/new-webhook`
	// What stands in a body that nobody can read.
	unread = ` client/token client/message client/files client/contents`
	// Checks in a channel of their own.
	inNewChannel = ` webhook/disconnect webhook/after-disconnect webhook/disconnect-one webhook/foreign-disconnect`
	// What a body that cannot be executed is about, where the messenger refuses all alike.
	bodies = ` webhook/invalid-json webhook/empty-body webhook/not-an-object webhook/missing-type webhook/unknown-type
		webhook/type-spelling webhook/missing-data webhook/missing-members webhook/wrong-types webhook/message-empty`
	// The readings by which nothing is left open that a check of repetitions could decide.
	retrying = "R-26=either-or-500 R-27=within-run-deadline R-47=messenger"
	// Checks for which a message with a file must be accepted.
	withFile = ` webhook/message webhook/message-several-files webhook/message-twice webhook/layout webhook/acknowledgement
		client/own-chat`
	// Checks for which it must be accepted in a new channel, where the messenger need not have the chat.
	withFileElsewhere = " webhook/connect-new-channel webhook/connect-after-disconnect"
	anyMessage        = withFile + withFileWarn + withFileElsewhere + " webhook/message-text-only webhook/message-empty-files webhook/disconnect-one webhook/foreign-disconnect"
	withFileWarn      = ` webhook/message-files-only webhook/message-file-without-size webhook/emoji webhook/right-to-left
		webhook/twenty-at-once webhook/slow-reader webhook/line-breaks webhook/long-text webhook/quotes-in-names webhook/unknown-members`
)

var table = []checktest.Row{
	{Defect: "verifies-nothing", Fail: allTokens + ledAstray + " webhook/unknown-channel webhook/unknown-channel-foreign-token",
		Warn: "webhook/unknown-optional-channel webhook/after-disconnect client/foreign-outcome"},
	{Defect: "accepts-any-token", Fail: allTokens + ledAstray + " webhook/foreign-disconnect", Warn: "client/foreign-outcome"},
	{Defect: "accepts-any-token-of-read-marks", Fail: allTokens},
	{Defect: "accepts-empty-token", Fail: "webhook/empty-token"},
	{Defect: "accepts-missing-token", Fail: "webhook/missing-token"},
	{Defect: "accepts-token-of-other-type", Fail: "webhook/token-type"},
	{Defect: "compares-token-by-prefix", Fail: "webhook/empty-token webhook/token-beginning"},
	{Defect: "accepts-longer-token", Fail: "webhook/token-longer webhook/token-space-after"},
	{Defect: "trims-token", Fail: "webhook/token-space-after webhook/token-space-before"},
	{Defect: "ignores-token-case", Fail: "webhook/token-case"},
	{Defect: "answers-403-to-wrong-token", Fail: otherTokens, Warn: "webhook/missing-token webhook/token-type"},
	{Defect: "answers-404-without-channel", Warn: otherTokens, Undetermined: "webhook/missing-token webhook/token-type"},
	{Defect: "reads-body-before-token", Undetermined: "webhook/missing-token webhook/token-type"},
	{Defect: "acts-before-verifying", Fail: ledAstray + " webhook/foreign-disconnect", Warn: "client/foreign-outcome"},
	{Defect: "accepts-unknown-channel", Fail: "webhook/unknown-channel", Undetermined: "webhook/unknown-channel-foreign-token",
		Warn: "webhook/unknown-optional-channel webhook/after-disconnect"},
	{Defect: "answers-400-to-unknown-channel", Fail: "webhook/unknown-channel webhook/unknown-channel-foreign-token",
		Warn: "webhook/unknown-optional-channel webhook/after-disconnect"},
	{Defect: "ignores-optional-channel", Warn: "webhook/unknown-optional-channel"},
	{Defect: "accepts-after-disconnect", Warn: "webhook/after-disconnect"},

	{Defect: "answers-201",
		Fail: withFile + withFileElsewhere + ` webhook/connect webhook/outcome webhook/outcome-failed webhook/mark-as-read webhook/user-info
			client/own-outcome client/own-read-mark client/own-user`,
		Warn: withFileWarn + ` webhook/connect-again webhook/message-text-only webhook/message-empty-files
			webhook/user-info-unknown webhook/optional-channel`,
		CouldNotRun: inNewChannel + " client/no-repeat-after-success client/outcome-of-one client/new-webhook"},
	{Defect: "refuses-new-channel", Undetermined: "webhook/connect-new-channel webhook/connect-after-disconnect" + inNewChannel},
	{Defect: "refuses-second-connect", Warn: "webhook/connect-again webhook/unknown-members", CouldNotRun: "client/new-webhook"},
	{Defect: "refuses-connect-after-disconnect", Undetermined: "webhook/connect-after-disconnect" + inNewChannel, CouldNotRun: "client/new-webhook"},
	{Defect: "refuses-disconnect", Fail: "webhook/disconnect", CouldNotRun: "webhook/after-disconnect"},
	{Defect: "disconnects-all-channels", Fail: "webhook/disconnect-one"},
	{Defect: "refuses-failed-outcome", Fail: "webhook/outcome-failed client/own-outcome", CouldNotRun: "client/outcome-of-one"},
	// It takes those of its own, and is asked with them.
	{Defect: "refuses-outcome-of-unknown-message"},
	{Defect: "expects-summary-names", Fail: "webhook/outcome webhook/outcome-failed webhook/mark-as-read client/own-outcome client/own-read-mark",
		Warn: "webhook/optional-channel webhook/unknown-members", Undetermined: "webhook/type-spelling", CouldNotRun: "client/no-repeat-after-success client/outcome-of-one"},
	{Defect: "refuses-repeats", Fail: "webhook/message-twice"},
	{Defect: "answers-user-info-in-html", Fail: "webhook/user-info client/own-user",
		Warn: "webhook/user-info-unknown webhook/optional-channel webhook/unknown-members", NotApplicable: "client/users-apart"},
	{Defect: "answers-user-info-with-list", Fail: "webhook/user-info client/own-user",
		Warn: "webhook/user-info-unknown webhook/optional-channel webhook/unknown-members", NotApplicable: "client/users-apart"},
	{Defect: "answers-user-info-empty", Fail: "webhook/user-info client/own-user", NotApplicable: "client/users-apart"},
	{Defect: "fails-on-unknown-user", Warn: "webhook/user-info-unknown webhook/optional-channel webhook/unknown-members"},
	{Defect: "breaks-on-optional-channel", Warn: "webhook/optional-channel"},
	{Defect: "breaks-without-files", Warn: "webhook/message-text-only"},
	{Defect: "breaks-without-text", Warn: "webhook/message-files-only"},
	// It takes what is written to the chat that it has named itself.
	{Defect: "refuses-unknown-chat"},
	// Nobody writes to it in the channels of these checks.
	{Defect: "keeps-chats-apart", Undetermined: "webhook/connect-new-channel webhook/connect-after-disconnect webhook/foreign-disconnect"},
	{Defect: "knows-latest-chat", Only: "elma365/client/*", Fail: "client/own-chat"},
	{Defect: "answers-login-page", Undetermined: anyMessage},
	{Defect: "answers-error-in-200", Undetermined: anyMessage},
	{Defect: "answers-same-user", Warn: "client/users-apart"},
	{Defect: "answers-first-user", Warn: "client/users-apart"},
	{Defect: "answers-same-login", Warn: "client/users-apart"},
	{Defect: "answers-all-users", Warn: "client/users-apart"},
	{Defect: "answers-avatar-as-url", Warn: "webhook/user-info client/own-user"},

	{Defect: "accepts-any-method", Warn: "webhook/wrong-method"},
	{Defect: "accepts-any-content-type", Undetermined: "webhook/wrong-content-type"},
	{Defect: "accepts-invalid-json", Warn: "webhook/invalid-json"},
	{Defect: "accepts-empty-body", Warn: "webhook/empty-body"},
	{Defect: "accepts-any-json", Warn: "webhook/not-an-object"},
	{Defect: "accepts-unknown-type", Undetermined: "webhook/unknown-type webhook/type-spelling"},
	{Defect: "accepts-missing-type", Warn: "webhook/missing-type"},
	{Defect: "ignores-type-case", Undetermined: "webhook/type-spelling"},
	{Defect: "accepts-missing-data", Readings: "R-46=not-executed", Fail: "webhook/missing-members webhook/missing-data webhook/wrong-types"},
	{Defect: "accepts-wrong-types", Warn: "webhook/wrong-types"},
	{Defect: "accepts-empty-message", Warn: "webhook/message-empty"},
	{Defect: "answers-400", Warn: bodies},
	{Defect: "answers-405", Warn: "webhook/wrong-method"},
	{Defect: "answers-415", Warn: "webhook/wrong-content-type"},
	{Defect: "reads-url-in-lower-case", Fail: withFile + " webhook/disconnect-one", Warn: withFileWarn,
		Undetermined: withFileElsewhere + " webhook/foreign-disconnect"},
	{Defect: "breaks-on-unknown-field", Warn: "webhook/unknown-members"},
	{Defect: "breaks-on-emoji", Warn: "webhook/emoji"},
	{Defect: "breaks-on-right-to-left", Warn: "webhook/right-to-left"},
	{Defect: "breaks-on-long-text", Warn: "webhook/long-text"},
	{Defect: "breaks-on-line-breaks", Warn: "webhook/line-breaks"},
	{Defect: "breaks-on-quotes-in-names", Warn: "webhook/quotes-in-names"},
	{Defect: "breaks-on-empty-files", Warn: "webhook/message-empty-files"},
	{Defect: "breaks-on-several-files", Fail: "webhook/message-several-files", Warn: "webhook/quotes-in-names"},
	{Defect: "breaks-on-missing-size", Warn: "webhook/message-file-without-size"},
	{Defect: "breaks-on-white-space", Fail: "webhook/layout"},

	{Defect: "serial", Warn: "webhook/twenty-at-once webhook/slow-reader"},
	{Defect: "slow-acknowledgement", Fail: "webhook/acknowledgement", Warn: "webhook/twenty-at-once webhook/slow-reader"},
	{Defect: "answers-429-to-burst", Warn: "webhook/twenty-at-once"},

	{Defect: "adds-to-url", Fail: "client/url client/user-info client/disconnect", Warn: "client/new-webhook"},
	{Defect: "keeps-first-url", Warn: "client/new-webhook"},
	{Defect: "calls-another-channel", Fail: "client/url client/user-info client/disconnect", Warn: "client/new-webhook",
		CouldNotRun: unaccepted + " client/retry-after-500 client/retry-contents"},
	{Defect: "sends-wrong-token", Warn: "client/token client/user-info client/disconnect", Undetermined: unaccepted},
	{Defect: "sends-no-token", Fail: "client/token client/user-info client/disconnect", CouldNotRun: unaccepted},
	{Defect: "sends-type-in-capitals", Fail: "client/message client/user-info client/disconnect", CouldNotRun: unaccepted},
	{Defect: "sends-no-break-spaces", Fail: "client/json", CouldNotRun: unfollowable + unread,
		NotApplicable: "client/user-info client/disconnect client/after-own-disconnect"},
	{Defect: "sends-list", Fail: "client/json", CouldNotRun: unfollowable + unread,
		NotApplicable: "client/user-info client/disconnect client/after-own-disconnect"},
	{Defect: "sends-as-text", Warn: "client/content-type"},
	{Defect: "sends-with-put", Fail: "client/method client/user-info client/disconnect", CouldNotRun: unaccepted + unread},
	{Defect: "sends-no-message-id", Fail: "client/message", CouldNotRun: unfollowable},
	{Defect: "sends-numeric-ids", Warn: "client/message", NotApplicable: "client/own-user client/users-apart client/own-chat"},
	{Defect: "sends-no-chat", Warn: "client/message", NotApplicable: "client/own-chat"},
	{Defect: "sends-no-user", Warn: "client/message", NotApplicable: "client/own-user client/users-apart"},
	{Defect: "sends-empty-message", Warn: "client/contents", NotApplicable: "client/files"},
	{Defect: "sends-text-as-list", Fail: "client/message", CouldNotRun: unaccepted},
	{Defect: "sends-files-as-object", Fail: "client/files", CouldNotRun: unaccepted},
	{Defect: "sends-file-without-name", Fail: "client/files", CouldNotRun: unaccepted},
	{Defect: "sends-url-in-lower-case", Fail: "client/files", CouldNotRun: unaccepted},
	{Defect: "sends-chat-name-as-object", Warn: "client/message"},
	{Defect: "sends-null-files", Warn: "client/files"},
	{Defect: "invents-type", Fail: "client/operations"},
	// Each further check would wait in vain for a message with an ID of its own.
	{Defect: "uses-one-id", Warn: "client/distinct-ids", Only: "elma365/webhook/* elma365/client/distinct-ids elma365/client/message"},
	{Defect: "asks-without-user-id", Fail: "client/user-info"},
	{Defect: "asks-by-own-type", Fail: "client/operations", NotApplicable: "client/user-info"},
	{Defect: "asks-in-words", Fail: "client/json", NotApplicable: "client/user-info"},
	{Defect: "asks-as-text", Warn: "client/content-type"},
	{Defect: "ends-by-own-type", Fail: "client/operations", NotApplicable: "client/disconnect client/after-own-disconnect"},
	{Defect: "calls-after-own-disconnect", Warn: "client/after-own-disconnect"},

	{Defect: "never-retries-after-500", Readings: retrying, Fail: "client/retry-after-500"},
	{Defect: "never-retries-after-failed-outcome", Readings: retrying, Fail: "client/retry-after-failed-outcome client/outcome-of-one"},
	{Defect: "never-retries-after-silence", Readings: retrying, Fail: "client/retry-after-silence client/foreign-outcome", CouldNotRun: "client/one-message"},
	{Defect: "repeats-after-success", Warn: "client/no-repeat-after-success"},
	{Defect: "new-id-on-retry", Fail: "client/retry-after-500 client/retry-after-failed-outcome client/retry-after-silence",
		Warn: "client/one-message", CouldNotRun: "client/retry-contents", Undetermined: "client/outcome-of-one"},
	{Defect: "changes-text-on-retry", Warn: "client/retry-contents"},
	{Defect: "loses-files-on-retry", Warn: "client/retry-contents"},
	// An outcome of a message of another check's settles one of this check's too.
	{Defect: "settles-all", Readings: retrying, Only: "client/retry-after-failed-outcome client/outcome-of-one", Fail: "client/outcome-of-one"},
}

// TestEachDefectFailsItsChecks judges the reference partner with one defect at a
// time, and compares every verdict with the table.
func TestEachDefectFailsItsChecks(t *testing.T) {
	checktest.Each(t, table, func(t *testing.T, r checktest.Row) { subject{Row: r}.judged(t, checktest.Judge) })
}

func TestTablesAreComplete(t *testing.T) {
	checktest.Complete(t, reference.Reference().Defects,
		checktest.Table{Prefix: prefix, Suites: checks.Suites(), Rows: table})
}
