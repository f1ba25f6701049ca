package drift

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// What an item is about when it is none of the contract's operations or events.
const (
	anyOperation = "operations"
	anyEvent     = "events"
)

// kindOf says which of the two an exchange would be.
func kindOf(e *traffic.Exchange) string {
	if e.Caller == traffic.Vendor {
		return anyEvent
	}
	return anyOperation
}

// isUndocumented tells items that are about a whole event or operation.
func (i *Item) isUndocumented() bool { return i.Operation == anyEvent || i.Operation == anyOperation }

// addUndocumented counts an exchange that fits nothing in the contract. An event is
// the vendor's doing. A call is the partner's, and the vendor's only as far as it
// was answered with success; any other is named, and no drift.
func (d *Drift) addUndocumented(e *traffic.Exchange, at traffic.Position) {
	i := slices.IndexFunc(e.Findings, func(f traffic.Finding) bool {
		return f.Part == traffic.InRequest && strings.HasPrefix(f.Code, "operation.")
	})
	if i < 0 { // it is not known whether it fits: its body was cut, or it is a socket
		return
	}
	f, kind, part := e.Findings[i], kindOf(e), traffic.InRequest
	if kind == anyOperation {
		part = traffic.InResponse
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if kind == anyOperation && !succeeded(e) {
		d.noDriftCalls++
		d.noDrift = counted(d.noDrift, shown(d.called(e)+", "+answer(e)))
		return
	}
	d.exchanges++
	d.calls[kind]++
	if item := d.item(key{kind, part, f.Code, jsonpointer.General(f.Pointer), 0}, f, 0, "", e, at); item != nil {
		item.Count++
		if value := d.telling(f, e); value != "" {
			item.Values = counted(item.Values, value)
		}
	}
}

// succeeded tells whether the vendor answered a call as if it knew it. HTTP itself has
// every resource answer HEAD and OPTIONS.
func succeeded(e *traffic.Exchange) bool {
	asked := e.Request.Method != http.MethodHead && e.Request.Method != http.MethodOptions
	return asked && e.Status() >= 200 && e.Status() < 300
}

func answer(e *traffic.Exchange) string {
	if e.Response == nil {
		return "no answer"
	}
	return strconv.Itoa(e.Status())
}

// telling is what would have told which event or operation is meant, unless it is
// secret: the value of a header or of a member, or else method and path.
func (d *Drift) telling(f traffic.Finding, e *traffic.Exchange) string {
	if name, ok := strings.CutPrefix(f.Pointer, "header:"); ok {
		if d.redact.IsSecret(name) {
			return ""
		}
		return d.redact.Text(shown(e.Request.Header.Get(name)))
	}
	if f.Pointer == "" {
		return shown(d.called(e))
	}
	value, there := validator.DecodeBody(e.Request.Header, nil, e.Request.Body.Kept).Lookup(f.Pointer)
	if !there || d.isSecret(f.Pointer) {
		return ""
	}
	return d.redact.Text(shown(value))
}

// called is method and path, without secrets.
func (d *Drift) called(e *traffic.Exchange) string {
	one := traffic.Exchange{Request: traffic.Request{Method: e.Request.Method, URL: e.Request.URL}}
	path, _, _ := strings.Cut(d.redact.Exchange(&one).Request.URL, "?")
	return e.Request.Method + " " + path
}

// undocumentedWords are what the report says of such an item.
func (i *Item) undocumentedWords() string {
	if i.Operation == anyEvent {
		return "an event that fits none of the contract's"
	}
	return "a call that fits no operation of the contract, and that the vendor answered with success"
}

// undocumentedProposal is for a person alone: traffic shows neither what such a thing
// means nor when it comes.
func (i *Item) undocumentedProposal() (change, unfit string) {
	if i.Operation == anyEvent {
		return "describe the event in openapi.yaml", "traffic does not say what an event means"
	}
	return "describe the operation in openapi.yaml, if it belongs to the vendor's API", "traffic does not say what an operation means"
}
