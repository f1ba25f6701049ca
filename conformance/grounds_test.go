package conformance_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// asking fails, and rests on the reading TINY-R-1.
func asking(_ context.Context, p *conformance.Partner) error {
	if p.Reading("TINY-R-1") == "nobody-knows" || p.Reading("TINY-R-1") == "never" {
		return conformance.Fail("A", "B")
	}
	return nil
}

func failing(context.Context, *conformance.Partner) error { return conformance.Fail("A", "B") }

// TestAVerdictIsNoGraverThanItsGrounds: one table of what a failure may rest on.
func TestAVerdictIsNoGraverThanItsGrounds(t *testing.T) {
	breaking := func(ids ...string) func(context.Context, *conformance.Partner) error {
		return func(context.Context, *conformance.Partner) error {
			return conformance.Breaking(conformance.Fail("A", "B"), ids...)
		}
	}
	finding := func(f traffic.Finding) func(context.Context, *conformance.Partner) error {
		return func(context.Context, *conformance.Partner) error { return conformance.FailWithFinding("A", f) }
	}
	at := func(class specs.Class) func(context.Context, *conformance.Partner) error {
		return func(context.Context, *conformance.Partner) error {
			return conformance.At(conformance.Fail("A", "B"), specs.Evidence{Class: class, Source: "page#place", Quote: "its  own"})
		}
	}
	fact := conformance.Requirement{ID: "a fact", Level: "MUST", Text: "t", Source: "page#x", Evidence: specs.Assumed}
	for name, c := range map[string]struct {
		run      func(context.Context, *conformance.Partner) error
		decides  string // requirements
		readings map[string]string
		change   func(*conformance.Check)
		verdict  conformance.Verdict
		level    conformance.Level
		evidence specs.Class
		cites    string
	}{
		"a documented MUST":                 {run: failing, decides: "TINY-1", verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Documented, cites: "TINY-1"},
		"a SHOULD beside it":                {run: failing, decides: "TINY-1 TINY-3", verdict: conformance.VerdictWarn, level: conformance.Should, evidence: specs.Assumed, cites: "TINY-1 TINY-3"},
		"the MUST alone is broken":          {run: breaking("TINY-1"), decides: "TINY-1 TINY-3", verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Documented, cites: "TINY-1"},
		"the SHOULD alone is broken":        {run: breaking("TINY-3"), decides: "TINY-1 TINY-3", verdict: conformance.VerdictWarn, level: conformance.Should, evidence: specs.Assumed, cites: "TINY-3"},
		"an assumed reading":                {run: asking, decides: "TINY-1", verdict: conformance.VerdictWarn, level: conformance.Should, evidence: specs.Assumed, cites: "TINY-1"},
		"a reading that was agreed on":      {run: asking, decides: "TINY-1", readings: map[string]string{"TINY-R-1": "never"}, verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Agreed, cites: "TINY-1"},
		"the default, agreed on":            {run: asking, decides: "TINY-1", readings: map[string]string{"TINY-R-1": "nobody-knows"}, verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Agreed, cites: "TINY-1"},
		"what an agreed reading demands":    {run: failing, decides: "TINY-3", readings: map[string]string{"TINY-R-1": "never"}, verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Agreed, cites: "TINY-3"},
		"what another option demands":       {run: failing, decides: "TINY-3", readings: map[string]string{"TINY-R-1": "nobody-knows"}, verdict: conformance.VerdictWarn, level: conformance.Should, evidence: specs.Assumed, cites: "TINY-3"},
		"a permission says nothing against": {run: failing, decides: "TINY-1 TINY-4", verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Documented, cites: "TINY-1 TINY-4"},
		"a permission alone":                {run: failing, decides: "TINY-4", verdict: conformance.VerdictWarn, level: conformance.Should, evidence: specs.Documented, cites: "TINY-4"},
		"an assumed fact": {run: failing, decides: "TINY-1", change: func(c *conformance.Check) { c.Facts = []conformance.Requirement{fact} },
			verdict: conformance.VerdictWarn, level: conformance.Should, evidence: specs.Assumed, cites: "TINY-1 a fact"},
		"beside an assumed fact": {run: breaking("TINY-1"), decides: "TINY-1", change: func(c *conformance.Check) { c.Facts = []conformance.Requirement{fact} },
			verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Documented, cites: "TINY-1"},
		"what its user demands": {run: failing, decides: "TINY-3", change: func(c *conformance.Check) { c.Agreed = true },
			verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Agreed, cites: "TINY-3"},
		"a finding":            {run: finding(traffic.Finding{Code: "c", Severity: traffic.Error, Requirement: "TINY-2"}), decides: "TINY-1 TINY-3", verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Documented, cites: "TINY-2"},
		"a finding that warns": {run: finding(traffic.Finding{Code: "c", Severity: traffic.Warn, Requirement: "TINY-2"}), decides: "TINY-1", verdict: conformance.VerdictWarn, level: conformance.Must, evidence: specs.Documented, cites: "TINY-2"},
		"a place of its own":   {run: at(specs.Documented), decides: "TINY-1", verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Documented, cites: "TINY-1"},
		"an observed place":    {run: at(specs.Observed), decides: "TINY-1", verdict: conformance.VerdictFail, level: conformance.Must, evidence: specs.Observed, cites: "TINY-1"},
		"an assumed place":     {run: at(specs.Assumed), decides: "TINY-1", verdict: conformance.VerdictWarn, level: conformance.Should, evidence: specs.Assumed, cites: "TINY-1"},
		"a pass":               {run: func(context.Context, *conformance.Partner) error { return nil }, decides: "TINY-1 TINY-3", verdict: conformance.VerdictPass, level: conformance.Should, evidence: specs.Assumed, cites: "TINY-1 TINY-3"},
		"not run": {run: func(context.Context, *conformance.Partner) error { return conformance.CouldNotRun("no") }, decides: "TINY-1", verdict: conformance.VerdictCouldNotRun,
			level: conformance.Must, cites: "TINY-1"},
	} {
		t.Run(name, func(t *testing.T) {
			one := check("one", c.run)
			one.Requirements = strings.Fields(c.decides)
			if c.change != nil {
				c.change(&one)
			}
			o := scene(t, &testvendor.Partner{}, one)
			contract, err := o.Contract.WithReadings(c.readings)
			if err != nil {
				t.Fatal(err)
			}
			o.Contract = contract
			r := judge(t.Context(), t, o).Results[0]
			var cites []string
			for _, q := range r.Requirements {
				cites = append(cites, q.ID)
			}
			if q := r.Requirements[0]; (q.Quote == "its own" && q.Source == "page#place") != strings.Contains(name, " place") {
				t.Errorf("quotes %q of %s", q.Quote, q.Source)
			}
			if r.Verdict != c.verdict || r.Level != c.level || r.Evidence != c.evidence || strings.Join(cites, " ") != c.cites {
				t.Errorf("%s, %s, %q, of %v; want %s, %s, %q, of %s", r.Verdict, r.Level, r.Evidence, cites, c.verdict, c.level, c.evidence, c.cites)
			}
		})
	}
}

// TestEachJudgmentRestsOnItsOwnReadings: of two exchanges, the one that rests on an
// assumed reading does not weaken the other.
func TestEachJudgmentRestsOnItsOwnReadings(t *testing.T) {
	both := check("both", func(ctx context.Context, p *conformance.Partner) error {
		weak := p.Judge(func(p *conformance.Partner) error { return asking(ctx, p) })
		strong := p.Judge(func(*conformance.Partner) error { return conformance.Fail("A", "C") })
		return conformance.Join(weak, strong)
	})
	r := judge(t.Context(), t, scene(t, &testvendor.Partner{}, both)).Results[0]
	if r.Verdict != conformance.VerdictFail || r.Actual != "C" || r.Evidence != specs.Documented || len(r.Readings) != 0 {
		t.Errorf("%s %q, %s, %v", r.Verdict, r.Actual, r.Evidence, r.Readings)
	}
}

// TestPlanSaysTheGravest: what a check can say at worst is in the plan and in its
// labels, and a filter chooses by them.
func TestPlanSaysTheGravest(t *testing.T) {
	strong, weak := check("strong", failing), check("weak", failing)
	strong.Requirements, weak.Requirements = []string{"TINY-3", "TINY-1"}, []string{"TINY-3"}
	o := scene(t, &testvendor.Partner{}, strong, weak)
	plan, err := conformance.Plan(o.Contract, o.Suites, nil, func(c conformance.Planned) bool { return slices.Contains(c.Labels(), "MUST") })
	if err != nil || len(plan) != 1 || plan[0].ID != strong.ID || plan[0].Evidence != specs.Documented {
		t.Fatalf("%v %+v", err, plan)
	}
	for _, want := range []string{"tiny/hook/strong", "tiny/hook", "events", "MUST", "documented", "TINY-1", "TINY-3"} {
		if !slices.Contains(plan[0].Labels(), want) {
			t.Errorf("no label %s in %v", want, plan[0].Labels())
		}
	}
}

// TestLostEvidenceIsNoFailure: with a journal that overflowed, or a partner that is
// gone, nothing is proven.
func TestLostEvidenceIsNoFailure(t *testing.T) {
	flood := check("flood", func(ctx context.Context, p *conformance.Partner) error {
		for range testvendor.JournalLimit + 1 {
			p.Deliver(ctx, "ping", nil)
		}
		return conformance.Fail("a call", "none")
	})
	later := check("later", failing)
	for _, r := range judge(t.Context(), t, scene(t, &testvendor.Partner{}, flood, later)).Results {
		if r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "the journal overflowed") {
			t.Errorf("%s: %s %s", r.ID, r.Verdict, r.Actual)
		}
	}
	partner := &testvendor.Partner{}
	dies := check("dies", func(ctx context.Context, p *conformance.Partner) error {
		partner.Stop()
		p.Deliver(ctx, "ping", nil) // may still see how a connection ends
		return ping(ctx, p)
	})
	r := judge(t.Context(), t, scene(t, partner, dies)).Results[0]
	if r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "can't be reached any more") {
		t.Errorf("%s %s, %v", r.Verdict, r.Actual, r.Exchanges)
	}
}

// TestWhatIsAskedInVainIsWaitedForOnce: the first check waits in full, the others say
// the same at once.
func TestWhatIsAskedInVainIsWaitedForOnce(t *testing.T) {
	waits := func(ctx context.Context, p *conformance.Partner) error {
		if err := p.Provoke(ctx, "write"); err != nil {
			return err
		}
		_, err := p.Await(ctx, 1, nil)
		return err
	}
	o := scene(t, &testvendor.Partner{}, check("one", waits), check("two", waits), check("three", waits))
	o.Stimulus = func(context.Context, string) error { return nil } // and nothing comes of it
	o.Timing.Stimulus, o.Timing.Quiet = 300*time.Millisecond, time.Millisecond
	results := judge(t.Context(), t, o).Results
	for _, r := range results {
		if r.Verdict != conformance.VerdictCouldNotRun || r.Actual != results[0].Actual || !strings.Contains(r.Actual, "300ms") {
			t.Errorf("%s: %s %s", r.ID, r.Verdict, r.Actual)
		}
	}
	o.Suites[0].Optional = "the partner writes no notes"
	for _, r := range judge(t.Context(), t, o).Results {
		if r.Verdict != conformance.VerdictNotApplicable || r.Actual != "the partner writes no notes" {
			t.Errorf("optional: %s: %s %s", r.ID, r.Verdict, r.Actual)
		}
	}
}

// TestAStimulusThatFailsAfterTheCall has done its work; one before it has not.
func TestAStimulusThatFailsAfterTheCall(t *testing.T) {
	writes := check("writes", func(ctx context.Context, p *conformance.Partner) error {
		if err := p.Provoke(ctx, "write"); err != nil {
			return err
		}
		_, err := p.Await(ctx, 1, nil)
		return err
	})
	o := scene(t, &testvendor.Partner{}, writes)
	calls := o.Stimulus
	o.Stimulus = func(ctx context.Context, ask string) error {
		return errors.Join(calls(ctx, ask), errors.New("exit status 1"))
	}
	r := judge(t.Context(), t, o).Results[0]
	if r.Verdict != conformance.VerdictPass || !strings.Contains(strings.Join(r.Notes, " "), "exit status 1") {
		t.Errorf("%s %s, notes %q", r.Verdict, r.Actual, r.Notes)
	}
	o.Stimulus = func(context.Context, string) error { return errors.New("exit status 1") }
	if r := judge(t.Context(), t, o).Results[0]; r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "exit status 1") {
		t.Errorf("%s %s", r.Verdict, r.Actual)
	}
}

// TestDeadline: what was not judged in time could not run.
func TestDeadline(t *testing.T) {
	hangs := check("hangs", func(ctx context.Context, _ *conformance.Partner) error {
		<-ctx.Done()
		return nil
	})
	o := scene(t, &testvendor.Partner{}, hangs, check("ping", ping))
	o.Deadline = 200 * time.Millisecond
	report := judge(t.Context(), t, o)
	for i, want := range []string{"the deadline of the whole run passed", "the 200ms that the run may take"} {
		if r := report.Results[i]; r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, want) {
			t.Errorf("%s: %s %s", r.ID, r.Verdict, r.Actual)
		}
	}
	if report.Outcome != conformance.OutcomeIncomplete || report.Timing["deadline"] != "200ms" {
		t.Errorf("%s %v", report.Outcome, report.Timing)
	}
}

// TestFailOn: warnings and undetermined checks fail a run only when that is asked for.
func TestFailOn(t *testing.T) {
	pass := conformance.Result{ID: "a", Verdict: conformance.VerdictPass}
	warned, open := conformance.Result{ID: "w", Verdict: conformance.VerdictWarn}, conformance.Result{ID: "u", Verdict: conformance.VerdictUndetermined}
	known := conformance.Result{ID: "k", Verdict: conformance.VerdictWarn, Known: conformance.KnownFailing}
	for name, c := range map[string]struct {
		results []conformance.Result
		failOn  conformance.Verdict
		want    conformance.Outcome
	}{
		"a warning":                  {[]conformance.Result{pass, warned}, "", conformance.OutcomePassed},
		"a warning that fails":       {[]conformance.Result{pass, warned}, conformance.VerdictWarn, conformance.OutcomeFailed},
		"undetermined beside warn":   {[]conformance.Result{pass, open}, conformance.VerdictWarn, conformance.OutcomePassed},
		"undetermined that fails":    {[]conformance.Result{pass, open}, conformance.VerdictUndetermined, conformance.OutcomeFailed},
		"a warning is graver":        {[]conformance.Result{pass, warned}, conformance.VerdictUndetermined, conformance.OutcomeFailed},
		"a known one may":            {[]conformance.Result{pass, known}, conformance.VerdictWarn, conformance.OutcomePassed},
		"a pass is a pass, whatever": {[]conformance.Result{pass}, conformance.VerdictUndetermined, conformance.OutcomePassed},
	} {
		if got, why := conformance.OutcomeOf(c.results, c.failOn); got != c.want {
			t.Errorf("%s: %s %v", name, got, why)
		}
	}
}
