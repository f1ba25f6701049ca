package fault

import (
	"fmt"
	"time"

	"github.com/parleykit/parley/specs"
)

// Saved is the rules with their counts, for a snapshot.
type Saved struct {
	Count uint64      `json:"count"` // ever numbered
	List  []SavedRule `json:"list,omitempty"`
}

// SavedRule is one rule in force.
type SavedRule struct {
	Rule
	Number uint64    `json:"number"`
	Until  time.Time `json:"until,omitzero"`
}

// Save copies what Load takes.
func (s *Rules) Save() Saved {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved := Saved{Count: s.count}
	for _, f := range s.list {
		saved.List = append(saved.List, SavedRule{f.Rule.copy(), f.number, f.until})
	}
	return saved
}

// Load puts the rules in force that Save copied. The error says which of them the
// contracts that are played do not have.
func (s *Rules) Load(saved Saved, contracts []*specs.Contract) error {
	list := make([]*armed, len(saved.List))
	for i, f := range saved.List {
		rule, err := f.Rule.Checked(contracts)
		if err != nil {
			return fmt.Errorf("fault %s: %w", f.ID, err)
		}
		list[i] = &armed{Rule: rule, number: f.Number, bits: rule.decides(), until: f.Until}
		list[i].delay, _ = newDelay(rule.Delay)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count, s.list = saved.Count, list
	s.changes++
	s.any.Store(len(list) > 0)
	return nil
}
