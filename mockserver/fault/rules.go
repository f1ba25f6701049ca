package fault

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/internal/valuepath"
)

// Rules are the faults of one sandbox, in the order in which they came. All methods
// are safe for concurrent use.
type Rules struct {
	seed uint64
	any  atomic.Bool // all that a call costs where there is none

	mu      sync.Mutex
	count   uint64
	changes uint64 // of list and of what it counts
	list    []*armed
}

// New returns no rules. What is drawn for them follows from the seed.
func New(seed uint64) *Rules { return &Rules{seed: seed} }

// Any reports whether there are any.
func (s *Rules) Any() bool { return s.any.Load() }

// armed is a rule in force.
type armed struct {
	Rule
	number uint64
	bits   decisions
	delay  delay
	until  time.Time // zero: until it is removed
}

// Add puts a rule in force that was checked, and returns it with its ID.
func (s *Rules) Add(r Rule, now time.Time) (Rule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) >= maxRules {
		return Rule{}, fmt.Errorf("there are %d faults already; remove some", maxRules)
	}
	s.count++
	s.changes++
	r.ID, r.Matched, r.Acted = serial.ID("ft-", s.count), 0, 0
	kept := &armed{Rule: r.copy(), number: s.count, bits: r.decides()}
	kept.delay, _ = newDelay(r.Delay)
	if r.For != "" {
		inForce, _ := parseTime("for", r.For)
		kept.until = now.Add(inForce)
	}
	s.list = append(s.list, kept)
	s.any.Store(true)
	return r, nil
}

// All returns the rules, oldest first; those that acted as often as they should are
// among them until they are removed.
func (s *Rules) All() []Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Rule, len(s.list))
	for i, f := range s.list {
		list[i] = f.copy()
	}
	return list
}

// Changes counts what changed in the rules and in what they count.
func (s *Rules) Changes() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changes
}

// Remove ends a rule.
func (s *Rules) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.list)
	s.changes++
	s.list = slices.DeleteFunc(s.list, func(f *armed) bool { return f.ID == id })
	s.any.Store(len(s.list) > 0)
	return len(s.list) < before
}

// Clear ends all rules.
func (s *Rules) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = nil
	s.changes++
	s.any.Store(false)
}

// Subject is a call or an event that faults may act on.
type Subject struct {
	Event               bool
	Vendor, ID, Channel string
	Body                any // decoded JSON
	Now                 time.Time
}

// Act counts the rules that match, and joins what those do that act; nil: none does.
func (s *Rules) Act(on Subject) *Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all *Effect
	var decided decisions
	for _, f := range s.list {
		if !f.matches(on) {
			continue
		}
		f.Matched++
		s.changes++
		random := f.random(s.seed)
		if decided&f.bits != 0 || !f.due(random) {
			continue
		}
		f.Acted++
		decided |= f.bits
		if all == nil {
			all = &Effect{}
		}
		all.join(f, random)
	}
	return all
}

func (f *armed) matches(on Subject) bool {
	if on.Event != f.onEvent() || !f.until.IsZero() && !on.Now.Before(f.until) {
		return false
	}
	named := f.Operation
	if on.Event {
		named = f.Event
	}
	if named != "" && named != anyID && named != on.ID || f.Vendor != "" && f.Vendor != on.Vendor || f.Channel != "" && f.Channel != on.Channel {
		return false
	}
	for dotted, want := range f.Where {
		got, ok := valuepath.Dotted(on.Body, dotted)
		if !ok || valuepath.JSON(got) != valuepath.JSON(want) {
			return false
		}
	}
	return true
}

// due reports whether a fault acts on the match that was just counted.
func (f *armed) due(random *rand.Rand) bool {
	switch {
	case f.Times > 0 && f.Acted >= f.Times, f.Nth > 0 && f.Matched != f.Nth, f.Matched < f.From:
		return false
	}
	return f.Probability == 0 || random.Float64() < f.Probability
}

// random follows from the seed, the fault and the match: what is drawn for one
// match does not depend on any other.
func (f *armed) random(seed uint64) *rand.Rand {
	if f.Probability == 0 && f.delay.kind == "" {
		return nil
	}
	var key [32]byte
	binary.LittleEndian.PutUint64(key[0:], seed)
	binary.LittleEndian.PutUint64(key[8:], f.number)
	binary.LittleEndian.PutUint64(key[16:], uint64(f.Matched))
	copy(key[24:], "fault")
	return rand.New(rand.NewChaCha8(key))
}
