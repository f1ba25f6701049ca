package mockserver

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/parleykit/parley/specs"
)

// maxFaults bounds how many faults a sandbox takes.
const maxFaults = 1000

// Fault makes the mock misbehave on purpose. A fault on operations answers
// Status in place of the vendor; a fault on events loses them or changes their
// body. Empty fields match everything.
type Fault struct {
	ID        string         `json:"id"`
	Vendor    string         `json:"vendor,omitempty"`
	Operation string         `json:"operation,omitempty"` // ID
	Event     string         `json:"event,omitempty"`     // ID
	Channel   string         `json:"channel,omitempty"`   // ID
	Where     map[string]any `json:"where,omitempty"`     // dotted path = value in the request's body
	Times     int            `json:"times,omitempty"`     // how often it acts; 0: until it is removed

	Status       int            `json:"status,omitempty"`       // an operation answers this
	Undocumented bool           `json:"undocumented,omitempty"` // and Status need not be documented
	Lose         bool           `json:"lose,omitempty"`         // an event is never sent
	Set          map[string]any `json:"set,omitempty"`          // dotted path = value in an event's body

	Acted int `json:"acted"` // how often it acted
}

// check says what is wrong with a fault.
func (f Fault) check(vendors []*vendor) error {
	onOperation, onEvent := f.Status != 0, f.Lose || len(f.Set) > 0
	switch {
	case onOperation == onEvent:
		return errors.New(`a fault does one thing: "status" answers an operation, "lose" or "set" acts on an event`)
	case onOperation && f.Event != "":
		return fmt.Errorf("event %q gets no status from the mock; the partner answers it", f.Event)
	case onEvent && f.Operation != "":
		return fmt.Errorf("operation %q can't be lost or changed, because the partner sends it; give a status", f.Operation)
	case f.Lose && len(f.Set) > 0:
		return errors.New("an event that is lost needs no set")
	case f.Times < 0:
		return fmt.Errorf("times is %d; give how often the fault acts, or 0 for always", f.Times)
	case onOperation && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is no final HTTP status; give one from 200 to 599", f.Status)
	}
	return f.checkNames(vendors)
}

// checkNames finds the vendor, operation and status that the fault names.
func (f Fault) checkNames(vendors []*vendor) error {
	var operations []*specs.Operation
	known := f.Vendor == ""
	for _, v := range vendors {
		if f.Vendor == "" || f.Vendor == v.contract.ID {
			known = true
			operations = append(append(operations, v.contract.Operations...), v.contract.Events...)
		}
	}
	if !known {
		return fmt.Errorf("no vendor %q; the mock plays %s", f.Vendor, names(vendors))
	}
	kind, id := "operations/", f.Operation
	if f.Status == 0 {
		kind, id = "events/", f.Event
	}
	var matching []*specs.Operation
	var all []string
	for _, o := range operations {
		if o.Event == (kind == "events/") {
			all = append(all, o.ID)
			if id == "" || o.ID == id {
				matching = append(matching, o)
			}
		}
	}
	if len(matching) == 0 {
		return fmt.Errorf("no %s%s; there are %v", kind, id, all)
	}
	if f.Status == 0 || f.Undocumented || slices.ContainsFunc(matching, func(o *specs.Operation) bool { return documents(o, f.Status) }) {
		return nil
	}
	return fmt.Errorf(`status %d is not documented for %s (documented: %s); set "undocumented" to send it all the same`, f.Status, matching[0].Name(), statuses(matching[0]))
}

func documents(o *specs.Operation, status int) bool {
	_, ok := o.Response(status)
	return ok
}

// faults are those of one sandbox, in the order in which they came.
type faults struct {
	mu    sync.Mutex
	count uint64
	list  []*Fault
}

func (s *faults) add(f Fault) (Fault, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) >= maxFaults {
		return Fault{}, fmt.Errorf("there are %d faults already; remove some", maxFaults)
	}
	s.count++
	f.ID, f.Acted = numbered("ft-", s.count), 0
	kept := f.copy()
	s.list = append(s.list, &kept)
	return f, nil
}

// copy keeps callers from changing the fault's maps, or the fault theirs.
func (f Fault) copy() Fault {
	f.Where, f.Set = maps.Clone(f.Where), maps.Clone(f.Set)
	return f
}

func (s *faults) all() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, len(s.list))
	for i, f := range s.list {
		list[i] = f.copy()
	}
	return list
}

func (s *faults) remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.list)
	s.list = slices.DeleteFunc(s.list, func(f *Fault) bool { return f.ID == id })
	return len(s.list) < before
}

func (s *faults) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = nil
}

// act returns the first fault that matches a call or a sending, and counts it.
func (s *faults) act(onEvent bool, vendor, id, channel string, body any) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.list {
		if f.matches(onEvent, vendor, id, channel, body) {
			f.Acted++
			return *f, true
		}
	}
	return Fault{}, false
}

func (f *Fault) matches(onEvent bool, vendor, id, channel string, body any) bool {
	if onEvent != (f.Status == 0) || f.Times > 0 && f.Acted >= f.Times {
		return false
	}
	named := f.Operation
	if onEvent {
		named = f.Event
	}
	if named != "" && named != id || f.Vendor != "" && f.Vendor != vendor || f.Channel != "" && f.Channel != channel {
		return false
	}
	for dotted, want := range f.Where {
		got, ok := lookUp(body, dotted)
		if !ok || compact(got) != compact(want) {
			return false
		}
	}
	return true
}
