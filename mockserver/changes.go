package mockserver

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// What is kept of changes in the default sandbox; a named one keeps a tenth.
const (
	maxChanges      = 1_000
	maxChangeBytes  = 4 << 20
	maxChangedValue = 256 << 10 // longer values are left out
)

// Change is one change of a value in one of a vendor's collections.
type Change struct {
	Sequence   uint64          `json:"sequence"` // counts on over a reset
	Time       time.Time       `json:"time"`     // by the sandbox's clock
	Vendor     string          `json:"vendor"`   // contract ID
	Collection string          `json:"collection"`
	ID         string          `json:"id"`               // of the value
	Before     json.RawMessage `json:"before,omitempty"` // left out when there was none
	After      json.RawMessage `json:"after,omitempty"`  // left out when it was deleted
	Cut        bool            `json:"cut,omitempty"`    // before and after are left out, for their length
	Exchanges  []string        `json:"exchanges"`        // IDs of the calls and attempts that were at work
	Certain    bool            `json:"certain"`          // nothing but the one exchange, or what is none, was at work
}

// ChangeLog is what is kept of changes, oldest first.
type ChangeLog struct {
	Since   time.Time // when recording began, by the sandbox's clock
	Changes []Change
	Dropped uint64 // since then, that made room for newer ones
}

// Changes returns what changed in what the vendors remember. Recording begins when it is
// first called, unless Options.Changes says otherwise; before, it costs nothing. An
// exchange has its ID once it is in the journal. What is no change is what a vendor has
// from the beginning, also after a reset or a reload, and what makes room for newer.
func (b *Sandbox) Changes() ChangeLog {
	c := &b.gate.changes
	if !c.recording.Load() {
		b.gate.alone(func() { c.begin(b.now(), b.name != "") }) // so that all are known who are inside
	}
	return c.log()
}

// Collections are the names of what the vendors remember, or one of them.
func (b *Sandbox) Collections(vendor string) []string {
	var names []string
	for _, stage := range b.current().stages() {
		for _, k := range stage.collections {
			if (vendor == "" || vendor == stage.vendor.contract.ID) && !slices.Contains(names, k.name) {
				names = append(names, k.name)
			}
		}
	}
	return names
}

// actor is somebody inside the gate: a call, an attempt, or what is no exchange. It is
// nil while nobody records.
type actor struct{ exchange string }

// changes are recorded in a bounded list.
type changes struct {
	recording atomic.Bool

	mu      sync.Mutex
	began   time.Time
	inside  []*actor
	kept    []change // oldest first
	most    int
	weight  int // bytes of the values that are kept
	heavy   int
	made    uint64
	dropped uint64
}

type change struct {
	Change
	by []*actor
}

// begin lets recording begin; named is a named sandbox.
func (c *changes) begin(now time.Time, named bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.recording.Load() {
		return
	}
	c.began, c.most, c.heavy = now, maxChanges, maxChangeBytes
	if named {
		c.most, c.heavy = maxChanges/10, maxChangeBytes/10
	}
	c.recording.Store(true)
}

// forget begins anew, if anything is recorded.
func (c *changes) forget(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began, c.kept, c.weight, c.dropped = now, nil, 0, 0
}

// come notes who is inside the gate: nil is somebody new.
func (c *changes) come(who *actor) *actor {
	if !c.recording.Load() {
		return nil
	}
	if who == nil {
		who = &actor{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside = append(c.inside, who)
	return who
}

func (c *changes) gone(who *actor) {
	if who == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside = slices.DeleteFunc(c.inside, func(other *actor) bool { return other == who })
}

// name says which exchange somebody inside is.
func (c *changes) name(who *actor, exchange string) {
	if who == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	who.exchange = exchange
}

// note keeps a change, unless the value is as it was.
func (c *changes) note(one Change) {
	if bytes.Equal(one.Before, one.After) {
		return
	}
	if len(one.Before)+len(one.After) > maxChangedValue {
		one.Before, one.After, one.Cut = nil, nil, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made++
	one.Sequence = c.made
	c.kept = append(c.kept, change{one, slices.Clone(c.inside)})
	c.weight += one.weight()
	for len(c.kept) > c.most || c.weight > c.heavy {
		c.weight -= c.kept[0].weight()
		c.kept[0] = change{}
		c.kept = c.kept[1:]
		c.dropped++
	}
}

// weight estimates the memory of a change, in bytes.
func (c *Change) weight() int {
	const fixed = 300
	return fixed + len(c.ID) + len(c.Before) + len(c.After)
}

func (c *changes) log() ChangeLog {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := ChangeLog{Since: c.began, Dropped: c.dropped, Changes: make([]Change, len(c.kept))}
	for i, one := range c.kept {
		one.Exchanges, one.Certain = []string{}, len(one.by) <= 1
		for _, who := range one.by {
			if who.exchange != "" {
				one.Exchanges = append(one.Exchanges, who.exchange)
			}
		}
		l.Changes[i] = one.Change
	}
	return l
}
