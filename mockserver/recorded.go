package mockserver

import (
	"encoding/json"
	"sync"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/store"
)

// recorded is a collection whose changes are noted while somebody records, or keeps a
// ledger.
type recorded[T any] struct {
	store.Collection[T]
	instance *instance
	vendor   string // contract ID; "" for channels
	name     string
	current  func() bool // it is in use: neither being set up nor replaced
	written  func(T) any // a value as it is written down
	mu       sync.Mutex  // while a change is noted, so that what it finds is what it changes
}

// observer is who notes changes; nil: nobody does.
func (r *recorded[T]) observer() *gate {
	g := &r.instance.sandbox.gate
	if g.history.Load() == nil && (!g.changes.recording.Load() || r.vendor == "") || r.instance.sandbox.current() != r.instance || !r.current() {
		return nil
	}
	return g
}

// Update changes a value, and notes how.
func (r *recorded[T]) Update(id string, change func(*T) error) (T, error) {
	g := r.observer()
	if g == nil {
		return r.Collection.Update(id, change)
	}
	return r.noted(g, id, func() (T, error) { return r.Collection.Update(id, change) })
}

// Upsert changes a value or makes one, and notes how.
func (r *recorded[T]) Upsert(id string, change func(*T) error) (T, error) {
	g := r.observer()
	if g == nil {
		return r.Collection.Upsert(id, change)
	}
	return r.noted(g, id, func() (T, error) { return r.Collection.Upsert(id, change) })
}

// Put stores a value, and notes what there was.
func (r *recorded[T]) Put(id string, value T) error {
	g := r.observer()
	if g == nil {
		return store.Put(r.Collection, id, value)
	}
	_, err := r.noted(g, id, func() (none T, err error) { return none, store.Put(r.Collection, id, value) })
	return err
}

// Delete forgets a value, and notes what it was.
func (r *recorded[T]) Delete(id string) error {
	g := r.observer()
	if g == nil {
		return r.Collection.Delete(id)
	}
	_, err := r.noted(g, id, func() (none T, err error) { return none, r.Collection.Delete(id) })
	return err
}

// noted changes a value, and notes what it was and is.
func (r *recorded[T]) noted(g *gate, id string, do func() (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	logged := g.changes.recording.Load() && r.vendor != ""
	var before json.RawMessage
	if logged {
		before = r.text(id)
	}
	value, err := do()
	if err != nil {
		return value, err
	}
	after := r.text(id)
	if logged {
		g.changes.note(Change{
			Time: r.instance.clock.Now(), Vendor: r.vendor, Collection: r.name, ID: id, Before: before, After: after,
		})
	}
	if h := g.history.Load(); h != nil {
		evicted, _ := r.Evicted()
		h.note(stepValue{Vendor: r.vendor, Collection: r.name, ID: id, Value: after, Evicted: evicted})
	}
	return value, nil
}

// text is a value as JSON, nil when there is none.
func (r *recorded[T]) text(id string) json.RawMessage {
	value, err := r.Get(id)
	if err != nil {
		return nil
	}
	text, _ := plainjson.Marshal(r.written(value)) // Persist made sure that it can be written
	return text
}
