package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/parleykit/parley/mockserver/store"
)

// collection is one that snapshots have.
type collection struct {
	name string
	save func() (any, error) // a store.Saved, which may be written as JSON later
	load func(json.RawMessage) error
	give func(saved any) error // what save returned, of the same collection in another sandbox
}

// Persist makes a collection part of snapshots and of the record of changes, and returns
// it as what is to be used. A behaviour keeps all that it remembers, each collection
// under a name of its own. A value must be the same after it was written as JSON and
// read again.
func Persist[T any](s *Stage, name string, c store.Collection[T]) store.Collection[T] {
	if slices.ContainsFunc(s.collections, func(k collection) bool { return k.name == name }) {
		panic(misfit{fmt.Errorf("the behaviour of %s keeps two collections as %q", s.vendor.contract.Name, name)})
	}
	if lost := unwritten(reflect.TypeFor[T]()); lost != "" {
		panic(misfit{fmt.Errorf("the behaviour of %s keeps %q, whose values have %s, which JSON has not", s.vendor.contract.Name, name, lost)})
	}
	s.collections = append(s.collections, collection{
		name: name,
		save: func() (any, error) { return c.Save() },
		load: func(text json.RawMessage) error {
			var saved store.Saved[T]
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&saved); err != nil {
				return err
			}
			return c.Load(saved)
		},
		give: func(given any) error {
			if written, ok := given.(store.Saved[json.RawMessage]); ok {
				return loadWritten(c, written)
			}
			saved, ok := given.(store.Saved[T])
			if !ok {
				return fmt.Errorf("it was %T, and the vendor was reloaded meanwhile; try again", given)
			}
			return c.Load(saved)
		},
	})
	id := s.vendor.contract.ID
	return &recorded[T]{
		Collection: c, instance: s.instance, vendor: id, name: name, written: func(value T) any { return value },
		current: func() bool { return s.instance.stageOf(id) == s },
	}
}

// loadWritten loads values that are JSON.
func loadWritten[T any](c store.Collection[T], written store.Saved[json.RawMessage]) error {
	saved := store.Saved[T]{Evicted: written.Evicted, Values: make([]store.Value[T], len(written.Values))}
	for i, v := range written.Values {
		saved.Values[i].ID = v.ID
		decoder := json.NewDecoder(bytes.NewReader(v.Value))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&saved.Values[i].Value); err != nil {
			return fmt.Errorf("%s: %w", v.ID, err)
		}
	}
	return c.Load(saved)
}

// unwritten is a field of a value that JSON leaves out, or "".
func unwritten(t reflect.Type) string {
	if t.Kind() != reflect.Struct || t.Implements(reflect.TypeFor[json.Marshaler]()) {
		return ""
	}
	for i := range t.NumField() {
		if f := t.Field(i); !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
			return f.Name
		}
	}
	return ""
}
