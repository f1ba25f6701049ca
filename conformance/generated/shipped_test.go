package generated_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/partner"
	reference "github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

// TestReferencePartner: what is generated from the documents of a real contract has
// nothing to say against a partner that its own checks find good.
func TestReferencePartner(t *testing.T) {
	for _, test := range []struct {
		suite  string
		passed int // at least
	}{{"webhook", 40}, {"client", 4}} {
		t.Run(test.suite, func(t *testing.T) {
			t.Parallel()
			report := runReference(t, test.suite)
			passed := 0
			for _, r := range report.Results {
				switch r.Verdict {
				case conformance.VerdictPass:
					passed++
				case conformance.VerdictUndetermined, conformance.VerdictNotApplicable:
					t.Logf("%s %s: %s", r.Verdict, r.ID, r.Actual)
				default:
					t.Errorf("%s %s: expected %s, got %s", r.Verdict, r.ID, r.Expected, r.Actual)
				}
			}
			if report.Outcome != conformance.OutcomePassed || passed < test.passed {
				t.Errorf("%d of %d passed, outcome %s: %v", passed, len(report.Results), report.Outcome, report.Reasons)
			}
		})
	}
}

// runReference judges the reference messenger by one generated suite.
func runReference(t *testing.T, suite string) *conformance.Report {
	t.Helper()
	contract := elma365.Vendor().Contract
	mock, _ := checktest.Play(t, contract, elma365.Play)
	const token = "Confirm-7"
	var n atomic.Int64
	messenger := checktest.Partner(t, reference.Reference(), partner.Options{
		Token: token, RetryAfter: 20 * time.Millisecond, Attempts: 3,
		NewID: func() string { return fmt.Sprintf("message-%d", n.Add(1)) },
	})
	webhook := checktest.Serve(t, messenger, messenger.Close)
	return checktest.JudgeFunc(conformance.Judge).Report(t, conformance.Options{
		Suites: generated.Suites(contract), Only: []string{"elma365/" + suite + "/*"},
		Contract: contract, Sandbox: mock.Sandbox(), Target: webhook + "/webhook", Token: token,
		Timing:   conformance.Timing{Retry: 2 * time.Second, Quiet: 200 * time.Millisecond, Stimulus: time.Second},
		Stimulus: func(ctx context.Context, ask string) error { return order(ctx, webhook, ask) },
	})
}

// order makes the messenger act as it is asked to.
func order(ctx context.Context, base, ask string) error {
	path := "/say"
	for operation, other := range map[string]string{"operations/userInfo": "/ask-user", "operations/disconnect": "/disconnect"} {
		if strings.Contains(ask, operation) {
			path = other
		}
	}
	_ = checktest.Ask(ctx, base+path, "", "") // one that has left its channel refuses, and makes no call
	return nil
}

// TestShippedContracts: every shipped contract gives a plan that a run takes.
func TestShippedContracts(t *testing.T) {
	for _, id := range specs.IDs() {
		c := specstest.Contract(t, id)
		mock, err := mockserver.New(mockserver.Options{}, mockserver.Vendor{Contract: c})
		if err != nil {
			t.Fatal(err)
		}
		suites := generated.Suites(c)
		o := conformance.Options{Suites: suites, Contract: c, Sandbox: mock.Sandbox(), Target: "http://127.0.0.1:1/hook"}
		if err := o.Validate(); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		for _, s := range suites {
			for _, check := range s.Checks {
				if len(check.Facts) == 0 || check.Title == "" || check.Run == nil {
					t.Errorf("%+v lacks something", check)
				}
			}
		}
	}
}
