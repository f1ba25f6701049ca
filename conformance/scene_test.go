package conformance_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
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

func breakTheMock(ctx context.Context, p *conformance.Partner) error {
	if err := p.Provoke(ctx, "break the mock"); err != nil {
		return err
	}
	_, err := p.Await(ctx, 1, nil)
	return err
}
