package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
)

// past is a sandbox as a snapshot and the steps after it left it.
type past struct {
	snapshot
	channels pastCollection
	vendors  map[string]map[string]*pastCollection // by contract ID and name
	outbox   *outbox.Past
}

// divided is a snapshot whose collections are read as values at once: most of a snapshot is
// in them.
type divided struct {
	snapshot
	Vendors map[string]dividedVendor `json:"vendors"`
}

type dividedVendor struct {
	Readings map[string]string                       `json:"readings"`
	Kept     map[string]store.Saved[json.RawMessage] `json:"kept"`
}

func newPast(text []byte) (*past, error) {
	var s divided
	if err := readInto(text, &s, &s.snapshot); err != nil {
		return nil, err
	}
	p := &past{snapshot: s.snapshot, vendors: map[string]map[string]*pastCollection{}, outbox: outbox.NewPast(s.Outbox)}
	p.snapshot.Vendors = map[string]savedVendor{}
	for _, v := range s.Channels.Values {
		value, err := plainjson.Marshal(v.Value)
		if err != nil {
			return nil, err
		}
		p.channels.put(v.ID, value)
	}
	p.channels.evicted = s.Channels.Evicted
	for vendor, saved := range s.Vendors {
		p.snapshot.Vendors[vendor] = savedVendor{Readings: saved.Readings}
		p.vendors[vendor] = map[string]*pastCollection{}
		for name, kept := range saved.Kept {
			c := &pastCollection{evicted: kept.Evicted}
			for _, v := range kept.Values {
				c.put(v.ID, v.Value)
			}
			p.vendors[vendor][name] = c
		}
	}
	return p, nil
}

// readStep reads an entry of the ledger.
func readStep(text []byte) (*step, error) {
	s := &step{}
	return s, decodeStep(text, s)
}

// readChange is readStep without the exchanges, which are most of a step.
func readChange(text []byte) (*step, error) {
	var s struct {
		step
		Exchanges unread `json:"exchanges"`
	}
	return &s.step, decodeStep(text, &s)
}

// unread is a member that is passed over.
type unread struct{}

// UnmarshalJSON reads nothing.
func (unread) UnmarshalJSON([]byte) error { return nil }

func decodeStep(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // what faults compare and set is as it was given
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// take goes one step on.
func (p *past) take(s *step) (*past, error) {
	if s.Whole != nil {
		next, err := newPast(s.Whole)
		if err == nil {
			next.Taken = s.Time
		}
		return next, err
	}
	p.Taken = s.Time
	if s.Numbered > 0 {
		p.Exchanges = s.Numbered
	}
	if s.Handovers > 0 {
		p.Handovers = s.Handovers
	}
	if s.IDs != nil {
		p.IDs = s.IDs
	}
	if s.Clock != nil {
		p.Clock = *s.Clock
	}
	if s.Faults != nil {
		p.Faults = *s.Faults
	}
	if s.Outbox != nil {
		p.outbox.Take(*s.Outbox)
	}
	for _, v := range s.Values {
		c := &p.channels
		if v.Vendor != "" {
			if c = p.vendors[v.Vendor][v.Collection]; c == nil {
				return nil, fmt.Errorf("a step changes %s of %s, which the state before does not have", v.Collection, v.Vendor)
			}
		}
		c.take(v)
	}
	return p, nil
}

// now is the snapshot that would have been taken after the last step.
func (p *past) now() (snapshot, error) {
	s := p.snapshot
	s.Outbox = p.outbox.Saved()
	s.Channels = store.Saved[openChannel]{Evicted: p.channels.evicted}
	var all []error
	p.channels.each(func(id string, value json.RawMessage) {
		c := openChannel{}
		all = append(all, json.Unmarshal(value, &c))
		s.Channels.Values = append(s.Channels.Values, store.Value[openChannel]{ID: id, Value: c})
	})
	s.Vendors, s.kept = map[string]savedVendor{}, map[string]map[string]any{}
	for vendor, saved := range p.snapshot.Vendors {
		s.Vendors[vendor] = savedVendor{Readings: saved.Readings, Kept: map[string]json.RawMessage{}}
		s.kept[vendor] = map[string]any{}
		for name, c := range p.vendors[vendor] {
			s.kept[vendor][name] = c.saved()
		}
	}
	return s, errors.Join(all...)
}

// pastCollection is what a collection held, in the order in which it was first stored.
type pastCollection struct {
	evicted uint64
	values  []pastValue
	place   map[string]int // in values
	oldest  int            // place of the first that may be there
}

type pastValue struct {
	id    string
	value json.RawMessage // nil: it is gone
}

func (c *pastCollection) put(id string, value json.RawMessage) {
	if at, ok := c.place[id]; ok {
		c.values[at].value = value
		return
	}
	if c.place == nil {
		c.place = map[string]int{}
	}
	c.place[id] = len(c.values)
	c.values = append(c.values, pastValue{id, value})
}

func (c *pastCollection) remove(id string) {
	if at, ok := c.place[id]; ok {
		c.values[at].value = nil
		delete(c.place, id)
	}
}

// take notes a change, and lets the oldest go that made room.
func (c *pastCollection) take(v stepValue) {
	if v.Value == nil {
		c.remove(v.ID)
	} else {
		c.put(v.ID, v.Value)
	}
	for ; c.evicted < v.Evicted && c.oldest < len(c.values); c.oldest++ {
		if one := c.values[c.oldest]; one.value != nil {
			c.remove(one.id)
			c.evicted++
		}
	}
}

func (c *pastCollection) each(visit func(id string, value json.RawMessage)) {
	for _, v := range c.values[c.oldest:] {
		if v.value != nil {
			visit(v.id, v.value)
		}
	}
}

// saved is what it holds, as JSON that was read.
func (c *pastCollection) saved() store.Saved[json.RawMessage] {
	saved := store.Saved[json.RawMessage]{Evicted: c.evicted, Values: []store.Value[json.RawMessage]{}}
	c.each(func(id string, value json.RawMessage) {
		saved.Values = append(saved.Values, store.Value[json.RawMessage]{ID: id, Value: value})
	})
	return saved
}
