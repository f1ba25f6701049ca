package mockserver

import (
	"fmt"
	"net/http"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/internal/tracecontext"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// handle does all that a call changes, in one step, and journals it. What follows
// is queued now, so that who has the answer can look it up, and sent when answered,
// unless it is nil, is closed.
func (c *Call) handle(route *route, e *traffic.Exchange, last bool) (reply Reply, answered chan struct{}) {
	box := c.instance.sandbox
	c.enter()
	defer c.leave()
	reply = c.safely(route, e)
	if last {
		reply = reply.with("Connection", "close")
	}
	c.finish(route, e, &reply)
	box.record(e)
	box.gate.changes.name(c.actor, e.ID)
	if len(reply.Then) > 0 {
		answered = make(chan struct{})
		c.instance.sendAll(c.Stage, tracedBy(tracecontext.Of(c.Request.Header), reply.Then), answered)
	}
	return reply, answered
}

// safely answers, and turns a panic of a behaviour into a harness_error.
func (c *Call) safely(route *route, e *traffic.Exchange) (reply Reply) {
	defer func() {
		if failed := recover(); failed != nil {
			e.Findings = append(e.Findings, traffic.Finding{
				Code: codePanic, Severity: traffic.HarnessError, Part: traffic.InResponse,
				Expected: "an answer", Actual: fmt.Sprint(failed), Hint: "this is a defect of the mock, not of the call",
			})
			reply = *replyOf(problem.Problem{Status: http.StatusInternalServerError, Kind: "defect", Detail: fmt.Sprintf("the mock failed: %v", failed)})
		}
	}()
	return c.answer(route, e)
}

// answer decides who answers: a fault, the caller's preference, or the vendor.
func (c *Call) answer(route *route, e *traffic.Exchange) Reply {
	if c.behaviour.Channel != nil {
		c.Channel = c.behaviour.Channel(c)
		e.Channel = c.Channel
	}
	if c.behaviour.Judge != nil {
		c.behaviour.Judge(c)
		e.Findings = c.Findings
	}
	nominal := c.nominal(route)
	if c.instance.faults.Any() {
		c.effect = c.instance.faults.Act(fault.Subject{
			Vendor: route.vendor.contract.ID, ID: c.operationID(), Channel: c.Channel, Body: c.Document.Value(), Now: c.Now(),
		})
	}
	if c.effect != nil {
		e.Faults = c.effect.IDs
		c.delay(c.effect.Late)
		if c.effect.Status != 0 || c.effect.DropsAnswer() {
			return c.faultAnswer(route, nominal)
		}
	}
	return c.preferredAnswer(route, nominal, e)
}

// vendorAnswer is what the vendor itself answers.
func (c *Call) vendorAnswer(route *route, nominal *specs.Operation) Reply {
	for _, f := range c.Findings {
		if f.Code == codeTooLarge { // the limit is Parley's, and what the vendor would answer is not known
			return *replyOf(problem.Problem{Status: http.StatusRequestEntityTooLarge, Kind: "size", Detail: fmt.Sprintf(
				"the body is larger than what the mock reads, %s; %s", f.Expected, f.Hint)})
		}
	}
	if c.behaviour.Authorize != nil {
		if reply := c.behaviour.Authorize(c); reply != nil {
			return *reply
		}
	}
	if c.Breaks() {
		if c.behaviour.Invalid != nil {
			if reply := c.behaviour.Invalid(c); reply != nil {
				return *reply
			}
		} else if o, status := c.refusal(route); o != nil {
			return orProblem(c.documented(route.vendor, o, status, wish{}))
		}
	}
	if c.Operation == nil {
		return *replyOf(c.unanswerable(route))
	}
	if handle := c.behaviour.Operations[c.Operation.ID]; handle != nil {
		return handle(c)
	}
	return c.usual(route.vendor, nominal)
}

// unanswerable is the last resort: the contract documents no answer for this.
func (c *Call) unanswerable(route *route) problem.Problem {
	p := problem.Problem{Status: http.StatusBadRequest, Kind: "operation"}
	if len(route.methods[c.method]) == 0 {
		p.Status = http.StatusMethodNotAllowed
	}
	p.Detail = fmt.Sprintf("%s %s matches no operation of %s, and its contract documents no answer to that", c.Request.Method, c.Request.URL.Path, route.vendor.contract.Name)
	if len(c.Findings) > 0 {
		f := c.Findings[0]
		p.Detail += fmt.Sprintf(": %s, expected %s, got %s", f.Code, f.Expected, f.Actual)
	}
	return p
}

// finish makes the response half of the exchange, and judges it with SelfCheck.
func (c *Call) finish(route *route, e *traffic.Exchange, reply *Reply) {
	b := c.instance.sandbox
	if reply.Why != "" {
		e.Findings = append(e.Findings, traffic.Finding{Code: codeRefused, Severity: traffic.Warn, Part: traffic.InRequest, Actual: reply.Why})
	}
	if reply.Doubt != "" {
		e.Findings = append(e.Findings, traffic.Finding{Code: codeMismatch, Severity: traffic.Warn, Part: traffic.InRequest, Actual: reply.Doubt})
	}
	if reply.Status == http.StatusMethodNotAllowed {
		reply.allow(route)
	}
	documented, _ := c.nominal(route).Response(reply.Status)
	body, err := reply.encoded(route.vendor.orders.Of(documented.Body(reply.Header.Get("Content-Type")), c.nominal(route).ID))
	if err != nil {
		*reply = *replyOf(problem.Problem{Status: http.StatusInternalServerError, Kind: "defect", Detail: "the mock's answer can't be written as JSON: " + err.Error()})
		body = reply.Body.([]byte)
	}
	if c.effect != nil {
		body = reply.spoil(c.effect, body)
		e.Faults = c.instance.faults.Settle(c.effect)
		if reply.wire.Drip > 0 {
			c.holdClock()
		}
	}
	reply.body, reply.gone = body, c.gone
	if why := reply.silence(e.Faults); why != "" {
		e.Error = why
		e.Duration = c.instance.clock.Since(e.Time)
		return
	}
	e.Response = &traffic.Response{Status: reply.Status, Header: reply.Header, Body: traffic.NewBody(body, 0)}
	if b.server.options.SelfCheck && !reply.Undocumented {
		e.Findings = appendOwn(e.Findings, traffic.InResponse, route.vendor.judge.Response(c.nominal(route), e.Response))
	}
	if c.Request.Method == http.MethodHead {
		e.Response.Body = traffic.Body{} // it is not sent
	}
	reply.zips = route.vendor.byDocument && takesGzip(c.Request.Header["Accept-Encoding"])
	e.Duration = c.instance.clock.Since(e.Time)
}
