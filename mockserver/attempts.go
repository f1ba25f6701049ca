package mockserver

import (
	"context"
	"strconv"

	"github.com/parleykit/parley/traffic"
)

// carryOut makes the attempts that the policy allows.
func (o *outbox) carryOut(d *delivery) {
	policy := d.stage.policyOf(d.Channel)
	var last *traffic.Exchange
	state, problem := DeliveryFailed, ""
	if d.after != nil {
		<-d.after // the answer that it follows; an answer's end closes it
	}
	before := len(d.Attempts) // of a delivery that is tried again
	wait := d.late()
	for n := 1; n <= policy.attempts; n++ {
		if wait > 0 && !o.clock.pause(d.ctx, wait) || d.ctx.Err() != nil {
			break
		}
		o.noteBegin(d)
		last = d.stage.attempt(d.ctx, d, policy, before+n)
		o.noteAttempt(d, last)
		if last.Response != nil && d.stage.delivered(policy, last.Response) {
			state = DeliveryDelivered
			break
		}
		problem = failure(last)
		wait = policy.backoff.before(n + 1)
	}
	if state != DeliveryDelivered && d.ctx.Err() != nil {
		state, problem = DeliveryCancelled, context.Cause(d.ctx).Error()
	}
	o.end(d, state, problem, last)
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
	if o.ctx.Err() != nil && state == DeliveryCancelled {
		o.undelivered = append(o.undelivered, d)
	}
	done := d.done
	d.stop(nil)
	o.mu.Unlock()
	if event := d.stage.behaviour.Events[d.Event]; event.Ended != nil {
		event.Ended(d.sending, o.view(d), last)
		d.stage.world.sandbox.changes.tell()
	}
	close(done)
}
