package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

func TestRunTellsGoodFromBad(t *testing.T) {
	checks := []conformance.Check{check("ping", ping), check("foreign-token", foreignToken)}
	for name, c := range map[string]struct {
		partner *testvendor.Partner
		failed  []string
	}{
		"good":     {&testvendor.Partner{}, nil},
		"careless": {&testvendor.Partner{Careless: true}, []string{"tiny/hook/foreign-token"}},
		"broken":   {&testvendor.Partner{Status: 500}, []string{"tiny/hook/ping"}},
	} {
		t.Run(name, func(t *testing.T) {
			report := judge(t.Context(), t, scene(t, c.partner, checks...))
			var failed []string
			for _, r := range report.Results {
				if r.Verdict != conformance.VerdictPass {
					failed = append(failed, r.ID)
				}
			}
			if !slices.Equal(failed, c.failed) {
				t.Errorf("failed %v, want %v", failed, c.failed)
			}
			if passed := report.Outcome == conformance.OutcomePassed; passed != (c.failed == nil) {
				t.Errorf("outcome %s: %v", report.Outcome, report.Reasons)
			}
			if report.Opening[0].Event != "hello" || report.Opening[0].Status != 200 {
				t.Errorf("opening %+v", report.Opening)
			}
			if len(report.Exchanges) != 3 {
				t.Errorf("%d exchanges, want hello and two pings", len(report.Exchanges))
			}
		})
	}
}

func TestVerdicts(t *testing.T) {
	type body = func(context.Context, *conformance.Partner) error
	for name, c := range map[string]struct {
		run     body
		level   conformance.Level
		verdict conformance.Verdict
		actual  string // part of it
	}{
		"pass":           {func(context.Context, *conformance.Partner) error { return nil }, "", conformance.VerdictPass, ""},
		"fail":           {func(context.Context, *conformance.Partner) error { return conformance.Fail("A", "B") }, "", conformance.VerdictFail, "B"},
		"a SHOULD warns": {func(context.Context, *conformance.Partner) error { return conformance.Fail("A", "B") }, conformance.Should, conformance.VerdictWarn, "B"},
		"warn":           {func(context.Context, *conformance.Partner) error { return conformance.Warn("A", "B") }, "", conformance.VerdictWarn, "B"},
		"undetermined": {func(context.Context, *conformance.Partner) error {
			return conformance.Undetermined("TINY-R-1", "silence")
		}, "", conformance.VerdictUndetermined, "silence"},
		"not applicable": {func(context.Context, *conformance.Partner) error { return conformance.NotApplicable("no notes") }, "", conformance.VerdictNotApplicable, "no notes"},
		"wrapped": {func(context.Context, *conformance.Partner) error {
			return fmt.Errorf("x: %w", conformance.Fail("A", "B"))
		}, "", conformance.VerdictFail, "B"},
		"plain error":     {func(context.Context, *conformance.Partner) error { return errors.New("no disk") }, "", conformance.VerdictCouldNotRun, "no disk"},
		"panic":           {func(context.Context, *conformance.Partner) error { panic("oh no") }, "", conformance.VerdictCouldNotRun, "the check panicked: oh no (verdict_test.go:"},
		"nil dereference": {func(context.Context, *conformance.Partner) error { var e *traffic.Exchange; _ = e.ID; return nil }, "", conformance.VerdictCouldNotRun, "nil pointer"},
		"no Run":          {nil, "", conformance.VerdictCouldNotRun, "has no Run"},
		"unknown event":   {func(ctx context.Context, p *conformance.Partner) error { p.Deliver(ctx, "nonsense", nil); return nil }, "", conformance.VerdictHarnessError, "events/nonsense cannot be composed"},
		"unknown reading": {func(_ context.Context, p *conformance.Partner) error { p.Reading("TINY-R-9"); return nil }, "", conformance.VerdictHarnessError, "TINY-R-9"},
		"unusable fault": {func(_ context.Context, p *conformance.Partner) error {
			p.Fault(fault.Rule{Operation: "nonsense", Status: 500})()
			return nil
		}, "", conformance.VerdictHarnessError, "refuses a fault"},
		"mock breaks rule": {breakTheMock, "", conformance.VerdictHarnessError, "the mock's part of ex-"},
	} {
		t.Run(name, func(t *testing.T) {
			one := check("one", c.run)
			if c.level == conformance.Should {
				one.Requirements = []string{"TINY-3"}
			}
			report := judge(t.Context(), t, scene(t, &testvendor.Partner{}, one, check("ping", ping)))
			r := report.Results[0]
			if r.Verdict != c.verdict || !strings.Contains(r.Actual, c.actual) {
				t.Errorf("verdict %s: %s", r.Verdict, r.Actual)
			}
			if report.Results[1].Verdict != conformance.VerdictPass {
				t.Errorf("the next check: %s", report.Results[1].Verdict)
			}
			if c.verdict == conformance.VerdictHarnessError && report.Outcome != conformance.OutcomeIncomplete {
				t.Errorf("outcome %s", report.Outcome)
			}
		})
	}
}

func TestACheckIsBounded(t *testing.T) {
	hang := func(ctx context.Context, _ *conformance.Partner) error {
		<-ctx.Done()
		return nil // a pass that must not count
	}
	o := scene(t, &testvendor.Partner{}, check("hang", hang), check("ping", ping))
	o.Timing.Check = 50 * time.Millisecond
	report := judge(t.Context(), t, o)
	if r := report.Results[0]; r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "did not end within 50ms, the limit of a whole check") {
		t.Errorf("%s: %s", r.Verdict, r.Actual)
	}
	if report.Results[1].Verdict != conformance.VerdictPass {
		t.Error("the run did not go on")
	}
}
