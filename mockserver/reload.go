package mockserver

import (
	"fmt"
	"slices"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// Reload plays a vendor by another contract of the same ID from now on. It begins anew
// in every sandbox: what it remembers is what it knows from the beginning. All else
// stays: other vendors, channels, deliveries, faults, clocks and journals. After an error
// nothing has changed.
func (s *Server) Reload(v Vendor) error {
	made, err := newVendor(v, s.options)
	if err == nil {
		err = made.signWith(s.options.Secrets[made.contract.ID])
	}
	if err != nil {
		return err
	}
	s.reloads.Lock()
	defer s.reloads.Unlock()
	id := made.contract.ID
	vendors := slices.Clone(s.vendors())
	i := slices.IndexFunc(vendors, func(v *vendor) bool { return v.contract.ID == id })
	if i < 0 {
		return fmt.Errorf("contract %s is not played, only %s; start the mock again with it", id, specs.JoinIDs(s.Contracts()))
	}
	vendors[i] = made
	next, err := newPlayed(s.options, vendors)
	if err != nil {
		return err
	}
	sandboxes := s.Sandboxes()
	stages := make([]*Stage, len(sandboxes))
	for n, b := range sandboxes {
		if stages[n], err = b.current().newStage(made); err != nil {
			return err
		}
	}
	s.Redactor().Extend(validator.Redaction(made.contract))
	s.played.Store(next)
	for n, b := range sandboxes {
		b.gate.replaced(func() {
			playing := slices.Clone(b.current().stages())
			playing[i] = stages[n]
			b.current().playing.Store(&playing)
			if h := b.gate.history.Load(); h != nil {
				h.whole(false)
			}
		})
		b.lists.Changed()
	}
	return nil
}
