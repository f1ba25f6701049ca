package conformance

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/parleykit/parley/specs"
)

// Progress is how far a run is, for those who follow it from elsewhere. It is safe for
// concurrent use.
type Progress struct {
	mu      sync.Mutex
	planned []PlannedView
	report  *Report // so far; nil until the channel is open
	done    bool
	changed chan struct{} // closed with the next change
}

// RunView is a run as run.schema.json describes it.
type RunView struct {
	State   RunState      `json:"state"`
	Planned []PlannedView `json:"planned"`
	Running []string      `json:"running"`          // IDs
	Report  *Report       `json:"report,omitempty"` // of the checks that were judged until now; left out before the first
}

// RunState says whether more is to come.
type RunState string

// The states of a run.
const (
	Running RunState = "running"
	Done    RunState = "done"
)

// PlannedView is a check that a run consists of.
type PlannedView struct {
	ID       string      `json:"id"`
	Title    string      `json:"title"`
	Suite    string      `json:"suite"`
	Level    Level       `json:"level"`
	Evidence specs.Class `json:"evidence,omitempty"`
}

// Following returns the progress of a run with these options that has not begun, and the
// options with which it is told. Finished ends it.
func Following(o Options) (*Progress, Options) {
	p := &Progress{planned: []PlannedView{}, changed: make(chan struct{})}
	plan, _ := o.plan() // Start tells what is wrong with it
	for _, c := range plan {
		p.planned = append(p.planned, PlannedView{ID: c.ID, Title: c.Title, Suite: c.Suite.ID, Level: c.Level, Evidence: c.Evidence})
	}
	open, result := o.OnOpen, o.OnResult
	o.OnOpen = func(r *Report) {
		copied := *r
		p.change(func() { p.report = &copied })
		if open != nil {
			open(r)
		}
	}
	o.OnResult = func(r Result) {
		p.change(func() { p.report = p.report.with(r, o.FailOn) })
		if result != nil {
			result(r)
		}
	}
	return p, o
}

// Finished is the progress of a run that has ended with this report.
func Finished(r *Report) *Progress {
	p := &Progress{planned: []PlannedView{}, changed: make(chan struct{})}
	for _, result := range r.Results {
		p.planned = append(p.planned, PlannedView{ID: result.ID, Title: result.Title, Suite: result.Suite, Level: result.Level, Evidence: result.Evidence})
	}
	p.Finish(r)
	return p
}

// Finish ends the run with its report.
func (p *Progress) Finish(r *Report) { p.change(func() { p.report, p.done = r, true }) }

func (p *Progress) change(by func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	by()
	close(p.changed)
	p.changed = make(chan struct{})
}

// View is the run as it is now, a RunView.
func (p *Progress) View() any {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := RunView{State: Running, Planned: p.planned, Running: []string{}, Report: p.report}
	switch {
	case p.done:
		v.State = Done
	case p.report != nil && len(p.report.Results) < len(p.planned):
		v.Running = append(v.Running, p.planned[len(p.report.Results)].ID) // they are judged in order, one at a time
	}
	return v
}

// Wait returns as soon as there are more results than so many, or the run has ended. The
// error is that of ctx.
func (p *Progress) Wait(ctx context.Context, since int) error {
	for {
		p.mu.Lock()
		enough := p.done || p.report != nil && len(p.report.Results) > since
		changed := p.changed
		p.mu.Unlock()
		if enough {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// with is the report with one result more.
func (r *Report) with(result Result, failOn Verdict) *Report {
	next := *r
	next.Results = append(slices.Clone(r.Results), result)
	next.Counts = maps.Clone(r.Counts)
	next.Counts[result.Verdict]++
	next.Outcome, next.Reasons = OutcomeOf(next.Results, failOn)
	return &next
}
