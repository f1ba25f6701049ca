// Package outbox delivers a vendor's events to partners: in order where they go to
// one target, side by side where they do not, tried again as the policy says, held,
// copied or late where a fault wants it. It knows neither vendors nor sandboxes: a
// Carrier sends, and notes what came of it.
package outbox

import (
	"context"
	"errors"
	"sync"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/mockserver/clock"
)

// MaxKept is how many deliveries are remembered at most; Limits may say fewer.
const MaxKept = 2_000

// How many may wait in all, and for one target.
const (
	maxWaiting = MaxKept
	maxLane    = 1_000
)

// Limits bound an outbox.
type Limits struct {
	Most func(int) int // how many may wait where a large outbox lets so many wait
	Kept func() int    // how many deliveries are remembered
}

// ended is the done of entries that never began.
var ended = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Outbox carries out the deliveries of one sandbox: those of one channel and URL one
// after the other, those of different ones side by side. A lane has a goroutine only
// while something waits in it. All methods are safe for concurrent use.
type Outbox struct {
	clock   *clock.Clock
	carrier Carrier
	limits  Limits

	mu      sync.Mutex
	kept    []*Entry // the newest
	count   uint64   // ever added
	lanes   map[string][]*Entry
	batches map[string]*batch   // of entries that are held
	open    map[*Entry]struct{} // that have not ended, kept or not, and those that are unsent
	turns   uint64              // of entries that were ever put into lanes
	waiting int
	closed  string // why nothing more is taken; "" while open
	closing chan struct{}
	unsent  []*Entry
	touched map[*Entry]struct{} // since the last Step; nil: nobody asks for steps

	workers sync.WaitGroup
	ctx     context.Context // of attempts
	stop    context.CancelCauseFunc
	going   context.Context // ends when no attempt may begin any more
	rest    context.CancelFunc
}

// New returns an empty outbox.
func New(c *clock.Clock, carrier Carrier, limits Limits) *Outbox {
	o := &Outbox{
		clock: c, carrier: carrier, limits: limits, closing: make(chan struct{}),
		lanes: map[string][]*Entry{}, batches: map[string]*batch{}, open: map[*Entry]struct{}{},
	}
	o.ctx, o.stop = context.WithCancelCause(context.Background())
	o.going, o.rest = context.WithCancel(context.Background())
	return o
}

// Add numbers a message and queues it, unless it has ended already: with a State and
// an Error of its own. What cannot be queued is cancelled and says why. Copies
// follow it.
func (o *Outbox) Add(m Message, t Treatment) *Entry {
	e := &Entry{Message: m, outbox: o, late: t.Late, hold: t.Hold, after: t.After}
	e.Delivery.Queued = o.clock.Now()
	if e.State == "" {
		e.State = Queued
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	var copies []*Entry
	if e.State == Queued {
		for range t.Copies {
			copies = append(copies, e.copied())
		}
	}
	if t.Together {
		e.parallel, copies = copies, nil
	}
	o.add(e)
	for _, next := range copies {
		next.CopyOf = e.ID
		o.add(next)
	}
	return e
}

func (o *Outbox) add(e *Entry) {
	o.keep(e)
	for _, next := range e.parallel {
		next.CopyOf, next.leader = e.ID, e
		o.keep(next)
	}
	if e.State != Queued {
		e.Ended, e.done = e.Delivery.Queued, ended
		return
	}
	o.queue(e)
}

// queue is called with the lock held.
func (o *Outbox) queue(e *Entry) {
	o.ready(e)
	switch {
	case o.closed != "":
		for _, one := range e.all() {
			one.unsent = true
		}
		o.cancel(e, o.closed)
		o.unsent = append(o.unsent, e)
	case o.waiting >= o.limits.Most(maxWaiting) || len(o.lanes[e.lane()]) >= o.limits.Most(maxLane):
		o.cancel(e, "too many deliveries wait already: the partner is slower than its events come")
	default:
		o.schedule(e)
	}
}

// ready makes an entry and its parallel copies able to be waited for and broken off.
func (o *Outbox) ready(e *Entry) {
	for _, one := range e.all() {
		o.touch(one)
		o.open[one] = struct{}{}
		one.done = make(chan struct{})
		one.ctx, one.stop = context.WithCancelCause(o.ctx)
	}
}

func (o *Outbox) keep(e *Entry) {
	o.count++
	e.ID = serial.ID("dl-", o.count)
	o.touch(e)
	o.kept = append(o.kept, e)
	for most := o.limits.Kept(); len(o.kept) > most; {
		o.kept[0] = nil
		o.kept = o.kept[1:]
	}
}

// cancel ends an entry that has not begun, with its parallel copies.
func (o *Outbox) cancel(e *Entry, why string) {
	for _, one := range e.all() {
		one.State, one.Error, one.Ended = Cancelled, why, o.clock.Now()
		o.touch(one)
		one.stop(nil)
		if !one.unsent {
			delete(o.open, one)
		}
		close(one.done)
	}
}

// Suspend takes nothing more and begins no attempt, lets those end that are being made,
// until ctx does, and breaks off the rest. What had not ended has not: whoever loads what
// was saved goes on with it.
func (o *Outbox) Suspend(ctx context.Context, why string) {
	o.rest()
	o.Close(ctx, why)
}

// Close takes nothing more, lets what is queued end until ctx does, breaks off the
// rest, and returns what was not delivered. To the carrier what was broken off has not
// ended, because a mock that loads what was saved goes on with it.
func (o *Outbox) Close(ctx context.Context, why string) []Delivery {
	o.mu.Lock()
	if o.closed == "" {
		close(o.closing)
	}
	o.closed = why
	o.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		o.workers.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-ctx.Done():
	}
	o.stop(errors.New(why))
	<-idle
	o.mu.Lock()
	unsent := o.unsent
	o.unsent = nil
	o.mu.Unlock()
	return o.views(unsent)
}
