package validator

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// CodeUpgraded is the note of an exchange after which another protocol is spoken.
const CodeUpgraded = "exchange.upgraded"

// Exchange judges an exchange whole: it finds the operation (for a partner's
// call by method, path and body, for a vendor's call by the body), sets
// e.Operation, and appends the findings of both halves. Call it once, before the
// exchange enters a journal.
func (v *Validator) Exchange(e *traffic.Exchange) {
	d := decode(&e.Request)
	candidates, found := v.candidates(e)
	var o *specs.Operation
	if len(candidates) > 1 {
		candidates, found = byHeader(candidates, e.Request.Header)
	}
	if len(candidates) > 0 {
		o, found = v.chosen(candidates, e.Request.Header, d)
		if o == nil && e.Request.Body.Cut() {
			found = []traffic.Finding{cut(e.Request.Body)} // what is missing could have told
		}
	}
	if o != nil {
		e.Operation = o.Name()
		found = append(found, v.Request(o, &e.Request, d)...)
		found = append(found, v.Undocumented(o, &e.Request)...)
	}
	if e.Status() == http.StatusSwitchingProtocols {
		if o == nil {
			found = nil // contracts need not know of sockets
		}
		e.Findings = appendPart(e.Findings, traffic.InResponse, []traffic.Finding{finding(CodeUpgraded, traffic.Finding{Expected: "a body that the contract documents", Actual: "another protocol, whose messages are not judged"})})
	}
	e.Findings = appendPart(e.Findings, traffic.InRequest, append(found, v.judgeSignature(e)...))
	switch {
	case e.Response == nil:
		f := finding("exchange.no-response", traffic.Finding{Expected: "a response", Actual: cmp.Or(e.Error, "nothing")})
		if e.Error == traffic.NoResponseKept {
			f.Severity = traffic.Info // the answer is not judged
		}
		e.Findings = appendPart(e.Findings, traffic.InResponse, []traffic.Finding{f})
	case o != nil:
		e.Findings = appendPart(e.Findings, traffic.InResponse, append(v.Response(o, e.Response), v.Echo(o, &e.Request, e.Response)...))
	}
}

// candidates are the operations that the request may be meant for, by all but its
// body; or else what is wrong with it.
func (v *Validator) candidates(e *traffic.Exchange) ([]*specs.Operation, []traffic.Finding) {
	if e.Caller == traffic.Vendor {
		return v.sentWith(e.Request.Method)
	}
	return v.router.find(e.Request.Method, e.Request.URL)
}

func appendPart(list []traffic.Finding, part traffic.Part, found []traffic.Finding) []traffic.Finding {
	for _, f := range found {
		f.Part = part
		list = append(list, f)
	}
	return list
}

// sentWith returns the events with a method; the path of an event is the
// partner's own.
func (v *Validator) sentWith(method string) ([]*specs.Operation, []traffic.Finding) {
	var events []*specs.Operation
	var methods []string
	for _, o := range v.contract.Events {
		if o.Method == method {
			events = append(events, o)
		}
		methods = append(methods, o.Method)
	}
	if len(events) > 0 {
		return events, nil
	}
	if len(methods) == 0 {
		return nil, []traffic.Finding{finding("operation.unknown", traffic.Finding{
			Expected: "no call of the vendor's; the contract documents no events", Actual: shorten(method),
		})}
	}
	slices.Sort(methods)
	return nil, []traffic.Finding{finding("operation.method", traffic.Finding{
		Expected: plural.List(slices.Compact(methods), "or"), Actual: shorten(method),
	})}
}

// decode reads the body of a request whose operation is not known yet.
func decode(r *traffic.Request) *Document { return DecodeBody(r.Header, nil, r.Body.Kept) }

// Request judges a request that is meant for an operation: parameters, content
// type, and the body. D is its decoded body; nil decodes it here.
func (v *Validator) Request(o *specs.Operation, r *traffic.Request, d *Document) []traffic.Finding {
	found := append(v.judgeCredentials(o, r), v.judgeParameters(o, r)...)
	return append(found, v.RequestBody(o, r, d)...)
}

// RequestBody is Request for the content type and the body alone.
func (v *Validator) RequestBody(o *specs.Operation, r *traffic.Request, d *Document) []traffic.Finding {
	var found []traffic.Finding
	if len(r.Body.Kept) == 0 && !r.Body.Cut() {
		if o.BodyRequired {
			found = append(found, ofOperation(o, finding("body.missing", traffic.Finding{Expected: "a body", Actual: "nothing"})))
		}
		return found
	}
	given := r.Header.Get("Content-Type")
	payload := o.Body(given)
	if payload == "" && len(o.ContentTypes) == 0 {
		return append(found, finding("body.unexpected", traffic.Finding{Expected: "no body", Actual: plural.Of(int(r.Body.Size), "byte")}))
	}
	if f, ok := contentType(r.Header, o.ContentTypes); ok {
		found = append(found, v.assumed(o, 0, f))
	}
	if specs.MediaOf(given) == specs.Multipart {
		return append(found, v.multipart(o, payload, r, d)...)
	}
	if payload == "" {
		return found
	}
	return append(found, v.Sent(o.RequestWay()).body(o, payload, r.Body, v.written(d.as(r.Header, o.ContentTypes, r.Body.Kept), o, 0, given))...)
}

// Response judges a response to an operation: is the status documented, is the
// content type, does the body fit its payload, do the headers fit theirs.
func (v *Validator) Response(o *specs.Operation, r *traffic.Response) []traffic.Finding {
	if r == nil {
		return []traffic.Finding{finding("exchange.no-response", traffic.Finding{Expected: "a response", Actual: "nothing"})}
	}
	var found []traffic.Finding
	if key, ok := o.Answer(r.Status); ok {
		found = judgeSent(v.headers[keyOf(o)][key], &sent{header: r.Header})
	}
	return append(found, v.ResponseBody(o, r)...)
}

// ResponseBody is Response for the status, the content type and the body alone.
func (v *Validator) ResponseBody(o *specs.Operation, r *traffic.Response) []traffic.Finding {
	documented, ok := o.Response(r.Status)
	if !ok {
		return []traffic.Finding{ofOperation(o, finding("response.status", traffic.Finding{
			Expected: documentedStatuses(o), Actual: strconv.Itoa(r.Status),
		}))}
	}
	var found []traffic.Finding
	if f, ok := contentType(r.Header, documented.ContentTypes); ok && (len(r.Body.Kept) > 0 || r.Body.Cut()) {
		found = append(found, v.assumed(o, r.Status, f))
	}
	payload := documented.Body(r.Header.Get("Content-Type"))
	if payload == "" || specs.MediaOf(r.Header.Get("Content-Type")) == specs.Multipart {
		return found
	}
	d := v.written(DecodeBody(r.Header, documented.ContentTypes, r.Body.Kept), o, r.Status, r.Header.Get("Content-Type"))
	return append(found, v.Sent(o.RequestWay().Other()).body(o, payload, r.Body, d)...)
}

// body judges a body by its payload.
func (v *Validator) body(o *specs.Operation, payload string, b traffic.Body, d *Document) []traffic.Finding {
	if b.Cut() && len(d.raw) <= len(b.Kept) {
		return []traffic.Finding{cut(b)}
	}
	found := v.Payload(payload, d)
	for i := range found {
		found[i] = ofOperation(o, found[i])
	}
	return found
}

func cut(b traffic.Body) traffic.Finding {
	if b.Size == traffic.Unknown {
		return finding("body.cut", traffic.Finding{Expected: "the whole body", Actual: "none of it, nor its size"})
	}
	return finding("body.cut", traffic.Finding{
		Expected: "the whole body", Actual: strconv.Itoa(len(b.Kept)) + " of " + plural.Of(int(b.Size), "byte"),
	})
}

// ofOperation attaches the requirement of an operation that has only one: of
// several, none is known to be meant.
func ofOperation(o *specs.Operation, f traffic.Finding) traffic.Finding {
	if f.Requirement == "" && len(o.Requirements) == 1 && f.Severity.AtLeast(traffic.Warn) {
		f.Requirement = o.Requirements[0]
	}
	return f
}

func documentedStatuses(o *specs.Operation) string {
	var texts []string
	for _, status := range o.Answers() {
		texts = append(texts, specs.StatusName(status))
	}
	return plural.List(texts, "or")
}
