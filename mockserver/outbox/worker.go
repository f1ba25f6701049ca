package outbox

import (
	"context"
	"strconv"
	"time"

	"github.com/parleykit/parley/traffic"
)

// carryOut makes the attempts that the plan allows.
func (o *Outbox) carryOut(e *Entry) {
	plan := o.carrier.Plan(e.Message)
	if e.after != nil { // the answer that it follows; an answer's end closes it
		select {
		case <-e.after:
		case <-o.going.Done():
		}
	}
	var last *traffic.Exchange
	before := len(e.Attempts) // of a delivery that is tried again
	wait := e.untilDue()
	for n := 1; ; n++ {
		waited := wait <= 0 || o.pause(e, wait)
		switch {
		case o.going.Err() != nil:
			return // it has not ended
		case !waited || e.ctx.Err() != nil:
			o.carrier.Settle(nil, func() { o.end(e, Cancelled, context.Cause(e.ctx).Error(), last) })
			return
		}
		o.noteBegin(e)
		var taken bool
		last, taken = o.carrier.Send(e.ctx, e.Message, plan, before+n)
		if last == nil {
			o.rest()
			return
		}
		wait = plan.before(n + 1)
		if o.settle(e, last, taken, n == plan.Attempts, wait) {
			return
		}
	}
}

// pause waits until an attempt is due, and reports false when it is not to be made.
func (o *Outbox) pause(e *Entry, wait time.Duration) bool {
	ctx, cancel := context.WithCancel(e.ctx)
	defer cancel()
	defer context.AfterFunc(o.going, cancel)()
	return o.clock.Pause(ctx, wait)
}

// settle journals an attempt and notes what follows from it, in one step: the
// delivery has ended, or waits for the next.
func (o *Outbox) settle(e *Entry, attempt *traffic.Exchange, taken, last bool, wait time.Duration) (ended bool) {
	o.carrier.Settle(attempt, func() {
		o.noteAttempt(e, attempt, wait)
		ended = true
		switch {
		case taken:
			o.end(e, Delivered, "", attempt)
		case e.ctx.Err() != nil:
			o.end(e, Cancelled, context.Cause(e.ctx).Error(), attempt)
		case last:
			o.end(e, Failed, failure(attempt), attempt)
		default:
			ended = false
		}
	})
	return ended
}

func failure(attempt *traffic.Exchange) string {
	if attempt.Response == nil {
		return attempt.Error
	}
	text := "the partner answered " + strconv.Itoa(attempt.Status())
	if attempt.Status() >= 200 && attempt.Status() < 300 {
		text += ", which does not say that it took the event"
	}
	return text
}

func (o *Outbox) noteBegin(e *Entry) {
	o.mu.Lock()
	defer o.mu.Unlock()
	e.State = Delivering
}

// noteAttempt also notes when the next attempt is due, if there is one.
func (o *Outbox) noteAttempt(e *Entry, attempt *traffic.Exchange, wait time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.touch(e)
	e.Attempts = append(e.Attempts, attempt.ID)
	e.Status = attempt.Status()
	e.due = o.clock.Now().Add(wait)
}

// end lets the carrier know first, so that who waits for the delivery finds its
// effects.
func (o *Outbox) end(e *Entry, state State, problem string, last *traffic.Exchange) {
	o.mu.Lock()
	o.touch(e)
	e.State, e.Error, e.Ended = state, problem, o.clock.Now()
	if o.ctx.Err() != nil && state == Cancelled {
		o.unsent = append(o.unsent, e)
		e.unsent = true
	} else {
		delete(o.open, e)
	}
	done, goesOn := e.done, e.unsent
	e.stop(nil)
	o.mu.Unlock()
	if !goesOn {
		o.carrier.Ended(o.shown(e), last)
	}
	close(done)
}
