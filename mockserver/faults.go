package mockserver

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

// faults are those of one sandbox, in the order in which they came.
type faults struct {
	seed uint64
	some atomic.Bool // whether there is any: all that a call costs where there is none

	mu    sync.Mutex
	count uint64
	list  []*armed
}

// armed is a fault in force.
type armed struct {
	Fault
	number uint64
	bits   int // of what it decides
	delay  delay
	until  time.Time // zero: until it is removed
}

// add puts a fault in force that was checked.
func (s *faults) add(f Fault, now time.Time) (Fault, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) >= maxFaults {
		return Fault{}, fmt.Errorf("there are %d faults already; remove some", maxFaults)
	}
	s.count++
	f.ID, f.Matched, f.Acted = serial.ID("ft-", s.count), 0, 0
	kept := &armed{Fault: f.copy(), number: s.count, bits: f.decides()}
	kept.delay, _ = newDelay(f.Delay)
	if f.For != "" {
		inForce, _ := faultTime("for", f.For)
		kept.until = now.Add(inForce)
	}
	s.list = append(s.list, kept)
	s.some.Store(true)
	return f, nil
}

func (s *faults) all() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, len(s.list))
	for i, f := range s.list {
		list[i] = f.copy()
	}
	return list
}

func (s *faults) remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.list)
	s.list = slices.DeleteFunc(s.list, func(f *armed) bool { return f.ID == id })
	s.some.Store(len(s.list) > 0)
	return len(s.list) < before
}

func (s *faults) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = nil
	s.some.Store(false)
}

// subject is a call or a sending that faults may act on.
type subject struct {
	event               bool
	vendor, id, channel string
	body                any
	now                 time.Time
}

// effect is what the faults that act do together.
type effect struct {
	Fault  // what they ask for
	ids    []string
	acting []*armed
	late   time.Duration
}

// act counts the faults that match, and joins what those do that act; nil: none
// does.
func (s *faults) act(on subject) *effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all *effect
	decided := 0
	for _, f := range s.list {
		if !f.matches(on) {
			continue
		}
		f.Matched++
		random := f.random(s.seed)
		if decided&f.bits != 0 || !f.due(random) {
			continue
		}
		f.Acted++
		decided |= f.bits
		if all == nil {
			all = &effect{}
		}
		all.join(f, random)
	}
	return all
}

// takeBack does not count a fault as acted all of whose decisions could not be
// carried out. It returns the IDs of the others.
func (s *faults) takeBack(e *effect, undone int) (acted []string) {
	if undone == 0 {
		return e.ids
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range e.acting {
		if f.bits&^undone == 0 {
			f.Acted--
			continue
		}
		acted = append(acted, f.ID)
	}
	return acted
}

func (f *armed) matches(on subject) bool {
	if on.event != f.onEvent() || !f.until.IsZero() && !on.now.Before(f.until) {
		return false
	}
	named := f.Operation
	if on.event {
		named = f.Event
	}
	if named != "" && named != anyID && named != on.id || f.Vendor != "" && f.Vendor != on.vendor || f.Channel != "" && f.Channel != on.channel {
		return false
	}
	for dotted, want := range f.Where {
		got, ok := valuepath.Dotted(on.body, dotted)
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

// join adds what a fault does, which decides nothing that was decided before.
func (e *effect) join(f *armed, random *rand.Rand) {
	e.ids, e.acting = append(e.ids, f.ID), append(e.acting, f)
	if f.Status != 0 {
		e.Status, e.Undocumented = f.Status, f.Undocumented
	}
	if f.Answer != "" {
		e.Answer = f.Answer
	}
	if f.ContentType != "" {
		e.ContentType = f.ContentType
	}
	if f.Drip != "" {
		e.Drip = f.Drip
	}
	if f.Delay != "" {
		e.late = f.delay.drawn(random)
	}
	if f.Copies != 0 {
		e.Copies, e.Together = f.Copies, f.Together
	}
	if f.Reorder != 0 {
		e.Reorder, e.Window, e.ID = f.Reorder, f.Window, f.ID
	}
	if len(f.Set) > 0 {
		e.Set = f.Set
	}
	e.Taken, e.Lose = e.Taken || f.Taken, e.Lose || f.Lose
}

// AddFault puts a fault in force and returns it with its ID. The error says what
// is wrong with it.
func (b *Sandbox) AddFault(f Fault) (Fault, error) {
	if err := f.check(b.server.vendors); err != nil {
		return Fault{}, fmt.Errorf("fault: %w", err)
	}
	b.steps.begin()
	defer b.steps.end()
	return b.current().faults.add(f, b.now())
}

// Faults returns the faults, oldest first; those that acted as often as they
// should are among them until they are removed.
func (b *Sandbox) Faults() []Fault { return b.current().faults.all() }

// RemoveFault ends a fault.
func (b *Sandbox) RemoveFault(id string) bool {
	b.steps.begin()
	defer b.steps.end()
	return b.current().faults.remove(id)
}

// ClearFaults ends all faults.
func (b *Sandbox) ClearFaults() {
	b.steps.begin()
	defer b.steps.end()
	b.current().faults.clear()
}
