package mockserver

import (
	"context"
	"strconv"
	"time"

	"github.com/parleykit/parley/traffic"
)

// carryOut makes the attempts that the policy allows.
func (o *outbox) carryOut(d *delivery) {
	policy := d.stage.policyOf(d.Channel)
	if d.after != nil {
		<-d.after // the answer that it follows; an answer's end closes it
	}
	var last *traffic.Exchange
	before := len(d.Attempts) // of a delivery that is tried again
	wait := d.wait()
	for n := 1; ; n++ {
		if wait > 0 && !o.clock.Pause(d.ctx, wait) || d.ctx.Err() != nil {
			o.breakOff(d, last)
			return
		}
		o.noteBegin(d)
		last = d.stage.attempt(d.ctx, d, policy, before+n)
		wait = policy.backoff.before(n + 1)
		if o.settle(d, last, policy, n == policy.attempts, wait) {
			return
		}
	}
}

// settle journals an attempt and notes what follows from it, in one step: the
// delivery has ended, or waits for the next.
func (o *outbox) settle(d *delivery, e *traffic.Exchange, p policy, last bool, wait time.Duration) (ended bool) {
	box := d.stage.world.sandbox
	box.steps.begin()
	defer box.steps.end()
	box.record(e)
	o.noteAttempt(d, e, wait)
	switch {
	case e.Response != nil && d.stage.delivered(p, e.Response):
		o.end(d, DeliveryDelivered, "", e)
	case d.ctx.Err() != nil:
		o.end(d, DeliveryCancelled, context.Cause(d.ctx).Error(), e)
	case last:
		o.end(d, DeliveryFailed, failure(e), e)
	default:
		return false
	}
	return true
}

// breakOff ends a delivery between two attempts.
func (o *outbox) breakOff(d *delivery, last *traffic.Exchange) {
	box := d.stage.world.sandbox
	box.steps.begin()
	defer box.steps.end()
	o.end(d, DeliveryCancelled, context.Cause(d.ctx).Error(), last)
}

// policyOf is the policy of a channel: the contract's, with what the channel has
// of its own.
func (s *Stage) policyOf(channel string) policy {
	c, _ := s.world.channel(channel)
	p, err := s.vendor.policy.with(c.Policy)
	if err != nil {
		return s.vendor.policy // a channel's policy was checked when it was given
	}
	return p
}

func failure(e *traffic.Exchange) string {
	if e.Response == nil {
		return e.Error
	}
	text := "the partner answered " + strconv.Itoa(e.Status())
	if e.Status() >= 200 && e.Status() < 300 {
		text += ", which does not say that it took the event"
	}
	return text
}

func (o *outbox) noteBegin(d *delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d.State = DeliveryDelivering
}

// noteAttempt also notes when the next attempt is due, if there is one.
func (o *outbox) noteAttempt(d *delivery, e *traffic.Exchange, wait time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d.Attempts = append(d.Attempts, e.ID)
	d.Status = e.Status()
	d.due = d.stage.Now().Add(wait)
}

// end lets the behaviour know first, so that who waits for the delivery finds its
// effects.
func (o *outbox) end(d *delivery, state, problem string, last *traffic.Exchange) {
	o.mu.Lock()
	d.State, d.Error, d.Ended = state, problem, d.stage.Now()
	if o.ctx.Err() != nil && state == DeliveryCancelled {
		o.undelivered = append(o.undelivered, d)
		d.left = true
	} else {
		delete(o.open, d)
	}
	done := d.done
	d.stop(nil)
	o.mu.Unlock()
	if event := d.stage.behaviour.Events[d.Event]; event.Ended != nil {
		event.Ended(d.sending, o.view(d), last)
		d.stage.world.sandbox.stateChanged()
	}
	close(done)
}
