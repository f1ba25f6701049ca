package conformance_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/mockserver/fault"
)

// TestAReportHoldsItsLedger: after each check is noted where it ended, with what it had set
// up, and without secrets; and what was written is read again.
func TestAReportHoldsItsLedger(t *testing.T) {
	faulty := func(ctx context.Context, p *conformance.Partner) error {
		p.Fault(fault.Rule{Operation: "note", Status: 500})
		return ping(ctx, p)
	}
	o := scene(t, &testvendor.Partner{}, check("ping", ping), check("faulty", faulty), check("token", foreignToken))
	o.Ledger = true
	report := judge(t.Context(), t, o)
	dir := t.TempDir()
	if _, err := report.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "ledger.ndjson"))
	if err != nil || strings.Contains(string(text), token) {
		t.Errorf("the ledger has the token: %s, %v", text, err)
	}
	l, err := conformance.ReadLedger(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(l, report.Ledger) {
		t.Errorf("it was written as %+v and read as %+v", report.Ledger, l)
	}
	last, err := o.Sandbox.LastStep()
	if err != nil {
		t.Fatal(err)
	}
	var before uint64
	for _, id := range []string{"tiny/hook/ping", "tiny/hook/faulty", "tiny/hook/token"} {
		end, ok := l.End(id)
		if !ok || end <= before || end > last {
			t.Errorf("%s ended after step %d, %t, and the one before it after %d of %d", id, end, ok, before, last)
		}
		before = end
	}
	if _, ok := l.End("tiny/hook/other"); ok {
		t.Error("a check that was not begun has an end")
	}
	end, _ := l.End("tiny/hook/faulty")
	for _, s := range l.Steps {
		if s.Sequence > end {
			break
		}
		if strings.Contains(string(s.Step), `"faults":{"count":1}`) {
			t.Error("the fault of a check is gone where the check ended")
		}
	}
}

// TestLedgersThatCannotBeRead: each says where and why.
func TestLedgersThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		what, text, want string
		none             bool
	}{
		{"an empty one", "", "is empty", true},
		{"a broken one", "{\"after\":0,\"state\":{}}\n{", "ledger.ndjson: line 2: unexpected EOF", false},
		{"a step before the beginning", `{"sequence":1,"step":{}}`, "line 1: it is no line of a ledger", false},
		{"a foreign one", `{"after":0,"state":{},"more":1}`, `unknown field "more"`, false},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "ledger.ndjson"), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := conformance.ReadLedger(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, conformance.ErrNoLedger) != c.none {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
	if _, err := conformance.ReadLedger(t.TempDir()); !errors.Is(err, conformance.ErrNoLedger) {
		t.Errorf("none: %v", err)
	}
}
