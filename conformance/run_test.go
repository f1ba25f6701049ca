package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

const token = "open-sesame"

// scene is a tiny vendor, a partner of it, and options to judge that partner
// with the given checks.
func scene(t *testing.T, partner *testvendor.Partner, checks ...conformance.Check) conformance.Options {
	t.Helper()
	partner.Token = token
	sandbox := testvendor.Mock(t).Sandbox()
	return conformance.Options{
		Suites:   []conformance.Suite{{ID: "tiny/hook", Vendor: "tiny", Title: "A hook", Needs: conformance.Needs{Target: true}, Checks: checks}},
		Contract: testvendor.Contract(), Sandbox: sandbox, Target: partner.Serve(t), Token: token, Channel: "c1",
		Stimulus: func(_ context.Context, ask string) error {
			_, err := partner.Say("note-1", ask)
			return err
		},
		Timing: conformance.Timing{Answer: 20 * time.Second, Check: time.Minute},
	}
}

func check(name string, run func(context.Context, *conformance.Partner) error) conformance.Check {
	return conformance.Check{ID: "tiny/hook/" + name, Title: "does " + name, Requirements: []string{"TINY-1"}, Run: run}
}

// judge runs all checks without Ginkgo.
func judge(ctx context.Context, t *testing.T, o conformance.Options) *conformance.Report {
	t.Helper()
	report, err := conformance.Judge(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func ping(ctx context.Context, p *conformance.Partner) error {
	seen := p.Deliver(ctx, "ping", map[string]any{"id": p.NewID("ping")})
	if seen.Status() != http.StatusOK {
		return conformance.Fail("status 200", fmt.Sprintf("status %d", seen.Status()), seen)
	}
	return nil
}

func foreignToken(ctx context.Context, p *conformance.Partner) error {
	seen := p.Deliver(ctx, "ping", map[string]any{"token": "someone-else"})
	if seen.Status() != http.StatusUnauthorized {
		return conformance.Fail("status 401", fmt.Sprintf("status %d", seen.Status()), seen)
	}
	return nil
}

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
		"panic":           {func(context.Context, *conformance.Partner) error { panic("oh no") }, "", conformance.VerdictCouldNotRun, "the check panicked: oh no (run_test.go:"},
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

func breakTheMock(ctx context.Context, p *conformance.Partner) error {
	if err := p.Provoke(ctx, "break the mock"); err != nil {
		return err
	}
	_, err := p.Await(ctx, 1, nil)
	return err
}

// TestACheckCanLoseAnAnswer: the call is seen, with no answer and the fault's name.
func TestACheckCanLoseAnAnswer(t *testing.T) {
	lost := check("lost", func(ctx context.Context, p *conformance.Partner) error {
		defer p.Fault(fault.Rule{Operation: "note", Answer: fault.AnswerReset})()
		_ = p.Provoke(ctx, "a note") // the partner's order may fail with its call
		calls, err := p.Await(ctx, 1, nil)
		if err == nil && (calls[0].Response != nil || len(calls[0].Faults) != 1) {
			return conformance.Fail("no answer, by one fault", fmt.Sprintf("%d by %v", calls[0].Status(), calls[0].Faults))
		}
		return err
	})
	if report := judge(t.Context(), t, scene(t, &testvendor.Partner{}, lost)); report.Outcome != conformance.OutcomePassed {
		t.Error(report.Reasons)
	}
}

func TestAwaitSeesOnlyCallsSinceTheCheckBegan(t *testing.T) {
	first := check("first", func(ctx context.Context, p *conformance.Partner) error {
		if err := p.Provoke(ctx, "first"); err != nil {
			return err
		}
		_, err := p.Await(ctx, 1, nil)
		return err
	})
	second := check("second", func(ctx context.Context, p *conformance.Partner) error {
		if calls := p.Calls(nil); len(calls) != 0 {
			return conformance.Fail("nothing of the check before", calls[0].ID)
		}
		if err := p.Provoke(ctx, "second"); err != nil {
			return err
		}
		calls, err := p.Await(ctx, 1, nil)
		if err != nil {
			return err
		}
		if !strings.Contains(calls[0].Request.Body.String(), "second") {
			return conformance.Fail("the second note", calls[0].Request.Body.String())
		}
		if again := p.Quiet(ctx, time.Millisecond, nil); len(again) != 1 {
			return conformance.Fail("one call", fmt.Sprint(len(again)))
		}
		return nil
	})
	if report := judge(t.Context(), t, scene(t, &testvendor.Partner{}, first, second)); report.Outcome != conformance.OutcomePassed {
		t.Errorf("%v: %s", report.Reasons, report.Results[1].Actual)
	}
}

func TestAwaitSaysWhatCameInstead(t *testing.T) {
	wait := func(ask string) func(ctx context.Context, p *conformance.Partner) error {
		return func(ctx context.Context, p *conformance.Partner) error {
			if ask != "" {
				if err := p.Provoke(ctx, ask); err != nil {
					return err
				}
			}
			_, err := p.AwaitFor(ctx, 10*time.Millisecond, 2, func(e *traffic.Exchange) bool { return e.Status() == 401 })
			return err
		}
	}
	report := judge(t.Context(), t, scene(t, &testvendor.Partner{}, check("silence", wait("")), check("other", wait("hello there"))))
	for i, want := range []string{
		"waited 10ms for 2 calls of the partner, and it made none at all",
		"waited 10ms for 2 calls of the partner; 0 came that matched. Seen, latest first: operations/note answered 200 (ex-",
	} {
		if r := report.Results[i]; r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, want) {
			t.Errorf("%s: %s, want %s", r.Verdict, r.Actual, want)
		}
	}
}

func TestWithoutStimulusACheckCouldNotRun(t *testing.T) {
	o := scene(t, &testvendor.Partner{}, check("note", breakTheMock))
	o.Stimulus = nil
	if r := judge(t.Context(), t, o).Results[0]; r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "no stimulus") {
		t.Errorf("%s: %s", r.Verdict, r.Actual)
	}
}

func TestIDsAreFreshAndFollowFromTheSeed(t *testing.T) {
	ids := func(seed uint64) []string {
		var taken []string
		take := func(_ context.Context, p *conformance.Partner) error {
			taken = append(taken, p.NewID("chat"), p.NewID("chat"))
			return nil
		}
		o := scene(t, &testvendor.Partner{}, check("one", take), check("two", take))
		o.Seed = seed
		judge(t.Context(), t, o)
		return taken
	}
	first, again, other := ids(1), ids(1), ids(2)
	if !slices.Equal(first, again) {
		t.Errorf("one seed: %v and %v", first, again)
	}
	all := map[string]bool{}
	for _, id := range slices.Concat(first, other) {
		all[id] = true
	}
	if len(all) != 8 {
		t.Errorf("IDs repeat: %v %v", first, other)
	}
}

func TestFaultsEndWithTheirCheck(t *testing.T) {
	leave := check("leave", func(_ context.Context, p *conformance.Partner) error {
		p.Fault(fault.Rule{Operation: "note", Status: 500})
		return nil
	})
	after := check("after", func(ctx context.Context, p *conformance.Partner) error {
		if err := p.Provoke(ctx, "a note"); err != nil {
			return err
		}
		calls, err := p.Await(ctx, 1, nil)
		if err == nil && calls[0].Status() != 200 {
			return conformance.Fail("200", fmt.Sprint(calls[0].Status()))
		}
		return err
	})
	if report := judge(t.Context(), t, scene(t, &testvendor.Partner{}, leave, after)); report.Outcome != conformance.OutcomePassed {
		t.Error(report.Reasons)
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

func TestInterruptionLeavesAReport(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	stop := check("stop", func(ctx context.Context, p *conformance.Partner) error {
		interrupt()
		return ping(ctx, p)
	})
	report := judge(ctx, t, scene(t, &testvendor.Partner{}, check("ping", ping), stop, check("later", ping)))
	var got []conformance.Verdict
	for _, r := range report.Results {
		got = append(got, r.Verdict)
	}
	if !slices.Equal(got, []conformance.Verdict{conformance.VerdictPass, conformance.VerdictCouldNotRun, conformance.VerdictCouldNotRun}) {
		t.Errorf("verdicts %v", got)
	}
	var text strings.Builder
	if err := report.WriteSummary(&text, conformance.Style{}); err != nil || !strings.Contains(text.String(), "tiny/hook/later\n  because   the run ended before this check") {
		t.Errorf("%v\n%s", err, text.String())
	}
	if report.Outcome != conformance.OutcomeIncomplete || !strings.Contains(report.Results[2].Actual, "the run ended before this check") {
		t.Errorf("%s: %s", report.Outcome, report.Results[2].Actual)
	}
}

func TestSecretsStayOutOfTheReport(t *testing.T) {
	tell := check("tell", func(ctx context.Context, p *conformance.Partner) error {
		seen := p.Deliver(ctx, "ping", map[string]any{"token": "someone-else"}) // answered with the right token in the text
		p.Note("the token is %s.", token)
		return conformance.Fail(`not "token":"abc123"`, seen.Response.Body.String(), seen)
	})
	report := judge(t.Context(), t, scene(t, &testvendor.Partner{}, tell))
	var all strings.Builder
	for _, write := range []error{report.WriteJSON(&all), report.WriteJUnit(&all), report.WriteExchanges(&all), report.WriteSummary(&all, conformance.Style{})} {
		if write != nil {
			t.Fatal(write)
		}
	}
	for _, secret := range []string{token, "abc123"} {
		if at := strings.Index(all.String(), secret); at >= 0 {
			t.Errorf("%s stands in %s", secret, all.String()[max(0, at-60):at+60])
		}
	}
}

func TestStartRefusesWhatCannotBeJudged(t *testing.T) {
	good := scene(t, &testvendor.Partner{}, check("ping", ping))
	for name, c := range map[string]struct {
		change func(*conformance.Options)
		want   string
	}{
		"no contract":         {func(o *conformance.Options) { o.Contract = nil }, "needs a contract"},
		"no sandbox":          {func(o *conformance.Options) { o.Sandbox = nil }, "needs the sandbox"},
		"no target":           {func(o *conformance.Options) { o.Target = "" }, "--target"},
		"target without host": {func(o *conformance.Options) { o.Target = "localhost:3000" }, "not the URL of a webhook"},
		"target with login":   {func(o *conformance.Options) { o.Target = strings.Replace(o.Target, "//", "//me:secret@", 1) }, "user name or password"},
		"other vendor":        {func(o *conformance.Options) { o.Suites[0].Vendor = "huge" }, "judges partners of huge"},
		"nothing to run":      {func(o *conformance.Options) { o.Suites = nil }, "no check to run"},
		"pattern":             {func(o *conformance.Options) { o.Only = []string{"nonsense*"} }, `no check is named "nonsense*"`},
		"requirement":         {func(o *conformance.Options) { o.Suites[0].Checks[0].Requirements = []string{"TINY-99"} }, "requirement TINY-99"},
		"verdict":             {func(o *conformance.Options) { o.FailOn = conformance.VerdictNotApplicable }, `not on "not_applicable"`},
		"world":               {func(o *conformance.Options) { o.World = map[string]string{"chat": "c"} }, "can use a chat"},
		"filter":              {func(o *conformance.Options) { o.Filter = func(conformance.Planned) bool { return false } }, "lets no check through"},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			o.Suites = slices.Clone(good.Suites)
			o.Suites[0].Checks = slices.Clone(good.Suites[0].Checks)
			c.change(&o)
			_, err := conformance.Start(t.Context(), o)
			var usage *conformance.UsageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("a password in %v", err)
			}
		})
	}
}

func TestARefusedChannelIsReportedAndTheRunGoesOn(t *testing.T) {
	o := scene(t, &testvendor.Partner{}, check("ping", ping))
	o.Token = "another"
	report := judge(t.Context(), t, o)
	if len(report.Opening) != 1 || report.Opening[0].Status != 401 || report.Opening[0].State != outbox.Failed {
		t.Errorf("opening %+v", report.Opening)
	}
	if report.Results[0].Verdict != conformance.VerdictFail {
		t.Errorf("%s", report.Results[0].Verdict)
	}
}

func TestWithoutATargetTheRunSaysWhereThePartnerCalls(t *testing.T) {
	o := scene(t, &testvendor.Partner{}, check("note", func(_ context.Context, p *conformance.Partner) error {
		if p.Channel().Address == "" {
			return conformance.Fail("an address", "none")
		}
		return nil
	}))
	o.Target, o.Suites[0].Needs = "", conformance.Needs{Stimulus: true}
	var opened *conformance.Report
	o.OnOpen = func(r *conformance.Report) { opened = r }
	report := judge(t.Context(), t, o)
	if report.Outcome != conformance.OutcomePassed || opened == nil || !strings.HasSuffix(opened.Address, "/notes/c1") {
		t.Errorf("%s, opened %+v", report.Outcome, opened)
	}
}
