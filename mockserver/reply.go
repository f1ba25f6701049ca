package mockserver

import (
	"net/http"
	"strings"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/sampleorder"
)

// Reply is a vendor's answer. Body is nil for none, []byte as it is, anything
// else is written as JSON, the members of maps in the order of the contract's
// samples; what is Prepared, once for many answers. Then is queued with the answer and sent when the
// answer has been written.
type Reply struct {
	Status int
	Header http.Header // must not be changed afterwards
	Body   any
	Then   []Sending
	// Why a call is refused that breaks nothing else: the exchange then has a finding
	// "call.refused". It never goes over the wire.
	Why string
	// Doubt is what does not fit what the vendor knows in a call that it takes all the
	// same: the exchange then has a finding "call.mismatch".
	Doubt string
	// Undocumented marks a status that the contract does not have and that a reading
	// or a fault asks for; it is then not held against the mock.
	Undocumented bool

	body []byte     // Body, written
	zips bool       // it may be compressed
	wire fault.Wire // how it is sent
	gone bool       // the caller has left: nothing is sent
}

// with returns the reply with one header more.
func (r Reply) with(name, value string) Reply {
	if r.Header = r.Header.Clone(); r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set(name, value)
	return r
}

// encoded writes the body in an order, and names its type where the reply does not.
func (r *Reply) encoded(o *sampleorder.Order) ([]byte, error) {
	switch body := r.Body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	case *Prepared:
		r.asJSON()
		return body.encoded(o)
	}
	data, err := o.Encode(r.Body)
	r.asJSON()
	return data, err
}

// jsonAlone is shared by all replies that have no other header.
var jsonAlone = http.Header{"Content-Type": {"application/json"}}

func (r *Reply) asJSON() {
	switch {
	case len(r.Header) == 0:
		r.Header = jsonAlone
	case r.Header.Get("Content-Type") == "":
		*r = r.with("Content-Type", "application/json")
	}
}

// allow says which methods a path has, as RFC 9110 (15.5.6) demands of a 405.
func (r *Reply) allow(route *route) {
	if r.Header.Get("Allow") == "" {
		*r = r.with("Allow", route.allow())
	}
}

// replyOf makes a problem the answer on a vendor's path.
func replyOf(p problem.Problem) *Reply {
	return &Reply{
		Status: p.Status, Header: http.Header{"Content-Type": {problem.ContentType}}, Body: p.Body(), Undocumented: true,
	}
}

// spoil lets faults change an answer, and returns its body.
func (r *Reply) spoil(effect *fault.Effect, body []byte) []byte {
	sent := fault.Sent{Status: r.Status, Header: r.Header, Body: body, Wire: r.wire}
	effect.Spoil(&sent)
	r.Header, r.wire = sent.Header, sent.Wire
	r.Undocumented = r.Undocumented || sent.Ordered
	return sent.Body
}

// silence says why no byte of an answer is sent; "" where it is.
func (r *Reply) silence(faults []string) string {
	switch {
	case r.gone:
		return "the caller left before the answer"
	case r.wire.Drop == fault.AnswerReset:
		return "the connection was reset without an answer by fault " + strings.Join(faults, ", ")
	case r.wire.Drop != "":
		return "the connection was closed without an answer by fault " + strings.Join(faults, ", ")
	}
	return ""
}
