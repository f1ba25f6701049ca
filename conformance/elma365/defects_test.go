package elma365_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	checks "github.com/parleykit/parley/conformance/elma365"
	reference "github.com/parleykit/parley/conformance/partner/elma365"
)

// row names, for one defect, exactly the checks that do not pass, by their
// verdict and without "elma365/".
type row struct {
	defect        string
	fail          string
	warn          string
	undetermined  string
	notApplicable string
	notRun        string
	only          string // the checks that are run; "" for all
}

const (
	otherTokens = `webhook/wrong-token webhook/empty-token webhook/token-beginning webhook/token-longer webhook/token-case
		webhook/token-space-after webhook/token-space-before`
	allTokens = otherTokens + " webhook/missing-token webhook/token-type"
	// A stranger leads the messenger astray, and it calls another URL than connect's.
	ledAstray = ` client/foreign-connect client/foreign-outcome client/url`
	// What cannot be judged when ELMA365 does not take the messenger's messages.
	unaccepted = ` client/retry-after-failed-outcome client/retry-after-silence client/no-repeat-after-success client/one-message
		client/own-outcome client/own-read-mark client/own-user client/own-chat client/foreign-connect client/foreign-outcome`
	// What cannot be judged when a message cannot be told from another.
	unfollowable = unaccepted + ` client/retry-after-500 client/retry-contents client/distinct-ids client/new-webhook`
	// What stands in a body that nobody can read.
	unread = ` client/token client/message client/files client/contents`
	// Checks in a channel of their own.
	inNewChannel = ` webhook/disconnect webhook/after-disconnect webhook/disconnect-one webhook/foreign-disconnect`
	// Checks for which a message with a file must be accepted.
	withFile = ` webhook/message webhook/message-several-files webhook/message-twice webhook/layout webhook/twenty-at-once
		webhook/acknowledgement webhook/slow-reader webhook/connect-new-channel webhook/connect-after-disconnect client/own-chat`
	withFileWarn = ` webhook/message-files-only webhook/message-file-without-size webhook/emoji webhook/right-to-left
		webhook/line-breaks webhook/long-text webhook/quotes-in-names webhook/unknown-members`
)

var table = []row{
	{defect: "verifies-nothing", fail: allTokens + ledAstray + " webhook/unknown-channel webhook/unknown-channel-foreign-token",
		warn: "webhook/unknown-optional-channel webhook/after-disconnect"},
	{defect: "accepts-any-token", fail: allTokens + ledAstray + " webhook/foreign-disconnect"},
	{defect: "accepts-any-token-of-read-marks", fail: allTokens},
	{defect: "accepts-empty-token", fail: "webhook/empty-token"},
	{defect: "accepts-missing-token", fail: "webhook/missing-token"},
	{defect: "accepts-token-of-other-type", fail: "webhook/token-type"},
	{defect: "compares-token-by-prefix", fail: "webhook/empty-token webhook/token-beginning"},
	{defect: "accepts-longer-token", fail: "webhook/token-longer webhook/token-space-after"},
	{defect: "trims-token", fail: "webhook/token-space-after webhook/token-space-before"},
	{defect: "ignores-token-case", fail: "webhook/token-case"},
	{defect: "answers-403-to-wrong-token", fail: otherTokens, warn: "webhook/missing-token webhook/token-type"},
	{defect: "answers-404-without-channel", fail: otherTokens, undetermined: "webhook/missing-token webhook/token-type"},
	{defect: "reads-body-before-token", undetermined: "webhook/missing-token webhook/token-type"},
	{defect: "acts-before-verifying", fail: ledAstray + " webhook/foreign-disconnect"},
	{defect: "accepts-unknown-channel", fail: "webhook/unknown-channel", undetermined: "webhook/unknown-channel-foreign-token",
		warn: "webhook/unknown-optional-channel webhook/after-disconnect"},
	{defect: "answers-400-to-unknown-channel", fail: "webhook/unknown-channel webhook/unknown-channel-foreign-token",
		warn: "webhook/unknown-optional-channel webhook/after-disconnect"},
	{defect: "ignores-optional-channel", warn: "webhook/unknown-optional-channel"},
	{defect: "accepts-after-disconnect", warn: "webhook/after-disconnect"},

	{defect: "answers-201",
		fail: withFile + ` webhook/connect webhook/outcome webhook/outcome-failed webhook/mark-as-read webhook/user-info
			client/own-outcome client/own-read-mark client/own-user`,
		warn: withFileWarn + ` webhook/connect-again webhook/message-text-only webhook/message-empty-files
			webhook/user-info-unknown webhook/optional-channel`,
		notRun: inNewChannel + " client/no-repeat-after-success client/new-webhook"},
	{defect: "refuses-new-channel", fail: "webhook/connect-new-channel webhook/connect-after-disconnect", notRun: inNewChannel},
	{defect: "refuses-second-connect", warn: "webhook/connect-again webhook/unknown-members", notRun: "client/new-webhook"},
	{defect: "refuses-connect-after-disconnect", fail: "webhook/connect-after-disconnect", notRun: inNewChannel + " client/new-webhook"},
	{defect: "refuses-disconnect", fail: "webhook/disconnect", notRun: "webhook/after-disconnect"},
	{defect: "disconnects-all-channels", fail: "webhook/disconnect-one"},
	{defect: "refuses-failed-outcome", fail: "webhook/outcome-failed client/own-outcome"},
	{defect: "refuses-outcome-of-unknown-message", fail: "webhook/outcome webhook/outcome-failed", warn: "webhook/optional-channel webhook/unknown-members"},
	{defect: "expects-summary-names", fail: "webhook/outcome webhook/outcome-failed webhook/mark-as-read client/own-outcome client/own-read-mark",
		warn: "webhook/optional-channel webhook/unknown-members webhook/type-spelling", notRun: "client/no-repeat-after-success"},
	{defect: "refuses-repeats", fail: "webhook/message-twice"},
	{defect: "answers-user-info-in-html", fail: "webhook/user-info client/own-user",
		warn: "webhook/user-info-unknown webhook/optional-channel webhook/unknown-members"},
	{defect: "answers-user-info-with-list", fail: "webhook/user-info client/own-user",
		warn: "webhook/user-info-unknown webhook/optional-channel webhook/unknown-members"},
	{defect: "answers-user-info-empty", fail: "client/own-user", notApplicable: "webhook/user-info"},
	{defect: "fails-on-unknown-user", warn: "webhook/user-info-unknown webhook/optional-channel webhook/unknown-members"},
	{defect: "breaks-on-optional-channel", warn: "webhook/optional-channel"},
	{defect: "breaks-without-files", warn: "webhook/message-text-only"},
	{defect: "breaks-without-text", warn: "webhook/message-files-only"},

	{defect: "answers-get", warn: "webhook/get"},
	{defect: "accepts-any-method", warn: "webhook/wrong-method"},
	{defect: "accepts-any-content-type", undetermined: "webhook/wrong-content-type"},
	{defect: "accepts-invalid-json", fail: "webhook/invalid-json"},
	{defect: "accepts-empty-body", fail: "webhook/empty-body"},
	{defect: "accepts-any-json", fail: "webhook/not-an-object"},
	{defect: "accepts-unknown-type", fail: "webhook/unknown-type", warn: "webhook/type-spelling"},
	{defect: "accepts-missing-type", fail: "webhook/missing-type"},
	{defect: "ignores-type-case", warn: "webhook/type-spelling"},
	{defect: "accepts-missing-data", fail: "webhook/missing-data", warn: "webhook/wrong-types"},
	{defect: "accepts-wrong-types", warn: "webhook/wrong-types"},
	{defect: "accepts-empty-message", warn: "webhook/message-empty"},
	{defect: "answers-400", warn: `webhook/invalid-json webhook/empty-body webhook/not-an-object webhook/missing-type webhook/unknown-type
		webhook/type-spelling webhook/missing-data webhook/wrong-types webhook/message-empty`},
	{defect: "answers-405", warn: "webhook/get webhook/wrong-method"},
	{defect: "answers-415", warn: "webhook/wrong-content-type"},
	{defect: "reads-url-in-lower-case", fail: withFile + " webhook/disconnect-one webhook/foreign-disconnect", warn: withFileWarn},
	{defect: "breaks-on-unknown-field", warn: "webhook/unknown-members"},
	{defect: "breaks-on-emoji", warn: "webhook/emoji"},
	{defect: "breaks-on-right-to-left", warn: "webhook/right-to-left"},
	{defect: "breaks-on-long-text", warn: "webhook/long-text"},
	{defect: "breaks-on-line-breaks", warn: "webhook/line-breaks"},
	{defect: "breaks-on-quotes-in-names", warn: "webhook/quotes-in-names"},
	{defect: "breaks-on-empty-files", warn: "webhook/message-empty-files"},
	{defect: "breaks-on-several-files", fail: "webhook/message-several-files", warn: "webhook/quotes-in-names"},
	{defect: "breaks-on-missing-size", warn: "webhook/message-file-without-size"},
	{defect: "breaks-on-white-space", fail: "webhook/layout"},

	{defect: "serial", fail: "webhook/twenty-at-once webhook/slow-reader"},
	{defect: "slow-acknowledgement", fail: "webhook/twenty-at-once webhook/acknowledgement"},
	{defect: "answers-429-to-burst", fail: "webhook/twenty-at-once"},

	{defect: "adds-to-url", fail: "client/url client/user-info client/disconnect", warn: "client/new-webhook"},
	{defect: "keeps-first-url", warn: "client/new-webhook"},
	{defect: "calls-another-channel", fail: "client/url client/user-info client/disconnect", warn: "client/new-webhook",
		notRun: unaccepted + " client/retry-after-500 client/retry-contents"},
	{defect: "sends-wrong-token", fail: "client/token client/user-info client/disconnect", notRun: unaccepted},
	{defect: "sends-no-token", fail: "client/token client/user-info client/disconnect", notRun: unaccepted},
	{defect: "sends-type-in-capitals", fail: "client/message client/user-info client/disconnect", notRun: unaccepted},
	{defect: "sends-no-break-spaces", fail: "client/json", notRun: unfollowable + unread,
		notApplicable: "client/user-info client/disconnect client/after-own-disconnect"},
	{defect: "sends-list", fail: "client/json", notRun: unfollowable + unread,
		notApplicable: "client/user-info client/disconnect client/after-own-disconnect"},
	{defect: "sends-as-text", warn: "client/content-type"},
	{defect: "sends-with-put", fail: "client/method client/user-info client/disconnect", notRun: unaccepted + unread},
	{defect: "sends-no-message-id", fail: "client/message", notRun: unfollowable},
	{defect: "sends-numeric-ids", fail: "client/message", notRun: unaccepted},
	{defect: "sends-no-chat", fail: "client/message", notRun: unaccepted},
	{defect: "sends-no-user", fail: "client/message", notRun: unaccepted},
	{defect: "sends-empty-message", warn: "client/contents", notApplicable: "client/files", notRun: unaccepted},
	{defect: "sends-text-as-list", fail: "client/message", notRun: unaccepted},
	{defect: "sends-files-as-object", fail: "client/files", notRun: unaccepted},
	{defect: "sends-file-without-name", fail: "client/files", notRun: unaccepted},
	{defect: "sends-url-in-lower-case", fail: "client/files", notRun: unaccepted},
	{defect: "sends-chat-name-as-object", fail: "client/message", notRun: unaccepted},
	// Each further check would wait in vain for a message with an ID of its own.
	{defect: "uses-one-id", warn: "client/distinct-ids", only: "elma365/webhook/* elma365/client/distinct-ids elma365/client/message"},
	{defect: "asks-without-user-id", fail: "client/user-info"},
	{defect: "calls-after-own-disconnect", warn: "client/after-own-disconnect"},

	{defect: "never-retries-after-500", fail: "client/retry-after-500"},
	{defect: "never-retries-after-failed-outcome", fail: "client/retry-after-failed-outcome"},
	{defect: "never-retries-after-silence", fail: "client/retry-after-silence client/foreign-outcome", notRun: "client/one-message"},
	{defect: "repeats-after-success", warn: "client/no-repeat-after-success"},
	{defect: "new-id-on-retry", fail: "client/retry-after-500 client/retry-after-failed-outcome client/retry-after-silence client/one-message",
		notRun: "client/retry-contents"},
	{defect: "changes-text-on-retry", fail: "client/retry-contents"},
	{defect: "loses-files-on-retry", fail: "client/retry-contents"},
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
			report := subject{token: token, defects: []string{r.defect}, only: strings.Fields(r.only)}.run(t, conformance.Judge)
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
		name := strings.TrimPrefix(result.ID, "elma365/")
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
			caught["elma365/"+name] = true
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
