package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
)

// TestFactsAreCited: what a check decides beside numbered requirements is in its
// result, with the address of its source, and in the list.
func TestFactsAreCited(t *testing.T) {
	c := check("ping", ping)
	c.Facts = []conformance.Requirement{{ID: "events/ping", Level: "MUST", Text: "Tiny sends\nping.", Quote: "We send ping.", Source: "page#ping", Evidence: "documented"}}
	o := scene(t, &testvendor.Partner{}, c)
	report := judge(t.Context(), t, o)
	cited := report.Results[0].Requirements
	if len(cited) != 2 || cited[0].ID != "TINY-1" || cited[1].ID != "events/ping" || cited[1].Text != "Tiny sends ping." {
		t.Errorf("cited %+v", cited)
	}
	if want := o.Contract.Link("page#ping"); cited[1].Link != want {
		t.Errorf("link %q, want %q", cited[1].Link, want)
	}
	plan, err := conformance.Plan(o.Contract, o.Suites, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	if err := conformance.WriteList(&list, conformance.Style{}, o.Suites, plan); err != nil || !strings.Contains(list.String(), "[TINY-1, events/ping]") {
		t.Errorf("%v: %s", err, &list)
	}
}

// TestCallsOfRun: a check may use what the partner did in earlier checks, and not
// what it did before the run.
func TestCallsOfRun(t *testing.T) {
	partner := &testvendor.Partner{}
	write := check("write", func(ctx context.Context, p *conformance.Partner) error {
		if err := p.Provoke(ctx, "write"); err != nil {
			return err
		}
		_, err := p.Await(ctx, 1, nil)
		return err
	})
	counted := func(want int) func(context.Context, *conformance.Partner) error {
		return func(_ context.Context, p *conformance.Partner) error {
			if own, all := len(p.Calls(nil)), len(p.CallsOfRun(nil)); own != 0 || all != want {
				return conformance.Fail(fmt.Sprint(want), fmt.Sprint(own, all))
			}
			return nil
		}
	}
	o := scene(t, partner, write, check("one", counted(1)), check("still-one", counted(1)))
	for range 2 { // the second run shares the journal with the first
		for _, r := range judge(t.Context(), t, o).Results {
			if r.Verdict != conformance.VerdictPass {
				t.Errorf("%s: %s %s", r.ID, r.Verdict, r.Actual)
			}
		}
	}
}
