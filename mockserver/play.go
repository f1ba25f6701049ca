package mockserver

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
)

// misfit is how a behaviour does not fit its contract. Stage panics with one, because
// a behaviour that asks for what there is not is wrong, whatever it does with the
// answer.
type misfit struct{ error }

// play lets a vendor's behaviour begin, and refuses one that does not fit its
// contract: what it has for a name that nobody calls would never be used.
func (s *Stage) play() (err error) {
	if s.vendor.play == nil {
		return nil
	}
	defer func() {
		if failed := recover(); failed != nil {
			found, ok := failed.(misfit)
			if !ok {
				panic(failed)
			}
			err = found.error
		}
	}()
	s.behaviour = s.vendor.play(s)
	c := s.vendor.contract
	return errors.Join(
		onlyKnown(c, "operation", s.behaviour.Operations, c.Operations),
		onlyKnown(c, "event", s.behaviour.Events, c.Events),
		s.remembers(),
	)
}

// onlyKnown says which IDs of a behaviour's a contract does not have.
func onlyKnown[T any](c *specs.Contract, kind string, given map[string]T, has []*specs.Operation) error {
	known := make([]string, len(has))
	for i, o := range has {
		known[i] = o.ID
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, id) {
			return fmt.Errorf("the behaviour of %s has an %s %q, and its contract has none of that ID; it has %s", c.Name, kind, id, strings.Join(known, ", "))
		}
	}
	return nil
}

// remembers refuses a memory of which no snapshot would know.
func (s *Stage) remembers() error {
	if s.behaviour.State != nil && len(s.collections) == 0 {
		return fmt.Errorf("the behaviour of %s has a State and makes its collections without mockserver.Persist, so that no snapshot would have what it remembers", s.vendor.contract.Name)
	}
	return nil
}

// Reading returns the option in force for a reading of the contract.
func (s *Stage) Reading(id string) string {
	option, ok := s.vendor.readings[id]
	if !ok {
		panic(misfit{fmt.Errorf("the behaviour of %s asks for reading %q, and its contract has none of that ID; it has %s",
			s.vendor.contract.Name, id, strings.Join(slices.Sorted(maps.Keys(s.vendor.readings)), ", "))})
	}
	return option
}
