package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/traffic"
)

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
