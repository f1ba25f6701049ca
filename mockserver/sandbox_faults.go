package mockserver

import (
	"fmt"

	"github.com/parleykit/parley/mockserver/fault"
)

// AddFault puts a fault in force and returns it with its ID. The error says what
// is wrong with it.
func (b *Sandbox) AddFault(r fault.Rule) (fault.Rule, error) {
	r, err := r.Checked(b.server.Contracts())
	if err != nil {
		return fault.Rule{}, fmt.Errorf("fault: %w", err)
	}
	defer b.gate.leave(b.gate.enter())
	return b.current().faults.Add(r, b.now())
}

// Faults returns the faults, oldest first; those that acted as often as they
// should are among them until they are removed.
func (b *Sandbox) Faults() []fault.Rule { return b.current().faults.All() }

// RemoveFault ends a fault.
func (b *Sandbox) RemoveFault(id string) bool {
	defer b.gate.leave(b.gate.enter())
	return b.current().faults.Remove(id)
}

// ClearFaults ends all faults.
func (b *Sandbox) ClearFaults() {
	defer b.gate.leave(b.gate.enter())
	b.current().faults.Clear()
}
