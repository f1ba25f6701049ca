package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// renewEvery is how often a replica says that it is there, and has what it has.
const renewEvery = TTL / 3

// Mock is what a replica has done by the mock that it is part of.
type Mock struct {
	// TakeUp makes a sandbox ready as the ledger has it. Fence goes into all that is
	// written, and valid is asked before every delivery attempt: false means never again.
	TakeUp func(ctx context.Context, sandbox string, fence uint64, valid func() bool) error
	// LetGo ends a sandbox in which no request is: what is under way is finished, all is
	// durable, and the ledger's log is closed.
	LetGo func(ctx context.Context, sandbox string) error
	// Lost ends a sandbox that somebody else may have now: at once, and without a word.
	Lost func(sandbox string)
	// Has tells whether there is such a sandbox here: to take one up that the ledger does
	// not have makes none.
	Has func(sandbox string) bool
	// Held are the sandboxes that the ledger has.
	Held func(ctx context.Context) ([]string, error)
}

// Options set up a replica. Those without a default are needed.
type Options struct {
	ID       string       // unlike that of every other replica, also of those that were before
	URL      string       // where the other replicas reach this one
	Secret   []byte       // known to all replicas, and to nobody else
	Bucket   Bucket       //
	Mock     Mock         //
	Next     http.Handler // serves requests for sandboxes that this replica owns
	Patience time.Duration
	// Patience is how long a request waits for an owner; default 15 s, since NATS servers
	// take 4 to 9 s to choose another leader when the one they had is gone. Grace is how long
	// requests may take to end when their sandbox moves, before they are ended; default 2 s.
	Grace  time.Duration
	Now    func() time.Time                              // default time.Now
	After  func(d time.Duration, f func()) (stop func()) // default time.AfterFunc
	Failed func(error)                                   // is told what failed behind the scenes; may be nil
}

// Replica is one of several that are one mock. It is an http.Handler.
type Replica struct {
	options Options
	view    *view
	client  *http.Transport
	own     record // what it says of itself

	mu       sync.Mutex
	boxes    map[string]*box
	hops     map[*hop]struct{}
	draining bool
	turned   chan struct{} // closed when a box changes
	taken    uint64        // how many sandboxes it ever had
	there    time.Time     // when it last could say that it is there

	watchAnew context.CancelFunc // ends the watch, which begins again

	// Of who shares alone.
	held  []string // sandboxes of the ledger when it was last asked
	seen  uint64   // changes until then
	with  []string // replicas at that time
	asked int

	life context.Context
	end  context.CancelFunc
	done sync.WaitGroup
}

// New makes a replica, which takes part after Start.
func New(o Options) *Replica {
	o.Patience, o.Grace = cmp.Or(o.Patience, 15*time.Second), cmp.Or(o.Grace, 2*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = func(d time.Duration, f func()) func() {
			timer := time.AfterFunc(d, f)
			return func() { timer.Stop() }
		}
	}
	if o.Failed == nil {
		o.Failed = func(error) {}
	}
	r := &Replica{options: o, view: newView(o.Now), client: newTransport(), boxes: map[string]*box{}, hops: map[*hop]struct{}{}, turned: make(chan struct{})}
	r.life, r.end = context.WithCancel(context.Background())
	return r
}

// Start makes the replica known to the others, and returns when it knows them.
func (r *Replica) Start(ctx context.Context) error {
	ready := make(chan struct{})
	r.done.Go(func() { r.watch(sync.OnceFunc(func() { close(ready) })) })
	select {
	case <-ready:
	case <-ctx.Done():
		return ctx.Err()
	}
	for first := true; ; first = false {
		err := r.announce(ctx)
		if err == nil {
			return nil
		}
		// New servers may not have chosen a leader yet, and what got no answer may be there.
		if r.pause(ctx, nil); ctx.Err() != nil || first && errors.Is(err, ErrTaken) {
			return fmt.Errorf("replica %s can't take part: %w", r.options.ID, err)
		}
	}
}

// Run keeps alive what the replica has, and takes its share, until the context ends. To
// take a sandbox may last, and what it has must be renewed meanwhile.
func (r *Replica) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { every(ctx, r.renew) })
	both.Go(func() { every(ctx, r.share) })
	both.Wait()
}

// every does something each renewEvery, until the context ends.
func every(ctx context.Context, do func(context.Context)) {
	ticks := time.NewTicker(renewEvery)
	defer ticks.Stop()
	for {
		do(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// renew says that the replica is there, and has what it has.
func (r *Replica) renew(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, renewEvery)
	defer cancel()
	var announced sync.WaitGroup
	announced.Go(func() {
		if err := r.announce(ctx); err != nil {
			r.options.Failed(fmt.Errorf("replica %s can't say that it is there: %w", r.options.ID, err))
		} else if r.view.silent() { // it would have been told of itself
			r.mu.Lock()
			defer r.mu.Unlock()
			r.watchAnew()
		}
	})
	r.renewAll(ctx)
	r.endHops()
	announced.Wait()
}

// Drain hands over all that the replica has, and leaves. Requests for it are led to the
// others meanwhile, also afterwards, as long as the handler is served.
func (r *Replica) Drain(ctx context.Context) error {
	r.mu.Lock()
	r.draining = true
	var all []*box
	for _, b := range r.boxes {
		all = append(all, b)
	}
	r.mu.Unlock()
	failed := []error{r.announce(ctx)}
	var mu sync.Mutex
	each(all, func(b *box) {
		err := r.leave(ctx, b)
		mu.Lock()
		defer mu.Unlock()
		failed = append(failed, err)
	})
	r.own.mu.Lock()
	defer r.own.mu.Unlock()
	r.own.left = true
	if r.own.revision > 0 {
		failed = append(failed, r.options.Bucket.Delete(ctx, keyOf(memberPrefix, r.options.ID), r.own.revision))
	}
	return errors.Join(failed...)
}

// Close ends the replica. What it still has is free when its leases have ended.
func (r *Replica) Close() {
	r.end()
	r.done.Wait()
	r.client.CloseIdleConnections()
}

// pause waits for a change, or a moment, since not all that changes is told.
func (r *Replica) pause(ctx context.Context, turned <-chan struct{}) {
	timer := time.NewTimer(20 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-turned:
	case <-r.view.changed():
	case <-timer.C:
	}
}

// each calls do with all of them, some at once.
func each[T any](all []T, do func(T)) {
	var group sync.WaitGroup
	places := make(chan struct{}, 16)
	for _, one := range all {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			do(one)
		})
	}
	group.Wait()
}
