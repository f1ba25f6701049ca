// Package drift gathers what a real vendor does that its contract does not know
// or forbids: unknown fields, values and statuses, and mandatory fields that are
// not there. It proposes what to change in the contract, with the evidence
// observed.
package drift

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// The bounds of a drift. What is beyond them is counted only.
const (
	maxItems  = 1000 // items
	maxValues = 20   // values of one item
	maxText   = 100  // characters of one value
)

// Drift is filled by Add and read by Report. It is safe for concurrent use.
type Drift struct {
	contract *specs.Contract
	redact   *redaction.Redactor

	mu        sync.Mutex
	exchanges int
	calls     map[string]int // by operation and part
	bodies    map[string]int // by payload, what was judged
	items     map[key]*Item
	order     []*Item
	leftOut   int

	noDrift      []Value // calls that are named, and no drift
	noDriftCalls int
}

// key tells items apart.
type key struct {
	operation string
	part      traffic.Part
	code      string
	pointer   string
	status    int
}

// New returns an empty drift from a contract.
func New(c *specs.Contract) *Drift {
	return &Drift{contract: c, redact: validator.Redactor(c), calls: map[string]int{}, bodies: map[string]int{}, items: map[key]*Item{}}
}

// Add counts what the vendor did in an exchange that was judged: its answer to an
// operation, or the event that it sent, also one that the contract has not. At is where it stands in a capture.
func (d *Drift) Add(e *traffic.Exchange, at traffic.Position) {
	o := d.contract.Operation(e.Operation)
	if o == nil {
		d.addUndocumented(e, at)
		return
	}
	part, payload, body, status := traffic.InRequest, o.Body(e.Request.Header.Get("Content-Type")), e.Request.Body, 0
	if !o.Event {
		if e.Response == nil {
			return
		}
		documented, _ := o.Response(e.Response.Status)
		part, payload, body, status = traffic.InResponse, documented.Body(e.Response.Header.Get("Content-Type")), e.Response.Body, e.Response.Status
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.exchanges++
	d.calls[e.Operation]++
	d.calls[kindOf(e)]++
	if payload != "" && len(body.Kept) > 0 && !body.Cut() {
		d.bodies[e.Operation+" "+payload]++
	}
	var decoded *validator.Document
	for _, f := range e.Findings {
		if f.Part != part || skipped[f.Code] {
			continue
		}
		if decoded == nil {
			decoded = validator.Decode(body.Kept)
		}
		item := d.item(key{e.Operation, part, f.Code, jsonpointer.General(f.Pointer), 0}, f, status, payload, e, at)
		if item != nil {
			item.Count++
			d.note(item, f, decoded)
		}
	}
}

// skipped are findings that say nothing of what the vendor does.
var skipped = map[string]bool{"body.cut": true, "findings.left-out": true, "body.incomplete": true, "body.too-large": true, "exchange.no-response": true}

// item is the one that a finding belongs to; nil when there are too many.
func (d *Drift) item(k key, f traffic.Finding, status int, payload string, e *traffic.Exchange, at traffic.Position) *Item {
	if f.Code == "response.status" {
		k.status = status
	}
	if item := d.items[k]; item != nil {
		return item
	}
	if len(d.items) >= maxItems {
		d.leftOut++
		return nil
	}
	item := &Item{
		Operation: k.operation, Part: k.part, Code: f.Code, Severity: f.Severity, Payload: payload, Pointer: k.pointer,
		Expected: d.redact.Text(f.Expected), Requirement: f.Requirement, Status: k.status,
		First: Example{Position: at, Exchange: e.ID},
	}
	d.items[k] = item
	d.order = append(d.order, item)
	return item
}

// note keeps the value that a finding is about, unless it is secret, and its type.
func (d *Drift) note(item *Item, f traffic.Finding, body *validator.Document) {
	value, there := body.Lookup(f.Pointer)
	if !there || item.Code == "body.required" || item.Status != 0 {
		return
	}
	item.types = add(item.types, typeOf(value))
	text := shown(value)
	if text == "" || d.isSecret(f.Pointer) {
		return
	}
	item.Values = counted(item.Values, d.redact.Text(text))
}

// counted counts a value once more, where there is room for it.
func counted(values []Value, text string) []Value {
	for i := range values {
		if values[i].Value == text {
			values[i].Count++
			return values
		}
	}
	if len(values) < maxValues {
		values = append(values, Value{text, 1})
	}
	return values
}

// isSecret tells whether a pointer leads to a secret, or into one.
func (d *Drift) isSecret(pointer string) bool {
	return slices.ContainsFunc(strings.Split(pointer, "/"), func(key string) bool { return d.redact.IsSecret(jsonpointer.Unescape(key)) })
}

func add(list []string, one string) []string {
	for _, other := range list {
		if other == one {
			return list
		}
	}
	return append(list, one)
}

// shown is a scalar as text; "" for objects and arrays, whose contents would be
// somebody's data.
func shown(value any) string {
	switch value.(type) {
	case map[string]any, []any:
		return ""
	case string:
		return visible.Shorten(fmt.Sprintf("%q", value), maxText)
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}
