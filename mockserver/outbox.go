package mockserver

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/mockserver/clock"
)

// Bounds of an outbox: deliveries that are remembered, that wait in all, and that
// wait for one target.
const (
	maxDeliveries = 2_000
	maxWaiting    = maxDeliveries
	maxLane       = 1_000
)

// ended is the done of deliveries that never began.
var ended = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// outbox carries out the deliveries of one sandbox: those of one channel and URL
// one after the other, those of different ones side by side. A lane has a
// goroutine only while something waits in it.
type outbox struct {
	mu          sync.Mutex
	most        func(int) int // bounds in this sandbox
	keeps       func() int    // how many deliveries it remembers
	kept        []*delivery   // the newest
	count       uint64        // ever added
	lanes       map[string][]*delivery
	holds       map[string]*hold
	open        map[*delivery]struct{} // that have not ended, kept or not, and those that are left
	turns       uint64                 // of deliveries that were ever put into lanes
	waiting     int
	closed      string // why nothing more is taken; "" while open
	closing     chan struct{}
	undelivered []*delivery

	clock   *clock.Clock
	workers sync.WaitGroup
	ctx     context.Context // of attempts
	stop    context.CancelCauseFunc
}

func newOutbox(clock *clock.Clock, most func(int) int, keeps func() int) *outbox {
	o := &outbox{clock: clock, most: most, keeps: keeps, lanes: map[string][]*delivery{}, holds: map[string]*hold{}, open: map[*delivery]struct{}{}, closing: make(chan struct{})}
	o.ctx, o.stop = context.WithCancelCause(context.Background())
	return o
}

// add numbers a delivery and queues it, unless it has ended already. What cannot
// be queued is cancelled and says why.
func (o *outbox) add(d *delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keep(d)
	for _, twin := range d.twins {
		twin.CopyOf = d.ID
		o.keep(twin)
	}
	if d.State != DeliveryQueued {
		d.done = ended
		return
	}
	o.queue(d)
}

// queue is called with the lock held.
func (o *outbox) queue(d *delivery) {
	o.ready(d)
	switch {
	case o.closed != "":
		for _, one := range d.withTwins() {
			one.left = true
		}
		o.cancel(d, o.closed)
		o.undelivered = append(o.undelivered, d)
	case o.waiting >= o.most(maxWaiting) || len(o.lanes[d.lane()]) >= o.most(maxLane):
		o.cancel(d, "too many deliveries wait already: the partner is slower than its events come")
	default:
		o.place(d)
	}
}

// ready makes a delivery and its twins able to be waited for and broken off.
func (o *outbox) ready(d *delivery) {
	for _, one := range d.withTwins() {
		o.open[one] = struct{}{}
		one.done = make(chan struct{})
		one.ctx, one.stop = context.WithCancelCause(o.ctx)
	}
}

// place keeps a delivery back, or puts it into its lane.
func (o *outbox) place(d *delivery) {
	o.waiting++
	if d.effect != nil && d.effect.Reorder > 0 {
		o.hold(d)
		return
	}
	o.line(d)
}

// line puts a delivery at the end of its lane.
func (o *outbox) line(d *delivery) {
	o.turns++
	d.turn = o.turns
	lane := d.lane()
	waiting, running := o.lanes[lane]
	o.lanes[lane] = append(waiting, d)
	if !running {
		o.clock.Begin()
		o.workers.Go(func() { o.work(lane) })
	}
}

// lane is what a delivery waits in. One that is late must hold up no other.
func (d *delivery) lane() string {
	if d.late() > 0 {
		return d.ID
	}
	return d.Channel + " " + d.URL
}

func (o *outbox) keep(d *delivery) {
	o.count++
	d.ID = serial.ID("dl-", o.count)
	o.kept = append(o.kept, d)
	for most := o.keeps(); len(o.kept) > most; {
		o.kept[0] = nil
		o.kept = o.kept[1:]
	}
}

// cancel ends a delivery that has not begun, with its twins.
func (o *outbox) cancel(d *delivery, why string) {
	for _, one := range d.withTwins() {
		one.State, one.Error, one.Ended = DeliveryCancelled, why, one.stage.Now()
		one.stop(nil)
		if !one.left {
			delete(o.open, one)
		}
		close(one.done)
	}
}

// work empties one lane and ends.
func (o *outbox) work(lane string) {
	defer o.clock.End()
	for {
		d := o.next(lane)
		if d == nil {
			return
		}
		if len(d.twins) == 0 {
			o.carryOut(d)
		} else {
			o.carryOutAll(d.withTwins())
		}
	}
}

// carryOutAll carries out a delivery and its twins at the same time. Each is at
// work for the clock until its end; the last stays so for the lane.
func (o *outbox) carryOutAll(list []*delivery) {
	var group sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(len(list)))
	for i, d := range list {
		if i > 0 {
			o.clock.Begin()
		}
		group.Go(func() {
			o.carryOut(d)
			if left.Add(-1) > 0 {
				o.clock.End()
			}
		})
	}
	group.Wait()
}

func (o *outbox) next(lane string) *delivery {
	o.mu.Lock()
	defer o.mu.Unlock()
	waiting := o.lanes[lane]
	if len(waiting) == 0 {
		delete(o.lanes, lane)
		return nil
	}
	d := waiting[0]
	waiting[0] = nil
	o.lanes[lane] = waiting[1:]
	o.waiting--
	return d
}

// close takes nothing more, lets what is queued end until ctx does, breaks off the
// rest, and returns what was not delivered.
func (o *outbox) close(ctx context.Context, why string) []Delivery {
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
	undelivered := o.undelivered
	o.undelivered = nil
	o.mu.Unlock()
	return o.views(undelivered)
}
