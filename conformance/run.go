package conformance

import "context"

// Run is one judgment of one partner, under way.
type Run struct {
	o    Options
	plan []Planned
}

// Start plans the run, makes sure that the target answers, and opens the channel.
// The error is a *UsageError or an *Unreachable.
func Start(ctx context.Context, o Options) (*Run, error) { panic("not yet") }

// Plan returns the checks that the run consists of, in order.
func (r *Run) Plan() []Planned { return r.plan }

// Judge runs one check of the plan to its end and records the result.
func (r *Run) Judge(ctx context.Context, c Planned) Result { panic("not yet") }

// Report ends the run. Checks of the plan that were not judged could not run.
func (r *Run) Report() *Report { panic("not yet") }
