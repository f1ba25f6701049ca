package mockserver

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// The headers that go beside a vendor's answer.
const (
	HeaderExchange = "Parley-Exchange" // ID in the journal
	HeaderFindings = "Parley-Findings" // how many warnings and errors the call has
)

// serve takes one call of the partner's through its way: operation, judgment,
// fault or preference, behaviour, journal, answer. It is in the journal before
// the caller has the answer.
func (b *Sandbox) serve(w http.ResponseWriter, r *http.Request) {
	e := b.begin(r)
	body, unread := readBody(r, b.server.options.BodyLimit)
	e.Request.Body = traffic.NewBody(body, 0)
	world := b.current()
	route, params := b.server.routes.find(r)
	if route == nil {
		reply := b.unmatched(e)
		b.record(e)
		b.write(w, e, reply)
		return
	}
	call := &Call{Stage: world.stageOf(route.vendor.contract.ID), Params: params, Request: r}
	if unread != nil {
		call.Document, call.Findings = &validator.Document{}, []traffic.Finding{*unread}
	} else {
		call.Document = decode(route, r, body)
		call.judge(route, e)
	}
	if call.behaviour.Channel != nil {
		call.Channel = call.behaviour.Channel(call)
	}
	e.Vendor, e.Channel, e.Findings = route.vendor.contract.ID, call.Channel, call.Findings
	reply := call.safely(route, e)
	if unread != nil {
		reply.Header = reply.Header.Clone()
		if reply.Header == nil {
			reply.Header = http.Header{}
		}
		reply.Header.Set("Connection", "close")
	}
	call.finish(route, e, &reply)
	b.record(e)
	if len(reply.Then) == 0 {
		b.write(w, e, &reply)
		return
	}
	// What follows is queued now, so that who has the answer can look it up, and
	// sent when the answer is on its way.
	answered := make(chan struct{})
	defer close(answered)
	world.sendAll(call.Stage, reply.Then, answered)
	b.write(w, e, &reply)
	_ = http.NewResponseController(w).Flush() // a writer that can't has written already
}

func (b *Sandbox) begin(r *http.Request) *traffic.Exchange {
	url := r.RequestURI
	if url == "" {
		url = r.URL.RequestURI()
	}
	return &traffic.Exchange{
		Time: b.now(), Caller: traffic.Partner,
		Request: traffic.Request{Method: r.Method, URL: url, Header: r.Header},
	}
}

// judge finds the operation and what breaks the contract.
func (c *Call) judge(route *route, e *traffic.Exchange) {
	judge := route.vendor.judge
	candidates := route.methods[e.Request.Method]
	if len(candidates) == 0 {
		c.Findings = pathFindings(judge, e)
		return
	}
	var found []traffic.Finding
	if c.Operation, found = judge.Select(candidates, c.Document); c.Operation != nil {
		e.Operation = c.Operation.Name()
		found = append(found, judge.Request(c.Operation, &e.Request, c.Document)...)
	}
	c.Findings = appendFindings(c.Findings, traffic.InRequest, found)
}

// pathFindings asks the validator what is wrong with method and path.
func pathFindings(judge *validator.Validator, e *traffic.Exchange) []traffic.Finding {
	probe := traffic.Exchange{Caller: e.Caller, Request: e.Request, Response: &traffic.Response{}}
	judge.Exchange(&probe)
	return probe.Findings
}

func appendFindings(list []traffic.Finding, part traffic.Part, found []traffic.Finding) []traffic.Finding {
	for _, f := range found {
		f.Part = part
		list = append(list, f)
	}
	return list
}

// appendOwn appends what was found in a half that the mock made itself.
func appendOwn(list []traffic.Finding, part traffic.Part, found []traffic.Finding) []traffic.Finding {
	for _, f := range found {
		if f.Severity.AtLeast(traffic.Warn) {
			f.Part, f.Severity = part, traffic.HarnessError
			list = append(list, f)
		}
	}
	return list
}

// safely answers, and turns a panic of a behaviour into a harness_error.
func (c *Call) safely(route *route, e *traffic.Exchange) (reply Reply) {
	defer func() {
		if failed := recover(); failed != nil {
			e.Findings = append(e.Findings, traffic.Finding{
				Code: "mock.panic", Severity: traffic.HarnessError, Part: traffic.InResponse,
				Expected: "an answer", Actual: fmt.Sprint(failed), Hint: "this is a defect of the mock, not of the call",
			})
			reply = *problem{Status: http.StatusInternalServerError, Kind: "defect", Detail: fmt.Sprintf("the mock failed: %v", failed)}.reply()
		}
	}()
	return c.answer(route, e)
}

// answer decides who answers: a fault, the caller's preference, or the vendor.
func (c *Call) answer(route *route, e *traffic.Exchange) Reply {
	nominal := c.nominal(route)
	if f, ok := c.world.faults.act(false, route.vendor.contract.ID, c.operationID(), c.Channel, c.Document.Value); ok {
		e.Faults = append(e.Faults, f.ID)
		reply, _ := sampleReply(route.vendor.contract, nominal, f.Status, "")
		reply.Undocumented = f.Undocumented
		return reply
	}
	wanted, refused := preferred(c.Request.Header)
	if refused == nil {
		wanted.wait(c.Request.Context())
		var reply *Reply
		if reply, refused = wanted.answer(route.vendor, nominal); reply != nil {
			return reply.with("Preference-Applied", wanted.applied())
		}
	}
	if refused != nil {
		return *refused.reply()
	}
	return c.vendorAnswer(route, nominal)
}

// nominal is the operation that a call is taken for where its own is unknown.
func (c *Call) nominal(route *route) *specs.Operation {
	if c.Operation != nil {
		return c.Operation
	}
	return route.operations(c.Request.Method)[0]
}

func (c *Call) operationID() string {
	if c.Operation == nil {
		return ""
	}
	return c.Operation.ID
}

// vendorAnswer is what the vendor itself answers.
func (c *Call) vendorAnswer(route *route, nominal *specs.Operation) Reply {
	if c.behaviour.Authorize != nil {
		if reply := c.behaviour.Authorize(c); reply != nil {
			return *reply
		}
	}
	if c.Breaks() {
		var reply *Reply
		if c.behaviour.Invalid != nil {
			reply = c.behaviour.Invalid(c)
		} else {
			reply = refusal(route.vendor.contract, route.operations(c.Request.Method), c.Request.Method)
		}
		if reply != nil {
			return *reply
		}
	}
	if c.Operation == nil {
		return *c.unanswerable(route).reply()
	}
	if handle := c.behaviour.Operations[c.Operation.ID]; handle != nil {
		return handle(c)
	}
	reply, _ := sampleReply(route.vendor.contract, nominal, successOf(nominal), "")
	return reply
}

// unanswerable is the last resort: the contract documents no answer for this.
func (c *Call) unanswerable(route *route) problem {
	p := problem{Status: http.StatusBadRequest, Kind: "operation"}
	if len(route.methods[c.Request.Method]) == 0 {
		p.Status = http.StatusMethodNotAllowed
	}
	p.Detail = fmt.Sprintf("%s %s matches no operation of %s, and its contract documents no answer to that", c.Request.Method, c.Request.URL.Path, route.vendor.contract.Name)
	if len(c.Findings) > 0 {
		f := c.Findings[0]
		p.Detail += fmt.Sprintf(": %s, expected %s, got %s", f.Code, f.Expected, f.Actual)
	}
	return p
}

// with returns the reply with one header more.
func (r Reply) with(name, value string) Reply {
	if r.Header = r.Header.Clone(); r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set(name, value)
	return r
}

// finish makes the response half of the exchange, and judges it with SelfCheck.
func (c *Call) finish(route *route, e *traffic.Exchange, reply *Reply) {
	b := c.world.sandbox
	body, err := reply.encoded()
	if err != nil {
		*reply = *problem{Status: http.StatusInternalServerError, Kind: "defect", Detail: "the mock's answer can't be written as JSON: " + err.Error()}.reply()
		body = reply.Body.([]byte)
	}
	e.Response = &traffic.Response{Status: reply.Status, Header: reply.Header, Body: traffic.NewBody(body, 0)}
	reply.Body = body
	if b.server.options.SelfCheck && !reply.Undocumented {
		e.Findings = appendOwn(e.Findings, traffic.InResponse, route.vendor.judge.Response(c.nominal(route), e.Response))
	}
	e.Duration = b.now().Sub(e.Time)
}

// encoded writes the body, and names its type where the reply does not.
func (r *Reply) encoded() ([]byte, error) {
	switch body := r.Body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	}
	data, err := encode(r.Body)
	if r.Header.Get("Content-Type") == "" {
		*r = r.with("Content-Type", "application/json")
	}
	return data, err
}

// unmatched answers a path that no vendor serves. The call is recorded for the
// vendor that it seems to be meant for.
func (b *Sandbox) unmatched(e *traffic.Exchange) *Reply {
	vendors := b.server.vendors
	for _, v := range vendors {
		found := pathFindings(v.judge, e)
		if len(vendors) == 1 || len(found) > 0 && found[0].Hint != "" {
			e.Vendor, e.Findings = v.contract.ID, found
			break
		}
	}
	served := b.server.routes.served()
	detail := fmt.Sprintf("no vendor serves %s %s", e.Request.Method, e.Request.URL)
	if len(e.Findings) > 0 && e.Findings[0].Hint != "" {
		detail += "; " + e.Findings[0].Hint
	}
	detail += "; served are " + strings.Join(served, ", ") + ", and the control API below " + controlPrefix
	reply := problem{Status: http.StatusNotFound, Kind: "path", Detail: detail, More: map[string]any{"served": served}}.reply()
	body, _ := reply.encoded()
	reply.Body = body
	e.Response = &traffic.Response{Status: reply.Status, Header: reply.Header, Body: traffic.NewBody(body, 0)}
	e.Duration = b.now().Sub(e.Time)
	return reply
}

var (
	noLength   = []string{"0"}
	noFindings = []string{"0"}
)

// write answers a call that is in the journal already, so that the ID in the
// answer can be looked up at once.
func (b *Sandbox) write(w http.ResponseWriter, e *traffic.Exchange, reply *Reply) {
	header := w.Header()
	for name, values := range reply.Header {
		header[name] = values
	}
	header[HeaderExchange] = []string{e.ID}
	header[HeaderFindings] = noFindings
	if n := countFindings(e.Findings); n > 0 {
		header[HeaderFindings] = []string{strconv.Itoa(n)}
	}
	body, _ := reply.Body.([]byte)
	if reply.Status != http.StatusNoContent && reply.Status != http.StatusNotModified {
		header["Content-Length"] = noLength
		if len(body) > 0 {
			header["Content-Length"] = []string{strconv.Itoa(len(body))}
		}
	}
	w.WriteHeader(reply.Status)
	if len(body) > 0 {
		w.Write(body) // a caller that has gone is no matter of ours
	}
}

func countFindings(findings []traffic.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Severity.AtLeast(traffic.Warn) {
			n++
		}
	}
	return n
}
