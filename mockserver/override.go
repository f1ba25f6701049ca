package mockserver

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// preferredAnswer is what the caller prefers, and else the vendor's. A preference
// that cannot be followed is a finding of the exchange.
func (c *Call) preferredAnswer(route *route, nominal *specs.Operation, e *traffic.Exchange) Reply {
	wanted, err := fault.Preferred(c.Request.Header)
	var reply *Reply
	if err == nil {
		reply, err = c.wanted(wanted, route.vendor, nominal)
	}
	if err != nil {
		e.Findings = append(e.Findings, traffic.Finding{Code: codePrefer, Severity: traffic.Warn, Part: traffic.InRequest, Actual: err.Error()})
		return *replyOf(problem.Of(err))
	}
	c.delay(wanted.Delay)
	if reply == nil {
		vendors := c.vendorAnswer(route, nominal)
		reply = &vendors
	}
	if applied := wanted.Applied(); applied != "" {
		return reply.with("Preference-Applied", applied)
	}
	return *reply
}

// wanted returns the reply that is asked for, or nil when none is.
func (c *Call) wanted(p fault.Preferences, v *vendor, o *specs.Operation) (*Reply, error) {
	if p.Code == 0 && p.Example == "" {
		return nil, nil
	}
	status := cmp.Or(p.Code, o.Success())
	if !o.Documents(status) {
		return nil, fmt.Errorf(`%w: status %d is not documented for %s (documented: %s); a fault with "undocumented" answers it all the same`, fault.ErrPrefer, status, o.Name(), o.StatusText())
	}
	if p.Example == "" {
		reply := c.forced(v, o, status)
		return &reply, nil
	}
	reply, err := sampleReply(v.contract, o, status, p.Example)
	if err != nil {
		return nil, fmt.Errorf("%w: example=%s: %w", fault.ErrPrefer, p.Example, err)
	}
	return &reply, nil
}

// faultAnswer answers in the vendor's place, or not at all. What the vendor sends
// after its answer is sent where it took the call.
func (c *Call) faultAnswer(route *route, nominal *specs.Operation) Reply {
	f := c.effect
	if f.DropsAnswer() && !fault.CanDisconnect(c.writer, c.Request) {
		return *replyOf(problem.Problem{
			Status: http.StatusInternalServerError, Kind: "fault",
			Detail: fmt.Sprintf("fault %s would break this connection off, which its writer can't do; serve the mock with net/http", strings.Join(f.IDs, ", ")),
		})
	}
	var taken Reply
	if f.Taken {
		taken = c.vendorAnswer(route, nominal)
	}
	if f.DropsAnswer() {
		taken.wire.Drop = f.Answer
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
