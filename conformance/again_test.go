package conformance_test

import (
	"context"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/traffic"
)

// TestAgain: the command that gives a result again runs its check alone only where the
// result rests on what the partner did for that check.
func TestAgain(t *testing.T) {
	var seen []*traffic.Exchange
	note := func(ctx context.Context, p *conformance.Partner) error {
		seen = append(seen, p.Deliver(ctx, "ping", map[string]any{"id": p.NewID("ping")}))
		return conformance.Fail("nothing", "its own", seen[len(seen)-1])
	}
	earlier := func(context.Context, *conformance.Partner) error {
		return conformance.Fail("nothing", "the last before", seen[len(seen)-1])
	}
	o := scene(t, &testvendor.Partner{}, check("own", note), check("earlier", earlier))
	other := o.Suites[0]
	other.ID, other.Checks = "tiny/other", []conformance.Check{{ID: "tiny/other/first", Title: "looks back", Requirements: []string{"TINY-1"}, Run: earlier}}
	o.Suites = append(o.Suites, other)
	o.Reproduce = func(suite, check string) string { return "again " + suite + " " + check }
	for i, want := range []string{"again tiny/hook tiny/hook/own", "again tiny/hook ", "again  "} {
		if got := judge(t.Context(), t, o).Results[i].Reproduce; got != want {
			t.Errorf("result %d: %q, want %q", i, got, want)
		}
	}
}
