package mockserver

import (
	"net/http"
	"time"

	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Call is one request of the partner's, as a behaviour sees it.
type Call struct {
	*Stage
	Operation *specs.Operation    // nil when the body or the method matches none
	Params    map[string]string   // of the path, unescaped; not to be changed
	Request   *http.Request       // its body has been read
	Body      []byte              // as it was sent, up to the limit; not to be changed
	Document  *validator.Document // the body, read as JSON or a form; never nil
	Findings  []traffic.Finding   // what breaks the contract
	Channel   string              // what Behaviour.Channel said

	method     string // as which it is answered: GET for HEAD
	inGate     bool
	holdsClock bool   // its clock waits for its end
	gone       bool   // the caller left while it waited
	actor      *actor // while changes are recorded
	writer     http.ResponseWriter
	effect     *fault.Effect // of the faults that act; nil: none does
}

// Breaks reports whether the call has a finding of severity error.
func (c *Call) Breaks() bool {
	for _, f := range c.Findings {
		if f.Severity.AtLeast(traffic.Error) {
			return true
		}
	}
	return false
}

// judge finds the operation and what breaks the contract.
func (c *Call) judge(route *route, e *traffic.Exchange) {
	judge := route.vendor.judge
	candidates := route.methods[c.method]
	if len(candidates) == 0 {
		c.Findings = pathFindings(judge, e)
		return
	}
	var found []traffic.Finding
	if c.Operation, found = judge.Select(candidates, c.Document); c.Operation != nil {
		e.Operation = c.Operation.Name()
		found = append(found, judge.Request(c.Operation, &e.Request, c.Document)...)
		found = append(found, judge.Undocumented(c.Operation, &e.Request)...)
	}
	c.Findings = appendFindings(c.Findings, traffic.InRequest, found)
}

// nominal is the operation that a call is taken for where its own is unknown.
func (c *Call) nominal(route *route) *specs.Operation {
	if c.Operation != nil {
		return c.Operation
	}
	return route.operations(c.method)[0]
}

func (c *Call) operationID() string {
	if c.Operation == nil {
		return ""
	}
	return c.Operation.ID
}

// delay delays the answer on the sandbox's clock, as long as the caller is there and
// the mock is served, and reports false when it broke off. The vendor does not
// notice that a caller has left, and goes on. Advancing the clock waits until the
// call is answered.
func (c *Call) delay(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	c.holdClock()
	ctx, cancel := c.instance.sandbox.WhileServed(c.Request.Context())
	defer cancel()
	over := false
	c.Pause(func() { over = c.instance.clock.Pause(ctx, d) })
	c.gone = !over && c.Request.Context().Err() != nil
	return over
}

// Pause runs a function that waits for something. What the call changed before, it
// changed for good: the mock may be written down while it waits. Behaviours wait
// nowhere else.
func (c *Call) Pause(wait func()) {
	if c.inGate {
		c.leave()
		defer c.enter()
	}
	wait()
}

// enter and leave surround what a call changes.
func (c *Call) enter() {
	gate := &c.instance.sandbox.gate
	c.actor, c.inGate = gate.enterAgain(c.actor), true
}

func (c *Call) leave() {
	c.inGate = false
	c.instance.sandbox.gate.leave(c.actor)
}

// holdClock lets the clock wait for a call that is delayed: from before its caller can
// see anything of it, to its end.
func (c *Call) holdClock() {
	if !c.holdsClock {
		c.holdsClock = true
		c.instance.clock.Begin()
	}
}

// releaseClock lets the clock go on that waits for a delayed call.
func (c *Call) releaseClock() {
	if c.holdsClock {
		c.instance.clock.End()
	}
}
