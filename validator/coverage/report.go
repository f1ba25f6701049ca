package coverage

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/parleykit/parley/specs"
)

// Report is a coverage at one moment. Every item of the contract counts the same:
// a call with a documented status, a field that is present, an optional field that
// is absent, a value that the contract knows, a requirement that traffic can show.
type Report struct {
	Tool         string        `json:"tool"` // "parley"
	Version      string        `json:"version,omitempty"`
	Contract     string        `json:"contract"`  // ID
	Exchanges    int           `json:"exchanges"` // of the contract's operations and events
	Total        Tally         `json:"total"`
	Operations   Group[Call]   `json:"operations"` // partner → vendor
	Events       Group[Call]   `json:"events"`     // vendor → partner
	Payloads     Group[Fields] `json:"payloads"`
	Requirements Group[Rule]   `json:"requirements"`
	Untouched    []string      `json:"untouched"` // every item that was not, in words
}

// Group is a part of the contract with its tally.
type Group[T any] struct {
	Tally
	Items []T `json:"items"`
}

// Tally says how many items were touched.
type Tally struct {
	Touched int     `json:"touched"`
	Of      int     `json:"of"`
	Percent float64 `json:"percent"` // one decimal, rounded down; 0 of nothing
}

// Call is one operation or event.
type Call struct {
	Name         string   `json:"name"` // "operations/message"
	Count        int      `json:"count"`
	Unanswered   int      `json:"unanswered,omitempty"`
	Statuses     []Status `json:"statuses"`               // documented ones
	Undocumented []Status `json:"undocumented,omitempty"` // seen ones
}

// Status counts the answers with a status. Range is the name of a range that is
// documented, "4XX", whose Status is 4; it counts those that are not documented by
// themselves.
type Status struct {
	Status int    `json:"status"`
	Range  string `json:"range,omitempty"`
	Count  int    `json:"count"`
}

// Name is what the document calls the status: "404", "4XX".
func (s Status) Name() string { return cmp.Or(s.Range, strconv.Itoa(s.Status)) }

// Fields is one payload.
type Fields struct {
	Payload string  `json:"payload"`
	Count   int     `json:"count"` // bodies, or objects inside bodies
	Fields  []Field `json:"fields"`
}

// Field is one property of a payload.
type Field struct {
	Pointer  string  `json:"pointer"` // "/data/files/*/name"
	Required bool    `json:"required"`
	Present  int     `json:"present"`
	Absent   int     `json:"absent"` // from an object that was there
	Empty    int     `json:"empty"`  // present as null, "", [] or {}
	Values   []Value `json:"values,omitempty"`
	Other    int     `json:"other,omitempty"` // present with a value that the contract does not name
}

// Value counts a value that the contract knows.
type Value struct {
	Value any `json:"value"`
	Count int `json:"count"`
}

// Rule is a requirement. Traffic shows it when something that it is about came by.
type Rule struct {
	ID      string `json:"id"`
	Binds   string `json:"binds"`
	Level   string `json:"level"`
	Text    string `json:"text"`
	Touched bool   `json:"touched"`
	Broken  bool   `json:"broken,omitempty"` // a finding names it
}

// Report counts together what Add was given.
func (v *Coverage) Report(version string) *Report {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := &Report{Tool: "parley", Version: version, Contract: v.contract.ID, Exchanges: v.exchanges, Untouched: []string{}}
	v.callsOf(r, &r.Operations, v.contract.Operations)
	v.callsOf(r, &r.Events, v.contract.Events)
	v.payloadsOf(r)
	v.requirementsOf(r)
	for _, t := range []*Tally{&r.Operations.Tally, &r.Events.Tally, &r.Payloads.Tally, &r.Requirements.Tally} {
		r.Total.Touched += t.Touched
		r.Total.Of += t.Of
		t.finish()
	}
	r.Total.finish()
	return r
}

// item counts one item and keeps the name of an untouched one.
func (r *Report) item(t *Tally, touched bool, format string, args ...any) {
	t.Of++
	if touched {
		t.Touched++
		return
	}
	r.Untouched = append(r.Untouched, fmt.Sprintf(format, args...))
}

// finish rounds down, so that 100 means all.
func (t *Tally) finish() {
	if t.Of > 0 {
		t.Percent = float64(t.Touched*1000/t.Of) / 10
	}
}

func (v *Coverage) callsOf(r *Report, group *Group[Call], operations []*specs.Operation) {
	group.Items = []Call{}
	for _, o := range operations {
		seen := v.calls[o.Name()]
		call := Call{Name: o.Name(), Count: seen.count, Unanswered: seen.unanswered, Statuses: []Status{}}
		for _, status := range o.Answers() {
			one := Status{Status: status, Count: seen.statuses[status]}
			if specs.IsRange(status) {
				one.Range, one.Count = specs.StatusName(status), seen.inRange(o, status)
			}
			call.Statuses = append(call.Statuses, one)
			r.item(&group.Tally, one.Count > 0, "%s answered %s", o.Name(), one.Name())
		}
		if len(call.Statuses) == 0 { // every status is documented, none by name
			r.item(&group.Tally, len(seen.statuses) > 0, "%s answered", o.Name())
		}
		for _, status := range slices.Sorted(maps.Keys(seen.statuses)) {
			if _, documented := o.Response(status); !documented {
				call.Undocumented = append(call.Undocumented, Status{Status: status, Count: seen.statuses[status]})
			}
		}
		group.Items = append(group.Items, call)
	}
}

// inRange counts the answers in a range of statuses.
func (c *calls) inRange(o *specs.Operation, class int) int {
	count := 0
	for status, n := range c.statuses {
		if _, itself := o.Responses[status]; !itself && status/100 == class {
			count += n
		}
	}
	return count
}

func (v *Coverage) payloadsOf(r *Report) {
	r.Payloads.Items = []Fields{}
	for _, name := range slices.Sorted(maps.Keys(v.payloads)) {
		b := v.payloads[name]
		item := Fields{Payload: name, Count: b.seen, Fields: []Field{}}
		for _, f := range b.fields {
			shown := Field{Pointer: f.Pointer, Required: f.Required, Present: f.present, Absent: f.absent, Empty: f.empty, Other: f.other}
			r.item(&r.Payloads.Tally, f.present > 0, "%s %s present", name, f.Pointer)
			if !f.Required {
				r.item(&r.Payloads.Tally, f.absent > 0, "%s %s absent", name, f.Pointer)
			}
			for i, known := range f.values {
				shown.Values = append(shown.Values, Value{known, f.known[i]})
				r.item(&r.Payloads.Tally, f.known[i] > 0, "%s %s = %s", name, f.Pointer, quoted(known))
			}
			if len(f.values) == 0 {
				shown.Other = 0
			}
			item.Fields = append(item.Fields, shown)
		}
		r.Payloads.Items = append(r.Payloads.Items, item)
	}
}

func quoted(value any) string {
	if text, ok := value.(string); ok {
		return strconv.Quote(text)
	}
	return fmt.Sprint(value)
}

// requirementsOf counts those that a field or an operation names.
func (v *Coverage) requirementsOf(r *Report) {
	r.Requirements.Items = []Rule{}
	shown, touched := v.linked()
	for _, q := range v.contract.Requirements {
		if !shown[q.ID] && !v.named[q.ID] {
			continue // traffic alone cannot show it
		}
		rule := Rule{ID: q.ID, Binds: q.Binds, Level: q.Level, Text: q.Text, Touched: touched[q.ID] || v.named[q.ID], Broken: v.named[q.ID]}
		r.Requirements.Items = append(r.Requirements.Items, rule)
		r.item(&r.Requirements.Tally, rule.Touched, "%s (%s %s)", q.ID, q.Binds, q.Level)
	}
}

// linked says which requirements fields and operations name, and which of those
// came by. What a field names is touched by that field alone.
func (v *Coverage) linked() (shown, touched map[string]bool) {
	shown, touched = map[string]bool{}, map[string]bool{}
	for _, b := range v.payloads {
		for _, f := range b.fields {
			if f.Requirement != "" {
				shown[f.Requirement] = true
				touched[f.Requirement] = touched[f.Requirement] || f.present > 0
			}
		}
	}
	called := map[string]bool{}
	for _, operations := range [][]*specs.Operation{v.contract.Operations, v.contract.Events} {
		for _, o := range operations {
			for _, id := range o.Requirements {
				called[id] = called[id] || v.calls[o.Name()].count > 0
			}
		}
	}
	for id, seen := range called {
		if !shown[id] {
			shown[id], touched[id] = true, seen
		}
	}
	return shown, touched
}
