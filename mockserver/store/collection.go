// Package store keeps what a vendor remembers. A behaviour uses a Collection and
// does not know what keeps it.
package store

import "errors"

// ErrNotFound says that a collection has no value of that ID.
var ErrNotFound = errors.New("not found")

// Collection holds values of one type by ID. Values are copied in and out: what a
// caller holds never changes what is stored. A change function may be called more
// than once, so it must do nothing but change its value; when it returns an error,
// nothing is stored and the error comes back.
type Collection[T any] interface {
	// Get returns a value, or ErrNotFound.
	Get(id string) (T, error)
	// List returns all values in the order in which they were first stored.
	List() ([]T, error)
	// Update changes a value in one step and returns it, or ErrNotFound.
	Update(id string, change func(*T) error) (T, error)
	// Upsert is Update, but starts from the zero value when there is none.
	Upsert(id string, change func(*T) error) (T, error)
	// Delete forgets a value, or returns ErrNotFound.
	Delete(id string) error
	// Len returns how many values are stored.
	Len() (int, error)
	// Evicted returns how many values had to make room for newer ones.
	Evicted() (uint64, error)
	// Save copies all that is stored.
	Save() (Saved[T], error)
	// Load puts what was saved in the place of all that is stored. After an error
	// nothing has changed.
	Load(Saved[T]) error
}

// putter is a Collection with a Put of its own.
type putter[T any] interface {
	Put(id string, value T) error
}

// Put stores a value in the place of any other with its ID.
func Put[T any](c Collection[T], id string, value T) error {
	if own, ok := c.(putter[T]); ok {
		return own.Put(id, value)
	}
	return putBy(c, id, value)
}

// putBy is Put by any Collection's Upsert.
func putBy[T any](c Collection[T], id string, value T) error {
	_, err := c.Upsert(id, func(stored *T) error {
		*stored = value
		return nil
	})
	return err
}

// All lists a collection in order, to be shown: one that fails has nothing to show.
func All[T any](c Collection[T]) []T {
	list, err := c.List()
	if err != nil {
		return []T{}
	}
	return list
}

// Saved is what a collection holds, in the order in which it was first stored. It
// is written as JSON, so that a collection of values that are the same after JSON is
// the same after Save and Load.
type Saved[T any] struct {
	Evicted uint64     `json:"evicted,omitempty"`
	Values  []Value[T] `json:"values"`
}

// Value is one value of a Saved.
type Value[T any] struct {
	ID    string `json:"id"`
	Value T      `json:"value"`
}
