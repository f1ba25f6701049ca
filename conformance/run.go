package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// Run is one judgment of one partner, under way.
type Run struct {
	o       Options
	plan    []Planned
	redact  *redaction.Redactor
	channel mockserver.Channel
	opening []Opening
	started time.Time
	ends    time.Time                  // by the real clock; zero: never
	before  map[*traffic.Exchange]bool // in the journal when the run began
	dropped uint64                     // by the journal until then
	grace   time.Duration
	asking  *asking

	decided []CheckEnd // one after another

	mu      sync.Mutex
	results map[string]Result          // by check ID
	now     *Partner                   // as the check that runs sees it
	suite   string                     // of that check
	outside map[*traffic.Exchange]bool // in the journal when its suite began
}

// Start plans the run, makes sure that the target answers, and opens the channel.
// A partner that refuses the channel is judged all the same. The error is a
// *UsageError, an *Unreachable or that of ctx.
func Start(ctx context.Context, o Options) (*Run, error) {
	o.Timing = o.Timing.withDefaults()
	if o.Now == nil {
		o.Now = time.Now
	}
	plan, err := o.plan()
	if err != nil {
		return nil, err
	}
	journal := o.Sandbox.Journal()
	r := &Run{o: o, plan: plan, started: o.Now(), grace: grace,
		redact:  o.Sandbox.Redactor(),
		before:  present(journal),
		dropped: journal.Stats().Dropped,
		results: map[string]Result{},
		asking:  &asking{stimulus: o.Stimulus, byHand: o.ByHand},
	}
	r.redact.Know(o.Token)
	if o.Deadline > 0 {
		r.ends = time.Now().Add(o.Deadline)
	}
	if o.Target != "" {
		if err := Preflight(ctx, o.Target, o.Timing.Answer); err != nil {
			return nil, err
		}
	}
	if o.Ledger {
		if _, err := o.Sandbox.LastStep(); err != nil { // from now on all is kept
			return nil, usage("the mock cannot keep what happens: %v", err)
		}
	}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	if o.OnOpen != nil {
		o.OnOpen(r.soFar())
	}
	return r, nil
}

// Judge runs the whole plan, one check after another, and returns the report. The
// error is that of Start. When ctx ends, the checks that are left could not run.
func Judge(ctx context.Context, o Options) (*Report, error) {
	r, err := Start(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, c := range r.plan {
		if ctx.Err() != nil {
			break
		}
		end := r.watch()
		r.Judge(ctx, c)
		end()
	}
	return r.Report(), nil
}

func present(j *traffic.Journal) map[*traffic.Exchange]bool {
	there := map[*traffic.Exchange]bool{}
	for _, e := range j.Find(nil) {
		there[e] = true
	}
	return there
}

// open lets the vendor open the channel, as it does when somebody sets it up. One
// that sends no events has none.
func (r *Run) open(ctx context.Context) error {
	if len(r.o.Contract.Events) == 0 {
		return nil
	}
	inside, cancel := context.WithTimeout(ctx, r.o.Timing.Answer)
	defer cancel()
	channel, deliveries, err := r.o.Sandbox.OpenChannel(inside, mockserver.Channel{
		ID: r.o.Channel, Vendor: r.o.Contract.ID, Name: "parley conform", Token: r.o.Token, URL: r.o.Target,
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && (channel.ID == "" || !errors.Is(err, context.DeadlineExceeded)):
		return usage("the mock cannot open a channel to the partner: %v", err)
	}
	r.channel = channel
	for _, d := range deliveries {
		o := Opening{Event: d.Event, State: d.State, Status: d.Status, Error: r.redact.Text(d.Error)}
		if n := len(d.Attempts); n > 0 {
			o.Exchange = d.Attempts[n-1]
		}
		r.opening = append(r.opening, o)
	}
	return nil
}

// Slow is after how long a check is worth a look at what it does: longer than any
// one of its waits.
func (r *Run) Slow() time.Duration {
	return r.o.Timing.Retry + r.o.Timing.Answer + r.o.Timing.Stimulus
}

// Doing says what the check that runs has asked of the partner, and what it has seen
// of it since it began.
func (r *Run) Doing() string {
	r.mu.Lock()
	p := r.now
	r.mu.Unlock()
	if p == nil {
		return ""
	}
	p.mu.Lock()
	ask := p.provoked
	p.mu.Unlock()
	text := fmt.Sprintf("check %s has seen %s of the partner's", p.check.ID, plural.Of(len(p.Calls(nil)), "call"))
	if ask != "" {
		text += fmt.Sprintf("; it asked: %s", ask)
	}
	return r.redact.Text(text)
}

// Plan returns the checks that the run consists of, in order.
func (r *Run) Plan() []Planned { return slices.Clone(r.plan) }

// Judge runs one check of the plan to its end, and records the result and hands
// it to Options.OnResult. Checks are to be judged one after another. Once ctx has
// ended, checks are no longer begun.
func (r *Run) Judge(ctx context.Context, c Planned) Result {
	began := r.o.Now()
	if !r.ends.IsZero() {
		within, cancel := context.WithDeadline(ctx, r.ends)
		defer cancel()
		ctx = within
	}
	if ctx.Err() != nil {
		return r.notBegun(c)
	}
	journal := r.o.Sandbox.Journal()
	p := &Partner{readings: &readings{}, inside: &inside{
		sandbox: r.o.Sandbox, contract: r.o.Contract, channel: r.channel.ID, timing: r.o.Timing, world: r.o.World,
		asking: r.asking, seed: r.o.Seed, check: c.Check, suite: c.Suite, before: present(journal), earlier: r.before,
	}}
	r.mu.Lock()
	if r.now = p; r.suite != c.Suite.ID {
		r.suite, r.outside = c.Suite.ID, p.before
	}
	r.mu.Unlock()
	d := decide(ctx, c.Check, p, r.grace)
	r.ended(c.ID)
	p.end()
	during := journal.Find(func(e *traffic.Exchange) bool { return !p.before[e] })
	d = r.lost(p.grounds().weighed(d), during)
	d = optional(c.Suite, p, d)
	d = harnessFailure(p, during, d)

	result := r.result(c, d, p.readings.list())
	if len(result.Exchanges) == 0 {
		result.Exchanges = exchangesOf(during)
	}
	result.Reproduce = r.again(p, d)
	p.mu.Lock()
	for _, note := range p.notes {
		result.Notes = append(result.Notes, r.redact.Text(note))
	}
	p.mu.Unlock()
	result.Duration = r.o.Now().Sub(began)
	result = r.keep(result)
	if r.o.OnResult != nil {
		r.o.OnResult(result)
	}
	return result
}

func (r *Run) keep(result Result) Result {
	applyKnown(&result, r.o.Known, r.o.FailOn, r.o.Now())
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[result.ID] = result
	return result
}

// notBegun is the result of a check that was planned and not begun.
func (r *Run) notBegun(c Planned) Result {
	why := "the run ended before this check"
	if !r.ends.IsZero() && !time.Now().Before(r.ends) {
		why = fmt.Sprintf("the %s that the run may take (--deadline) were over before this check", r.o.Deadline)
	}
	result := r.result(c, &Deviation{Verdict: VerdictCouldNotRun, Actual: why}, nil)
	result.Reproduce = r.command(c.Suite.ID, c.ID)
	return r.keep(result)
}

// result cites the contract for what a check returned.
func (r *Run) result(c Planned, d *Deviation, asked []string) Result {
	g := grounds{contract: r.o.Contract, check: c.Check, asked: asked}
	result := Result{ID: c.ID, Suite: c.Suite.ID, Title: c.Title, Level: g.level(d), Verdict: VerdictPass, Requirements: g.requirements(d)}
	if d != nil {
		result.Verdict = d.Verdict
		result.Expected, result.Actual = r.redact.Text(d.Expected), r.redact.Text(d.Actual)
		result.Hint = r.redact.Text(d.Hint)
		result.Exchanges = exchangesOf(d.Exchanges)
	}
	if result.decided() {
		result.Evidence = g.evidence(d)
		for _, id := range g.readings(d) {
			reading := inForce(r.o.Contract, id)
			reading.Evidence = "" // the weakest of all stands in the result
			result.Readings = append(result.Readings, reading)
		}
	} else {
		result.Level = c.Level // the check's, of which nothing is known
	}
	return result
}
