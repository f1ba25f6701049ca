// Package suite runs conformance checks under Ginkgo: Run inside any program,
// Specs inside a Ginkgo suite of one's own. It is the only room that knows Ginkgo.
package suite

import (
	"context"
	"errors"
	"flag"
	"strings"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/suite/filter"
	"github.com/parleykit/parley/internal/visible"
)

// one keeps runs apart: Ginkgo has one suite in a process, and it is global.
var one sync.Mutex

// interruptGrace is how long Ginkgo waits for a check that a signal interrupted.
const interruptGrace = 5 * time.Second

// Run judges a partner and returns the report. The error is a
// *conformance.UsageError, a *conformance.Unreachable or that of ctx, and then
// there is no report; once checks run, the end of ctx gives a report in which the
// rest could not run. Calls from several goroutines run one after another. Run
// must not be called from inside a Ginkgo suite, and forgets specs that were
// registered before it; use Specs there. Under go test -count and -parallel,
// which Ginkgo answers by ending the process, the checks run without Ginkgo.
func Run(ctx context.Context, o conformance.Options) (*conformance.Report, error) {
	one.Lock()
	defer one.Unlock()
	if !ginkgo.CurrentSpecReport().StartTime.IsZero() {
		return nil, errors.New("suite.Run was called from inside a Ginkgo suite, which it would destroy; use suite.Specs there")
	}
	if ginkgoWouldExit() {
		return conformance.Judge(ctx, o)
	}
	run, err := conformance.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	globals.Reset()
	defer globals.Reset()
	out := formatter.ColorableStdOut
	slow := &progress{to: o.Progress} // otherwise reports of our own speak
	formatter.ColorableStdOut = slow
	defer func() { formatter.ColorableStdOut = out }()

	name := strings.Join(suiteIDs(o), ", ")
	// Specs that are not Ordered are sorted by code location and title.
	ginkgo.Describe(name, ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		for _, c := range run.Plan() {
			ginkgo.It(visible.Line(c.Title), ginkgo.Label(filter.Labels(c)...), location(c), func(inside ginkgo.SpecContext) {
				defer slow.watch(run.Doing)()
				if r := run.Judge(inside, c); r.Fails() {
					ginkgo.Fail(string(visible.Lines(failure(r))))
				}
			})
		}
	})
	// The configuration outlives a reset, so it starts from the defaults.
	config, reporter := types.NewDefaultSuiteConfig(), types.NewDefaultReporterConfig()
	config.FailOnEmpty, reporter.NoColor = true, true
	config.GracePeriod = interruptGrace
	config.PollProgressAfter, config.PollProgressInterval = run.Slow(), run.Slow()
	ginkgo.RunSpecs(failer{}, name, config, reporter, ginkgo.AroundNode(tieTo(ctx)))
	return run.Report(), nil
}

// failer is all that RunSpecs asks of a *testing.T. The report says what failed.
type failer struct{}

func (failer) Fail() {}

// tieTo ends the context of a spec together with the caller's.
func tieTo(caller context.Context) func(context.Context, func(context.Context)) {
	return func(ctx context.Context, body func(context.Context)) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(caller, func() { cancel(context.Cause(caller)) })()
		body(ctx)
	}
}

// ginkgoWouldExit looks for the flags of go test that types.VetConfig refuses.
func ginkgoWouldExit() bool {
	refused := false
	flag.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "test.count":
			refused = refused || f.Value.String() != "1"
		case "test.parallel":
			refused = true
		}
	})
	return refused
}

func suiteIDs(o conformance.Options) []string {
	var ids []string
	for _, s := range o.Suites {
		ids = append(ids, s.ID)
	}
	return ids
}
