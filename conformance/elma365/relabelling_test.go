package elma365_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

// TestRelabelling: a requirement that is said to be weaker warns where it failed, and
// nothing else changes, in the checks and in what the mock takes.
func TestRelabelling(t *testing.T) {
	t.Parallel()
	shipped := contracts.With(t, "")
	for _, r := range []struct {
		id, level string
		evidence  specs.Class
		row       checktest.Row
	}{
		{"ELMA365-GEN-003", "MUST", specs.Assumed, checktest.Row{Defect: "accepts-empty-token", Warn: "webhook/empty-token"}},
		{"ELMA365-GEN-003", "SHOULD", specs.Documented, checktest.Row{Defect: "accepts-empty-token", Warn: "webhook/empty-token"}},
		{"ELMA365-DIS-001", "SHOULD", specs.Documented, checktest.Row{Defect: "refuses-disconnect", Warn: "webhook/disconnect", CouldNotRun: "webhook/after-disconnect"}},
		{"ELMA365-GEN-027", "MUST", specs.Assumed, checktest.Row{Defect: "invents-type", Warn: "client/operations"}},
		{"ELMA365-IN-005", "MUST", specs.Documented, checktest.Row{Defect: "sends-no-chat", Fail: "client/message", CouldNotRun: unaccepted}},
		{"ELMA365-IN-009", "SHOULD", specs.Observed, checktest.Row{Defect: "sends-file-without-name", Warn: "client/files"}},
	} {
		t.Run(r.id+" "+r.level+" "+string(r.evidence), func(t *testing.T) {
			t.Parallel()
			changed := checktest.Relabelled(t, shipped, r.id, func(one *specs.Requirement) { one.Level, one.Evidence = r.level, r.evidence })
			subject{Row: r.row, contract: changed}.judged(t, checktest.Judge)
		})
	}
}
