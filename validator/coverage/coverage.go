// Package coverage counts what traffic touched of a contract, in both directions:
// operations and events with each documented status, the fields of bodies, the
// requirements. What was not touched is listed by name.
package coverage

import (
	"net/http"
	"sync"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Coverage is filled by Add and read by Report. It is safe for concurrent use, and
// its memory depends on the contract alone.
type Coverage struct {
	contract *specs.Contract

	mu        sync.Mutex
	exchanges int
	calls     map[string]*calls // by operation name
	payloads  map[string]*body  // by payload name
	named     map[string]bool   // requirements that findings broke
}

// calls counts one operation or event.
type calls struct {
	count      int
	unanswered int
	statuses   map[int]int
}

// New returns an empty coverage of a contract.
func New(c *specs.Contract) *Coverage {
	v := &Coverage{contract: c, calls: map[string]*calls{}, payloads: map[string]*body{}, named: map[string]bool{}}
	for _, list := range [][]*specs.Operation{c.Operations, c.Events} {
		for _, o := range list {
			v.calls[o.Name()] = &calls{statuses: map[int]int{}}
			for _, payload := range o.Payloads() {
				v.expect(payload)
			}
		}
	}
	return v
}

// expect makes room for a payload and for what its objects can be.
func (v *Coverage) expect(payload string) {
	if payload == "" || v.payloads[payload] != nil {
		return
	}
	b := newBody(v.contract, payload)
	v.payloads[payload] = b
	for _, variant := range b.variants {
		v.expect(variant.Payload)
	}
}

// Add counts an exchange that was judged. One that is none of the contract's
// operations counts as nothing.
func (v *Coverage) Add(e *traffic.Exchange) {
	o := v.contract.Operation(e.Operation)
	if o == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.exchanges++
	c := v.calls[o.Name()]
	c.count++
	for _, f := range e.Findings {
		if f.Requirement != "" {
			v.named[f.Requirement] = true
		}
	}
	v.body(o.Body(e.Request.Header.Get("Content-Type")), e.Request.Header, o.ContentTypes, e.Request.Body)
	if e.Response == nil {
		c.unanswered++
		return
	}
	c.statuses[e.Response.Status]++
	if answer, ok := o.Response(e.Response.Status); ok {
		v.body(answer.Body(e.Response.Header.Get("Content-Type")), e.Response.Header, answer.ContentTypes, e.Response.Body)
	}
}

// body counts the fields of a body that can be read whole.
func (v *Coverage) body(payload string, header http.Header, documented []string, sent traffic.Body) {
	if payload == "" || sent.Cut() || len(sent.Kept) == 0 {
		return
	}
	if d := validator.DecodeBody(header, documented, sent.Kept); d.Value() != nil {
		v.value(payload, d.Value())
	}
}

// value counts a value that a payload describes, and the values inside it that
// another payload describes more closely.
func (v *Coverage) value(payload string, value any) {
	b := v.payloads[payload]
	b.count(value)
	for _, variant := range b.variants {
		for _, object := range holders(value, variant.path) {
			if same(object[variant.Property], variant.Value) {
				v.value(variant.Payload, object)
			}
		}
	}
}
