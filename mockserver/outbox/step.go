package outbox

import (
	"maps"
	"slices"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/serial"
)

// Step is what changed in an outbox since the last one.
type Step struct {
	Count   uint64          `json:"count"`             // ever numbered
	Kept    int             `json:"kept"`              // of them, the newest
	Changed []SavedDelivery `json:"changed,omitempty"` // body null: it is as it was
}

// Follow lets the outbox note what changes, for Step.
func (o *Outbox) Follow() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.touched = map[*Entry]struct{}{}
}

// touch notes that an entry changes, and with it the one that names it among its copies.
// The lock is held.
func (o *Outbox) touch(e *Entry) {
	if o.touched == nil {
		return
	}
	o.touched[e] = struct{}{}
	if e.leader != nil {
		o.touched[e.leader] = struct{}{}
	}
}

// Step returns what changed since it was last called, and whether anything did.
func (o *Outbox) Step() (Step, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.touched) == 0 {
		return Step{}, false
	}
	s := Step{Count: o.count, Kept: len(o.kept)}
	for e := range o.touched {
		one := e.saved()
		if !e.told { // it never changes
			one.Body, _ = plainjson.Marshal(one.content) // it was made of JSON
			e.told = true
		}
		s.Changed = append(s.Changed, one.SavedDelivery)
	}
	clear(o.touched)
	slices.SortFunc(s.Changed, func(a, b SavedDelivery) int { return serial.Compare(a.ID, b.ID) })
	return s, true
}

// Past is an outbox as steps left it.
type Past struct {
	count uint64
	kept  int
	byID  map[string]SavedDelivery
}

// NewPast begins with what was saved.
func NewPast(saved Saved) *Past {
	p := &Past{count: saved.Count, kept: len(saved.Kept), byID: map[string]SavedDelivery{}}
	for _, d := range slices.Concat(saved.Older, saved.Kept) {
		p.byID[d.ID] = d
	}
	return p
}

// Take notes what a step changed.
func (p *Past) Take(s Step) {
	p.count, p.kept = s.Count, s.Kept
	for _, d := range s.Changed {
		if before, known := p.byID[d.ID]; known && (d.Body == nil || string(d.Body) == "null") {
			d.Body = before.Body
		}
		p.byID[d.ID] = d
	}
}

// Saved is the outbox as it was after the last step.
func (p *Past) Saved() Saved {
	saved := Saved{Count: p.count, Kept: []SavedDelivery{}}
	first := serial.ID("dl-", p.count-uint64(p.kept)+1)
	for _, id := range slices.SortedFunc(maps.Keys(p.byID), serial.Compare) {
		d := p.byID[id]
		switch {
		case serial.Compare(id, first) >= 0:
			saved.Kept = append(saved.Kept, d)
		case d.State == Queued:
			saved.Older = append(saved.Older, d)
		}
	}
	return saved
}

// Cancelled is the outbox with nothing that has not ended: it was broken off.
func (s Saved) Cancelled(why string) Saved {
	stopped := Saved{Count: s.Count, Kept: slices.Clone(s.Kept)}
	for i, d := range stopped.Kept {
		if d.State == Queued {
			ended := SavedDelivery{Delivery: d.Delivery, Envelope: d.Envelope, To: d.To, Broken: d.Broken}
			ended.State, ended.Error, ended.Ended = Cancelled, why, d.Delivery.Queued
			stopped.Kept[i] = ended
		}
	}
	return stopped
}
