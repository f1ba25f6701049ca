package suite

import (
	"context"
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2"

	"github.com/parleykit/parley/conformance"
)

// Specs adds the checks of the suites, one spec each, to the Ginkgo suite that is
// being built: call it where Describe may be called. Setup runs before the first
// of them; its context ends with it, and it cleans up with ginkgo.DeferCleanup.
// Suites and Only of the options that it returns are not used: ginkgo's own
// filters choose among the specs.
//
// A failed check fails its spec, and so does one that could not run. Undetermined
// and not applicable checks and known failures are skipped with their reason, a
// warning is a report entry. When all that ran decided nothing, the last fails.
func Specs(suites []conformance.Suite, setup func(ctx context.Context) conformance.Options) {
	plan, err := conformance.Plan(suites, nil)
	if err != nil {
		panic(fmt.Sprintf("suite.Specs: %v", err)) // Ginkgo shows it with the place
	}
	var run *conformance.Run
	ginkgo.Describe("conformance", ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		ginkgo.BeforeAll(func(ctx ginkgo.SpecContext) {
			o := setup(ctx)
			o.Suites, o.Only = suites, nil
			started, err := conformance.Start(ctx, o)
			if err != nil {
				ginkgo.Fail(err.Error())
			}
			run = started
		})
		for _, c := range plan {
			ginkgo.It(c.Title, labels(c), location(c), func(ctx ginkgo.SpecContext) { tell(run.Judge(ctx, c)) })
		}
		ginkgo.AfterAll(func() {
			if run == nil {
				return
			}
			report := run.SoFar()
			if len(report.Results) > 0 && report.Outcome == conformance.Incomplete {
				ginkgo.Fail(strings.Join(report.Reasons, "\n"))
			}
		})
	})
}

// tell makes a result the outcome of the spec that runs.
func tell(r conformance.Result) {
	switch {
	case r.Fails(), r.Verdict == conformance.NotRun, r.Verdict == conformance.HarnessFailed:
		ginkgo.Fail(failure(r))
	case r.Known == conformance.KnownFailing:
		ginkgo.Skip("known failure: " + r.KnownReason)
	case r.Verdict == conformance.Undecided, r.Verdict == conformance.Inapplicable:
		ginkgo.Skip(strings.ReplaceAll(string(r.Verdict), "_", " ") + ": " + r.Actual)
	case r.Verdict == conformance.Warned:
		ginkgo.AddReportEntry("warning", failure(r), ginkgo.ReportEntryVisibilityAlways)
	}
	for _, note := range r.Notes {
		ginkgo.AddReportEntry("measured", note)
	}
}
