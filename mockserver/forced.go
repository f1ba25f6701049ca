package mockserver

import (
	"time"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// preferredAnswer is what the caller prefers, and else the vendor's. A preference
// that cannot be followed is a finding of the exchange.
func (c *Call) preferredAnswer(route *route, nominal *specs.Operation, e *traffic.Exchange) Reply {
	wanted, refused := preferred(c.Request.Header)
	var reply *Reply
	if refused == nil {
		reply, refused = wanted.answer(c, route.vendor, nominal)
	}
	if refused != nil {
		e.Findings = append(e.Findings, traffic.Finding{Code: codePrefer, Severity: traffic.Warn, Part: traffic.InRequest, Actual: refused.Detail})
		return *replyOf(*refused)
	}
	c.wait(wanted.delay)
	if reply == nil {
		vendors := c.vendorAnswer(route, nominal)
		reply = &vendors
	}
	if applied := wanted.applied(); applied != "" {
		return reply.with("Preference-Applied", applied)
	}
	return *reply
}

// faultAnswer answers in the vendor's place, or not at all. What the vendor sends
// after its answer is sent where it took the call.
func (c *Call) faultAnswer(route *route, nominal *specs.Operation) Reply {
	f := c.effect
	if f.dropsAnswer() && !drops(c.writer, c.Request) {
		return cannotDrop(f.ids)
	}
	var taken Reply
	if f.Taken {
		taken = c.vendorAnswer(route, nominal)
	}
	if f.dropsAnswer() {
		taken.wire.drop = f.Answer
		return taken
	}
	reply := c.forced(route.vendor, nominal, f.Status)
	reply.Undocumented, reply.Then = f.Undocumented, taken.Then
	return reply
}

// forced is an answer of a status that somebody asked for: with the body that the
// vendor gives to its errors, or that of a sample.
func (c *Call) forced(v *vendor, o *specs.Operation, status int) Reply {
	reply, _ := sampleReply(v.contract, o, status, "")
	if status >= 400 && c.behaviour.ErrorBody != nil {
		reply.Header, reply.Body = nil, c.behaviour.ErrorBody(c, status)
	}
	return reply
}

// wait delays the answer on the sandbox's clock, as long as the caller is there and
// the mock is served, and reports false when it broke off. The vendor does not
// notice that a caller has left, and goes on. Advancing the clock waits until the
// call is answered.
func (c *Call) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	c.begin()
	ctx, cancel := c.world.sandbox.whileServed(c.Request.Context())
	defer cancel()
	over := false
	c.Pause(func() { over = c.world.clock.Pause(ctx, d) })
	c.gone = !over && c.Request.Context().Err() != nil
	return over
}

// Pause runs a function that waits for something. What the call changed before, it
// changed for good: the mock may be written down while it waits. Behaviours wait
// nowhere else.
func (c *Call) Pause(wait func()) {
	if c.inStep {
		c.inStep = false
		c.world.sandbox.steps.end()
		defer func() {
			c.world.sandbox.steps.begin()
			c.inStep = true
		}()
	}
	wait()
}

// begin lets the clock wait for a call that is delayed: from before its caller can
// see anything of it, to its end.
func (c *Call) begin() {
	if !c.waited {
		c.waited = true
		c.world.clock.Begin()
	}
}

// end lets the clock go on that waits for a delayed call.
func (c *Call) end() {
	if c.waited {
		c.world.clock.End()
	}
}
