package suite_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/conformance/suite"
)

const token = "open-sesame"

func options(t testvendor.TB, partner *testvendor.Partner, suites []conformance.Suite) conformance.Options {
	partner.Token = token
	return conformance.Options{
		Suites: suites, Contract: testvendor.Contract(), Sandbox: testvendor.Mock(t).Sandbox(),
		Target: partner.Serve(t), Token: token, Timing: conformance.Timing{Answer: 20 * time.Second, Check: time.Minute},
	}
}

func check(name string, run func(context.Context, *conformance.Partner) error) conformance.Check {
	return conformance.Check{ID: "tiny/hook/" + name, Title: "does (" + name + "), always", Requirements: []string{"TINY-1"}, Run: run}
}

func answers(status int, set map[string]any) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if seen := p.Deliver(ctx, "ping", set); seen.Status() != status {
			return conformance.Fail(fmt.Sprint(status), fmt.Sprint(seen.Status()), seen)
		}
		return nil
	}
}

func hook(more ...conformance.Check) []conformance.Suite {
	checks := []conformance.Check{
		check("ping", answers(http.StatusOK, nil)),
		check("foreign-token", answers(http.StatusUnauthorized, map[string]any{"token": "someone-else"})),
	}
	return []conformance.Suite{{ID: "tiny/hook", Vendor: "tiny", Title: "A hook", Needs: conformance.Needs{Target: true}, Checks: slices.Concat(checks, more)}}
}

func verdicts(r *conformance.Report) string {
	var all []string
	for _, result := range r.Results {
		all = append(all, string(result.Verdict))
	}
	return strings.Join(all, " ")
}

func TestRunRepeatedlyAndSideBySide(t *testing.T) {
	for name, c := range map[string]struct {
		careless bool
		want     string
		outcome  conformance.Outcome
	}{
		"good":     {false, "pass pass", conformance.OutcomePassed},
		"careless": {true, "pass fail", conformance.OutcomeFailed},
	} {
		for n := range 4 {
			t.Run(fmt.Sprint(name, n), func(t *testing.T) {
				t.Parallel()
				report, err := suite.Run(t.Context(), options(t, &testvendor.Partner{Careless: c.careless}, hook()))
				if err != nil {
					t.Fatal(err)
				}
				if got := verdicts(report); got != c.want || report.Outcome != c.outcome {
					t.Errorf("%s: %s %v", report.Outcome, got, report.Reasons)
				}
			})
		}
	}
}

func TestRunKeepsTheOrderOfThePlan(t *testing.T) {
	var ran []string
	var want []string
	var checks []conformance.Check
	for i := range 40 {
		name := fmt.Sprintf("n%02d", i)
		want = append(want, name)
		checks = append(checks, check(name, func(context.Context, *conformance.Partner) error {
			ran = append(ran, name)
			return nil
		}))
	}
	report, err := suite.Run(t.Context(), options(t, &testvendor.Partner{}, hook(checks...)))
	if err != nil || report.Outcome != conformance.OutcomePassed || !slices.Equal(ran, want) {
		t.Errorf("%v %v", err, ran)
	}
}

func TestRunSurvivesWhatACheckDoes(t *testing.T) {
	report, err := suite.Run(t.Context(), options(t, &testvendor.Partner{}, hook(
		check("panic", func(context.Context, *conformance.Partner) error { panic("oh no") }),
		check("after", answers(http.StatusOK, nil)),
	)))
	if err != nil || verdicts(report) != "pass pass could_not_run pass" || report.Outcome != conformance.OutcomeIncomplete {
		t.Errorf("%v %s", err, verdicts(report))
	}
}

func TestCancellationLeavesAReport(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	report, err := suite.Run(ctx, options(t, &testvendor.Partner{}, hook(
		check("waits", func(ctx context.Context, _ *conformance.Partner) error {
			interrupt()
			<-ctx.Done() // the caller's end reaches the check
			return nil
		}),
		check("later", answers(http.StatusOK, nil)),
	)))
	if err != nil || verdicts(report) != "pass pass could_not_run could_not_run" || report.Outcome != conformance.OutcomeIncomplete {
		t.Fatalf("%v %+v", err, report)
	}
	if why := report.Results[2].Actual; !strings.Contains(why, "the run was interrupted during this check") {
		t.Error(why)
	}
	again, err := suite.Run(t.Context(), options(t, &testvendor.Partner{}, hook()))
	if err != nil || again.Outcome != conformance.OutcomePassed {
		t.Errorf("the next run: %v %+v", err, again)
	}
}

func TestRunSaysNothingOnTheStandardOutput(t *testing.T) {
	out := os.Stdout
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout = write
	report, runErr := suite.Run(t.Context(), options(t, &testvendor.Partner{Careless: true}, hook()))
	os.Stdout = out
	write.Close()
	buffer := make([]byte, 1000)
	n, _ := read.Read(buffer)
	if runErr != nil || report.Outcome != conformance.OutcomeFailed || n != 0 {
		t.Errorf("%v, output %q", runErr, buffer[:n])
	}
}

func TestErrorsComeBeforeAnyCheck(t *testing.T) {
	o := options(t, &testvendor.Partner{}, hook())
	o.Only = []string{"nonsense"}
	var usage *conformance.UsageError
	if report, err := suite.Run(t.Context(), o); report != nil || !errors.As(err, &usage) {
		t.Errorf("%v", err)
	}
	o.Only, o.Target = nil, "http://127.0.0.1:1/hook"
	var unreachable *conformance.Unreachable
	if report, err := suite.Run(t.Context(), o); report != nil || !errors.As(err, &unreachable) {
		t.Errorf("%v", err)
	}
}

func TestResultsAreTheSameForAllWatchers(t *testing.T) {
	var mu sync.Mutex
	var live []string
	o := options(t, &testvendor.Partner{}, hook())
	o.OnResult = func(r conformance.Result) {
		mu.Lock()
		defer mu.Unlock()
		live = append(live, r.ID)
	}
	report, err := suite.Run(t.Context(), o)
	if err != nil || len(live) != len(report.Results) {
		t.Errorf("%v: %d live, %d in the report", err, len(live), len(report.Results))
	}
}
