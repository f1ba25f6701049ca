// Package suite runs conformance checks as the specs of a Ginkgo suite. It is the only room
// that knows Ginkgo.
package suite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/suite/filter"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
)

// Specs adds the checks of the suites, one spec each, to the Ginkgo suite that is
// being built: call it on the top level, `var _ = suite.Specs(…)`, as one calls
// Describe. Setup runs before the
// first of them; its context ends with it, and it cleans up with
// ginkgo.DeferCleanup. Contract, Suites, Only and Filter of the options that it
// returns are not used: ginkgo's own filters choose among the specs, whose labels
// are those of conformance.Planned, with a full stop for each slash.
//
// A failed check fails its spec, and so does one that could not run. Undetermined
// and not applicable checks and known failures are skipped with their reason, a
// warning is a report entry. When all that ran were skipped, the suite fails,
// because then nothing is known about the partner.
func Specs(contract *specs.Contract, suites []conformance.Suite, setup func(ctx context.Context) conformance.Options) bool {
	plan, err := conformance.Plan(contract, suites, nil, nil)
	if err != nil {
		panic(fmt.Sprintf("suite.Specs: %v", err)) // Ginkgo shows it with the place
	}
	var run *conformance.Run
	ginkgo.Describe("conformance", ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		ginkgo.BeforeAll(func(ctx ginkgo.SpecContext) {
			o := setup(ctx)
			o.Contract, o.Suites, o.Only, o.Filter = contract, suites, nil, nil
			started, err := conformance.Start(ctx, o)
			if err != nil {
				ginkgo.Fail(err.Error())
			}
			run = started
		})
		for _, c := range plan {
			ginkgo.It(visible.Line(c.Title), ginkgo.Label(filter.Labels(c)...), location(c), func(ctx ginkgo.SpecContext) { tell(run.Judge(ctx, c)) })
		}
	})
	ginkgo.ReportAfterSuite("conformance came to a decision", func(report ginkgo.Report) {
		if nothingDecided(report, plan) {
			ginkgo.Fail("every check that ran was skipped, so nothing is known about the partner")
		}
	})
	return true
}

// nothingDecided reports whether checks of the plan ran and all were skipped.
func nothingDecided(report ginkgo.Report, plan []conformance.Planned) bool {
	ran := 0
	for _, spec := range report.SpecReports {
		ours := slices.ContainsFunc(plan, func(c conformance.Planned) bool { return slices.Contains(spec.LeafNodeLabels, filter.Label(c.ID)) })
		if !ours || spec.NumAttempts == 0 { // filtered out
			continue
		}
		if spec.State != types.SpecStateSkipped {
			return false
		}
		ran++
	}
	return ran > 0
}

// tell makes a result the outcome of the spec that runs.
func tell(r conformance.Result) {
	switch {
	case r.Fails(), r.Verdict == conformance.VerdictCouldNotRun, r.Verdict == conformance.VerdictHarnessError:
		ginkgo.Fail(string(visible.Lines(failure(r))))
	case r.Known == conformance.KnownFailing:
		ginkgo.Skip("known failure: " + visible.Line(r.KnownReason))
	case r.Verdict == conformance.VerdictUndetermined, r.Verdict == conformance.VerdictNotApplicable:
		ginkgo.Skip(strings.ReplaceAll(string(r.Verdict), "_", " ") + ": " + visible.Line(r.Actual))
	case r.Verdict == conformance.VerdictWarn:
		ginkgo.AddReportEntry("warning", string(visible.Lines(failure(r))), ginkgo.ReportEntryVisibilityAlways)
	}
	for _, note := range r.Notes {
		ginkgo.AddReportEntry("measured", visible.Line(note))
	}
}
