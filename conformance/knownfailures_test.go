package conformance_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
)

var knownIDs = []string{"tiny/hook/ping", "tiny/hook/foreign-token"}

func TestKnownFailing(t *testing.T) {
	list, err := conformance.ParseKnownFailing("known.yaml", []byte(`
# tolerated until the next release
- id: tiny/hook/ping
  reason: the queue is being rebuilt
  expires: 2026-12-31
`), knownIDs)
	if err != nil {
		t.Fatal(err)
	}
	lastDay := time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	for name, c := range map[string]struct {
		partner *testvendor.Partner
		now     time.Time
		known   conformance.KnownState
		outcome conformance.Outcome
	}{
		"fails as listed": {&testvendor.Partner{Status: 500}, lastDay, conformance.KnownFailing, conformance.OutcomePassed},
		"expired":         {&testvendor.Partner{Status: 500}, lastDay.Add(time.Second), conformance.KnownExpired, conformance.OutcomeFailed},
		"stale":           {&testvendor.Partner{}, lastDay, conformance.KnownStale, conformance.OutcomeFailed},
		"stale, expired":  {&testvendor.Partner{}, lastDay.Add(time.Second), conformance.KnownStale, conformance.OutcomeFailed},
	} {
		t.Run(name, func(t *testing.T) {
			o := scene(t, c.partner, check("ping", ping), check("foreign-token", foreignToken))
			o.Known, o.Now = list, func() time.Time { return c.now }
			report := judge(t.Context(), t, o)
			r := report.Results[0]
			if r.Known != c.known || r.KnownReason != "the queue is being rebuilt" || r.KnownExpires != "2026-12-31" {
				t.Errorf("result %+v", r)
			}
			if report.Outcome != c.outcome {
				t.Errorf("%s: %v", report.Outcome, report.Reasons)
			}
			var text strings.Builder
			if err := report.WriteSummary(&text, conformance.Style{}); err != nil || !strings.Contains(text.String(), "the queue is being rebuilt") {
				t.Errorf("the summary does not show the reason: %v\n%s", err, text.String())
			}
		})
	}
}

func TestKnownFailingIsRefusedWithLineAndAdvice(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no YAML":       {"- id: [", "known.yaml: not YAML: "},
		"no list":       {"# known\nid: tiny/hook/ping", "known.yaml:2: not a list but one mapping; begin each entry with a hyphen"},
		"a text":        {"tiny/hook/ping", "known.yaml:1: not a list; write entries of id and reason"},
		"a list in it":  {"- [a]", "known.yaml:1: an entry is id, reason"},
		"texts only":    {"- tiny/hook/ping", "known.yaml:1: an entry is id, reason"},
		"no id":         {"- reason: x", "known.yaml:1: `id` is missing"},
		"no reason":     {"\n- id: tiny/hook/ping", "known.yaml:2: tiny/hook/ping has no `reason`"},
		"empty reason":  {"- id: tiny/hook/ping\n  reason: ' '", "has no `reason`"},
		"unknown check": {"- id: tiny/hook/pong\n  reason: x", `known.yaml:1: no check has the ID "tiny/hook/pong"`},
		"unknown key":   {"- id: tiny/hook/ping\n  reason: x\n  expire: 2026-01-01", `"expire" is not known`},
		"no day":        {"- id: tiny/hook/ping\n  reason: x\n  expires: soon", "write the last day as 2026-12-31"},
		"two documents": {"- id: tiny/hook/ping\n  reason: x\n---\n- id: tiny/hook/pong\n  reason: y", "known.yaml:3: a second YAML document begins here"},
		"twice":         {"- id: tiny/hook/ping\n  reason: x\n- id: tiny/hook/ping\n  reason: y", "known.yaml:3: tiny/hook/ping stands already in line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := conformance.ParseKnownFailing("known.yaml", []byte(c.text), knownIDs)
			var usage *conformance.UsageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	for _, empty := range []string{"", "[]", "# nothing yet\n", "~"} {
		if list, err := conformance.ParseKnownFailing("known.yaml", []byte(empty), knownIDs); err != nil || len(list) != 0 {
			t.Errorf("%q: %v, %v", empty, list, err)
		}
	}
}

func ownerly(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
		t.Errorf("%s: %v %v, want %v", path, info.Mode(), err, want)
	}
}

func TestWriteFiles(t *testing.T) {
	report := judge(t.Context(), t, scene(t, &testvendor.Partner{}, check("ping", ping)))
	dir := filepath.Join(t.TempDir(), "made", "for it")
	paths, err := report.WriteFiles(dir)
	if err != nil || len(paths) != len(conformance.ReportFiles()) {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", path, err)
		}
	}
	if runtime.GOOS != "windows" {
		ownerly(t, dir, 0o700)
		for _, path := range paths { // also those that others could read
			if err := os.Chmod(path, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := report.WriteFiles(dir); err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			ownerly(t, path, 0o600)
		}
	}
	if _, err := report.WriteFiles(filepath.Join(paths[0], "below a file")); err == nil {
		t.Error("a folder below a file was made")
	}
}
