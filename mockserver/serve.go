package mockserver

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/drain"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// HeaderDelivery is in every attempt of a delivery, and the same in all of one: a partner
// can tell by it what it has had already. It is Parley's own, and no vendor's.
const HeaderDelivery = "Parley-Delivery"

// The headers that go beside a vendor's answer.
const (
	HeaderExchange = "Parley-Exchange" // ID in the journal
	HeaderFindings = "Parley-Findings" // how many warnings and errors the call has
)

// serve takes one call of the partner's through its way: operation, judgment,
// fault or preference, behaviour, journal, answer. It is in the journal before
// the caller has the answer.
func (b *Sandbox) serve(w http.ResponseWriter, r *http.Request) {
	if err := b.Refuses(r.Context()); err != nil {
		problem.Of(err).Write(w)
		return
	}
	in := b.current()
	e := in.newExchange(r)
	body, unread := readBody(r, b.server.options.BodyLimit)
	last := unread != nil
	if !last {
		body, unread = uncoded(body, r.Header, b.server.options.BodyLimit)
	}
	e.Request.Body = traffic.NewBody(body, 0)
	route, params := b.server.played.Load().routes.find(r)
	if unread != nil && unread.Code == codeTooLarge {
		drain.Before(w)
		defer drain.Rest(w, r.Body)
	}
	if route == nil {
		reply := in.unmatched(e)
		b.recordAlone(e)
		b.write(w, r, e, reply, nil)
		return
	}
	if route.answersOptions(r.Method) {
		reply := in.options(route, e)
		b.recordAlone(e)
		b.write(w, r, e, reply, nil)
		return
	}
	call := &Call{Stage: in.stageOf(route.vendor.contract.ID), Params: params, Request: r, Body: body, method: route.answered(r.Method), writer: w}
	defer call.releaseClock()
	if unread != nil {
		call.Document, call.Findings = &validator.Document{}, []traffic.Finding{*unread}
		if call.Operation = only(route.methods[call.method]); call.Operation != nil {
			e.Operation = call.Operation.Name()
		}
	} else {
		call.Document = decode(route, r, body)
		call.judge(route, e)
	}
	e.Vendor, e.Findings = route.vendor.contract.ID, call.Findings
	reply, answered := call.handle(route, e, last)
	if answered == nil {
		b.write(w, r, e, &reply, call.delay)
		return
	}
	defer close(answered)
	b.write(w, r, e, &reply, call.delay)
	_ = http.NewResponseController(w).Flush() // a writer that can't has written already
}

// only is the operation of a call whose body can't tell which one is meant, where
// there is one.
func only(list []*specs.Operation) *specs.Operation {
	if len(list) != 1 {
		return nil
	}
	return list[0]
}

func (in *instance) newExchange(r *http.Request) *traffic.Exchange {
	url := r.RequestURI // "" where it was in a sandbox's path
	if url == "" {
		url = r.URL.RequestURI()
	}
	return &traffic.Exchange{
		Time: in.clock.Now(), Caller: traffic.Partner,
		Request: traffic.Request{Method: r.Method, URL: url, Header: in.sandbox.server.headers.shared(r.Header)},
	}
}

// pathFindings asks the validator what is wrong with method and path.
func pathFindings(judge *validator.Validator, e *traffic.Exchange) []traffic.Finding {
	probe := traffic.Exchange{Caller: e.Caller, Request: e.Request, Response: &traffic.Response{}}
	judge.Exchange(&probe)
	return probe.Findings
}

// unmatched answers a path that no vendor serves. The call is recorded for the
// vendor that it seems to be meant for.
func (in *instance) unmatched(e *traffic.Exchange) *Reply {
	vendors := in.sandbox.server.vendors()
	for _, v := range vendors {
		found := pathFindings(v.judge, e)
		if len(vendors) == 1 || len(found) > 0 && found[0].Hint != "" {
			e.Vendor, e.Findings = v.contract.ID, found
			break
		}
	}
	served := in.sandbox.server.played.Load().routes.served()
	detail := fmt.Sprintf("no vendor serves %s %s", e.Request.Method, e.Request.URL)
	if len(e.Findings) > 0 && e.Findings[0].Hint != "" {
		detail += "; " + e.Findings[0].Hint
	}
	listed := strings.Join(served, ", ")
	if len(served) > 100 { // nobody reads so many
		listed = plural.Few(served, mostNamed)
	}
	detail += "; served are " + listed + ", and the control API below " + ControlPrefix
	reply := replyOf(problem.Problem{Status: http.StatusNotFound, Kind: "path", Detail: detail, More: map[string]any{"served": served}})
	body := reply.Body.([]byte) // a problem's
	reply.body = body
	e.Response = &traffic.Response{Status: reply.Status, Header: reply.Header, Body: traffic.NewBody(body, 0)}
	e.Duration = in.clock.Since(e.Time)
	return reply
}

// options answers OPTIONS with what a path allows (RFC 9110, 9.3.7).
func (in *instance) options(route *route, e *traffic.Exchange) *Reply {
	e.Vendor = route.vendor.contract.ID
	reply := &Reply{Status: http.StatusNoContent, Header: http.Header{"Allow": {route.allow() + ", " + http.MethodOptions}}}
	e.Response = &traffic.Response{Status: reply.Status, Header: reply.Header}
	e.Duration = in.clock.Since(e.Time)
	return reply
}

var (
	noLength   = []string{"0"}
	noFindings = []string{"0"}
)

// write answers a call once what it did is durable.
func (b *Sandbox) write(w http.ResponseWriter, r *http.Request, e *traffic.Exchange, reply *Reply, pause func(time.Duration) bool) {
	if err := b.Durable(r.Context()); err != nil {
		problem.Of(err).Write(w)
		return
	}
	write(w, e, reply, pause)
}

// write answers a call that is in the journal already, so that the ID in the
// answer can be looked up at once.
// A body that drips waits with pause.
func write(w http.ResponseWriter, e *traffic.Exchange, reply *Reply, pause func(time.Duration) bool) {
	switch {
	case reply.wire.Drop != "":
		reply.wire.Disconnect(w)
		return
	case reply.gone:
		return
	}
	header := w.Header()
	for name, values := range reply.Header {
		header[name] = values
	}
	values := &[2]string{e.ID} // one piece of memory for two headers
	header[HeaderExchange] = values[:1:1]
	header[HeaderFindings] = noFindings
	if n := countFindings(e.Findings); n > 0 {
		header[HeaderFindings] = []string{strconv.Itoa(n)}
	}
	body := reply.body
	if reply.zips && reply.wire == (fault.Wire{}) && e.Request.Method != http.MethodHead {
		body = compressed(header, body)
	}
	if reply.Status != http.StatusNoContent && reply.Status != http.StatusNotModified && reply.wire.Declared == 0 {
		header["Content-Length"] = noLength
		if len(body) > 0 {
			values[1] = strconv.Itoa(len(body))
			header["Content-Length"] = values[1:]
		}
	}
	w.WriteHeader(reply.Status)
	if e.Request.Method == http.MethodHead {
		return
	}
	reply.wire.Write(w, body, pause)
}
