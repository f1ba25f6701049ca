package mockserver

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/parleykit/parley/traffic"
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
	kept        []*delivery   // the newest maxDeliveries
	count       uint64        // ever added
	lanes       map[string][]*delivery
	waiting     int
	closed      string // why nothing more is taken; "" while open
	undelivered []*delivery

	clock   *Clock
	workers sync.WaitGroup
	ctx     context.Context // of attempts
	stop    context.CancelCauseFunc
}

func newOutbox(clock *Clock, most func(int) int) *outbox {
	o := &outbox{clock: clock, most: most, lanes: map[string][]*delivery{}}
	o.ctx, o.stop = context.WithCancelCause(context.Background())
	return o
}

// add numbers a delivery and queues it, unless it has ended already. What cannot
// be queued is cancelled and says why.
func (o *outbox) add(d *delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keep(d)
	if d.State != DeliveryQueued {
		d.done = ended
		return
	}
	d.done = make(chan struct{})
	lane := d.Channel + " " + d.URL
	switch {
	case o.closed != "":
		o.cancel(d, o.closed)
		o.undelivered = append(o.undelivered, d)
		return
	case o.waiting >= o.most(maxWaiting) || len(o.lanes[lane]) >= o.most(maxLane):
		o.cancel(d, "too many deliveries wait already: the partner is slower than its events come")
		return
	}
	waiting, running := o.lanes[lane]
	o.lanes[lane] = append(waiting, d)
	o.waiting++
	if !running {
		o.clock.begin()
		o.workers.Go(func() { o.work(lane) })
	}
}

func (o *outbox) keep(d *delivery) {
	o.count++
	d.ID = numbered("dl-", o.count)
	o.kept = append(o.kept, d)
	if len(o.kept) > o.most(maxDeliveries) {
		o.kept[0] = nil
		o.kept = o.kept[1:]
	}
}

func (o *outbox) cancel(d *delivery, why string) {
	d.State, d.Error, d.Ended = DeliveryCancelled, why, d.stage.Now()
	close(d.done)
}

// work empties one lane and ends.
func (o *outbox) work(lane string) {
	defer o.clock.end()
	for {
		d := o.next(lane)
		if d == nil {
			return
		}
		o.carryOut(d)
	}
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
	d.State = DeliveryDelivering
	return d
}

// carryOut makes the attempts that the contract's policy allows.
func (o *outbox) carryOut(d *delivery) {
	policy := d.stage.vendor.policy
	var last *traffic.Exchange
	state, problem := DeliveryFailed, ""
	if d.after != nil {
		<-d.after // the answer that it follows; an answer's end closes it
	}
	for attempt := 1; attempt <= policy.attempts; attempt++ {
		if attempt > 1 && !o.clock.pause(o.ctx, policy.backoff) || o.ctx.Err() != nil {
			break
		}
		last = d.stage.attempt(o.ctx, d, attempt)
		o.noteAttempt(d, last)
		if last.Response != nil && d.stage.delivered(last.Status()) {
			state = DeliveryDelivered
			break
		}
		problem = failure(last)
	}
	if state != DeliveryDelivered && o.ctx.Err() != nil {
		state, problem = DeliveryCancelled, context.Cause(o.ctx).Error()
	}
	o.end(d, state, problem, last)
}

func failure(e *traffic.Exchange) string {
	if e.Response == nil {
		return e.Error
	}
	return "the partner answered " + strconv.Itoa(e.Status())
}

func (o *outbox) noteAttempt(d *delivery, e *traffic.Exchange) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d.Attempts = append(d.Attempts, e.ID)
	d.Status = e.Status()
}

// end lets the behaviour know first, so that who waits for the delivery finds its
// effects.
func (o *outbox) end(d *delivery, state, problem string, last *traffic.Exchange) {
	o.mu.Lock()
	if state == DeliveryDelivered {
		problem = ""
	}
	d.State, d.Error, d.Ended = state, problem, d.stage.Now()
	if state == DeliveryCancelled {
		o.undelivered = append(o.undelivered, d)
	}
	o.mu.Unlock()
	if event := d.stage.behaviour.Events[d.Event]; event.Ended != nil {
		event.Ended(d.sending, o.view(d), last)
	}
	close(d.done)
}

// view returns a copy for callers.
func (o *outbox) view(d *delivery) Delivery { return o.views([]*delivery{d})[0] }

// views writes bodies after the lock is given back: nobody changes them any more.
func (o *outbox) views(deliveries []*delivery) []Delivery {
	list := make([]Delivery, len(deliveries))
	o.mu.Lock()
	for i, d := range deliveries {
		list[i] = d.Delivery
		list[i].Attempts = slices.Clone(d.Attempts)
	}
	o.mu.Unlock()
	for i, d := range deliveries {
		list[i].Body, _ = encode(d.sending.Body)
	}
	return list
}

func (o *outbox) list() []Delivery {
	o.mu.Lock()
	kept := slices.Clone(o.kept)
	o.mu.Unlock()
	return o.views(kept)
}

func (o *outbox) get(id string) (Delivery, bool) {
	digits, ok := strings.CutPrefix(id, "dl-")
	n, err := strconv.ParseUint(digits, 10, 64)
	if !ok || err != nil {
		return Delivery{}, false
	}
	o.mu.Lock()
	var found *delivery
	if oldest := o.count - uint64(len(o.kept)) + 1; n >= oldest && n <= o.count {
		found = o.kept[n-oldest]
	}
	o.mu.Unlock()
	if found == nil || found.ID != id {
		return Delivery{}, false
	}
	return o.view(found), true
}

// wait returns a delivery as it is when it has ended, or when ctx has.
func (o *outbox) wait(ctx context.Context, d *delivery) Delivery {
	select {
	case <-d.done:
	case <-ctx.Done():
	}
	return o.view(d)
}

// close takes nothing more, lets what is queued end until ctx does, breaks off the
// rest, and returns what was not delivered.
func (o *outbox) close(ctx context.Context, why string) []Delivery {
	o.mu.Lock()
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
