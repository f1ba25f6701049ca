package mockserver

import (
	"encoding/json"
	"sync"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/store"
)

// recorded is a collection whose changes are noted while somebody records.
type recorded[T any] struct {
	store.Collection[T]
	stage *Stage
	name  string
	mu    sync.Mutex // while a change is noted, so that what it finds is what it changes
}

// records returns what notes changes; nil while nobody does, and while the stage is
// being set up.
func (r *recorded[T]) records() *changes {
	in := r.stage.instance
	c := &in.sandbox.gate.changes
	if !c.recording.Load() || in.sandbox.current() != in || in.stageOf(r.stage.vendor.contract.ID) != r.stage {
		return nil
	}
	return c
}

// Update changes a value, and notes how.
func (r *recorded[T]) Update(id string, change func(*T) error) (T, error) {
	c := r.records()
	if c == nil {
		return r.Collection.Update(id, change)
	}
	return r.noted(c, id, func() (T, error) { return r.Collection.Update(id, change) })
}

// Upsert changes a value or makes one, and notes how.
func (r *recorded[T]) Upsert(id string, change func(*T) error) (T, error) {
	c := r.records()
	if c == nil {
		return r.Collection.Upsert(id, change)
	}
	return r.noted(c, id, func() (T, error) { return r.Collection.Upsert(id, change) })
}

// Delete forgets a value, and notes what it was.
func (r *recorded[T]) Delete(id string) error {
	c := r.records()
	if c == nil {
		return r.Collection.Delete(id)
	}
	_, err := r.noted(c, id, func() (none T, err error) { return none, r.Collection.Delete(id) })
	return err
}

// noted changes a value, and notes what it was and is.
func (r *recorded[T]) noted(c *changes, id string, do func() (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.text(id)
	value, err := do()
	if err == nil {
		c.note(Change{
			Time: r.stage.Now(), Vendor: r.stage.vendor.contract.ID, Collection: r.name, ID: id, Before: before, After: r.text(id),
		})
	}
	return value, err
}

// text is a value as JSON, nil when there is none.
func (r *recorded[T]) text(id string) json.RawMessage {
	value, err := r.Get(id)
	if err != nil {
		return nil
	}
	text, _ := plainjson.Marshal(value) // Persist made sure that it can be written
	return text
}
