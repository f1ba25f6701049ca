package mockserver

import (
	"errors"
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
		reply, err = c.wanted(wanted, route, nominal)
	}
	if err != nil {
		e.Findings = append(e.Findings, traffic.Finding{Code: codePrefer, Severity: traffic.Warn, Part: traffic.InRequest, Actual: err.Error()})
		return *replyOf(problem.Of(err))
	}
	c.delay(wanted.Delay)
	switch {
	case reply == nil:
		vendors := c.vendorAnswer(route, nominal)
		reply = &vendors
	case wanted.Code != 0 && !nominal.Documents(wanted.Code):
		e.Findings = append(e.Findings, traffic.Finding{Code: codePrefer, Severity: traffic.Info, Part: traffic.InRequest, Actual: "Prefer: " + undocumentedText(nominal, wanted.Code) + "; it is answered because it is asked for"})
	}
	if applied := wanted.Applied(); applied != "" {
		return reply.with("Preference-Applied", applied)
	}
	return *reply
}

// wanted returns the reply that is asked for, or nil when none is. Without a status it
// is one of those that the call is answered with otherwise. An error's status need not be
// documented: vendors fail in ways that no document has.
func (c *Call) wanted(p fault.Preferences, route *route, o *specs.Operation) (*Reply, error) {
	if p.Code == 0 && p.Example == "" && p.Dynamic == nil {
		return nil, nil
	}
	status := p.Code
	if status == 0 {
		status = o.Usual()
		if by, refused := c.refusal(route); by != nil {
			o, status = by, refused
		}
	}
	undocumented := !o.Documents(status)
	if undocumented && (p.Example != "" || p.Dynamic != nil || status < http.StatusBadRequest) {
		return nil, fmt.Errorf("%w: %s", fault.ErrPrefer, undocumentedText(o, status))
	}
	if p.Example == "" && p.Dynamic == nil {
		reply := c.forced(route.vendor, o, status)
		reply.Undocumented = undocumented
		return &reply, nil
	}
	reply, err := c.documented(route.vendor, o, status, wish{p.Example, p.Dynamic})
	switch {
	case errors.Is(err, errNoBody):
		reply = orProblem(reply, err)
	case err != nil && p.Example != "":
		return nil, fmt.Errorf("%w: example=%s: %w", fault.ErrPrefer, p.Example, err)
	case err != nil:
		return nil, fmt.Errorf("%w: dynamic=false: %w", fault.ErrPrefer, err)
	}
	return &reply, nil
}

func undocumentedText(o *specs.Operation, status int) string {
	return fmt.Sprintf("status %d is not documented for %s (documented: %s)", status, o.Name(), o.StatusText())
}

// refusal is the documented answer to a call that breaks the contract, for a vendor
// without rules of its own; nil for any other call.
func (c *Call) refusal(route *route) (*specs.Operation, int) {
	if !c.Breaks() || c.behaviour.Invalid != nil {
		return nil, 0
	}
	return refusal(route.operations(c.method), c.method, c.Findings)
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
	if status >= http.StatusBadRequest && c.behaviour.ErrorBody != nil {
		return Reply{Status: status, Body: c.behaviour.ErrorBody(c, status)}
	}
	return orProblem(c.documented(v, o, status, wish{}))
}
