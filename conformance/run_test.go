package conformance_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/mockserver/outbox"
)

func TestWithoutStimulusACheckCouldNotRun(t *testing.T) {
	o := scene(t, &testvendor.Partner{}, check("note", breakTheMock))
	o.Stimulus = nil
	if r := judge(t.Context(), t, o).Results[0]; r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "no stimulus") {
		t.Errorf("%s: %s", r.Verdict, r.Actual)
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
