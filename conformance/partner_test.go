package conformance_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/mockserver/fault"
)

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
