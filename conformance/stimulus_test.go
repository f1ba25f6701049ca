package conformance_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
)

// TestWhatIsAskedInVainIsGivenUp: each check has the reason of the first one, and the
// partner is not asked without end.
func TestWhatIsAskedInVainIsGivenUp(t *testing.T) {
	asking := func(ctx context.Context, p *conformance.Partner) error {
		if err := p.Provoke(ctx, "say something"); err != nil {
			return err
		}
		_, err := p.Await(ctx, 1, nil)
		return err
	}
	for name, c := range map[string]struct {
		deaf  func(asked int) bool
		asked int
		ran   int
	}{
		"a partner that never acts":              {func(int) bool { return true }, 3, 0},
		"one that acts now and then":             {func(asked int) bool { return asked%3 != 0 }, 8, 2},
		"one that acts":                          {func(int) bool { return false }, 8, 8},
		"one that wakes up after it is given up": {func(asked int) bool { return asked <= 3 }, 3, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var checks []conformance.Check
			for n := range 8 {
				checks = append(checks, check(fmt.Sprintf("say-%d", n), asking))
			}
			partner, asked := &testvendor.Partner{}, 0
			o := scene(t, partner, checks...)
			o.Stimulus = func(_ context.Context, ask string) error {
				if asked++; c.deaf(asked) {
					return nil
				}
				_, err := partner.Say("note-1", ask)
				return err
			}
			o.Timing = conformance.Timing{Stimulus: 20 * time.Millisecond, Quiet: 10 * time.Millisecond, Check: time.Minute}
			ran, why := 0, map[string]bool{}
			for _, r := range judge(t.Context(), t, o).Results {
				if r.Verdict == conformance.VerdictPass {
					ran++
				} else {
					why[r.Actual] = true
				}
			}
			if asked != c.asked || ran != c.ran || len(why) > 2 {
				t.Errorf("asked %d times, %d checks passed, reasons %v", asked, ran, why)
			}
		})
	}
}
