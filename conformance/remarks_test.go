package conformance_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/mockserver/fault"
)

// TestRemarks: what no page bounds is measured, shown, and judges nobody.
func TestRemarks(t *testing.T) {
	partner := &testvendor.Partner{}
	storm := check("storm", func(ctx context.Context, p *conformance.Partner) error {
		for _, status := range []int{http.StatusInternalServerError, http.StatusUnauthorized} {
			remove := p.Fault(fault.Rule{Operation: "note", Status: status})
			for range 3 {
				if _, err := partner.Say("note-1", "again"); err != nil {
					return err
				}
			}
			remove()
		}
		return ping(ctx, p)
	})
	report := judge(t.Context(), t, scene(t, partner, storm))
	all := strings.Join(report.Remarks, "\n")
	for _, want := range []string{
		"2 events acknowledged in ", "an error or without an answer was made again 3 times, the soonest after ", "401 was made again 2 times",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
	if report.Outcome != conformance.OutcomePassed {
		t.Errorf("%s %v", report.Outcome, report.Reasons)
	}
	var out strings.Builder
	if err := report.WriteSummary(&out, conformance.Style{}); err != nil || !strings.Contains(out.String(), "Measured\n  2 events") {
		t.Errorf("%v\n%s", err, &out)
	}
}
