package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/parleykit/parley/mockserver/store"
)

// kept is a collection that snapshots have.
type kept struct {
	name string
	save func() (any, error) // a store.Saved, which may be written as JSON later
	load func(json.RawMessage) error
}

// Keep makes a collection part of snapshots, and returns it. A behaviour keeps all
// that it remembers, each collection under a name of its own. A value must be the
// same after it was written as JSON and read again.
func Keep[T any](s *Stage, name string, c store.Collection[T]) store.Collection[T] {
	if slices.ContainsFunc(s.kept, func(k kept) bool { return k.name == name }) {
		panic(fmt.Sprintf("%s keeps two collections as %q", s.vendor.contract.ID, name))
	}
	s.kept = append(s.kept, kept{
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
	})
	return c
}
