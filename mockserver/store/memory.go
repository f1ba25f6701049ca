package store

import (
	"fmt"
	"sync"
)

// DefaultBound is how many values a Memory keeps unless told otherwise.
const DefaultBound = 100_000

// Memory is a Collection in memory. When it is full, the value that was stored
// first makes room.
type Memory[T any] struct {
	mu      sync.RWMutex
	bound   int
	clone   func(T) T
	entries map[string]*entry[T]
	oldest  *entry[T]
	newest  *entry[T]
	evicted uint64
	spare   *entry[T] // what was evicted, for the next value; nil: nothing

	weigh    func(T) int // nil: values are not weighed
	heaviest int         // what all values together may weigh
	weight   int
}

// entry is one value in the list that keeps the order.
type entry[T any] struct {
	id     string
	value  T
	weight int
	older  *entry[T]
	newer  *entry[T]
}

// NewMemory returns an empty collection of at most bound values (0:
// DefaultBound). Clone copies what a value refers to; nil is for types without
// slices, maps and pointers.
func NewMemory[T any](bound int, clone func(T) T) *Memory[T] {
	if bound <= 0 {
		bound = DefaultBound
	}
	if clone == nil {
		clone = func(value T) T { return value }
	}
	return &Memory[T]{bound: bound, clone: clone, entries: map[string]*entry[T]{}}
}

// Weighed also bounds what all values together weigh, for instance in bytes: the
// oldest make room. A value that is too heavy alone stays alone. It is called
// before the first value is stored, and returns the same Memory.
func (m *Memory[T]) Weighed(heaviest int, weigh func(T) int) *Memory[T] {
	m.heaviest, m.weigh = heaviest, weigh
	return m
}

// Get returns a value, or ErrNotFound.
func (m *Memory[T]) Get(id string) (T, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if e, ok := m.entries[id]; ok {
		return m.clone(e.value), nil
	}
	var none T
	return none, ErrNotFound
}

// List returns all values in the order in which they were first stored.
func (m *Memory[T]) List() ([]T, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	list := make([]T, 0, len(m.entries))
	for e := m.oldest; e != nil; e = e.newer {
		list = append(list, m.clone(e.value))
	}
	return list, nil
}

// Update changes a value in one step and returns it, or ErrNotFound.
func (m *Memory[T]) Update(id string, change func(*T) error) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[id]
	if !ok {
		var none T
		return none, ErrNotFound
	}
	return m.store(e, change)
}

// Upsert is Update, but starts from the zero value when there is none.
func (m *Memory[T]) Upsert(id string, change func(*T) error) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.entries[id]; ok {
		return m.store(e, change)
	}
	e := m.entry(id)
	value, err := m.store(e, change)
	if err != nil {
		return value, err
	}
	m.add(e)
	return value, nil
}

// Put stores a value in the place of any other with its ID. It is Upsert without a function,
// which would be on the heap, and the value with it.
func (m *Memory[T]) Put(id string, value T) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[id]
	if !ok {
		e = m.entry(id)
	}
	e.value = m.clone(value)
	m.weighAgain(e)
	if !ok {
		m.add(e)
	}
	return nil
}

// entry is a new one, which is not kept yet.
func (m *Memory[T]) entry(id string) *entry[T] {
	e := m.spare
	if m.spare = nil; e == nil {
		e = new(entry[T])
	}
	e.id = id
	return e
}

// add keeps a new entry, for which the oldest make room.
func (m *Memory[T]) add(e *entry[T]) {
	for len(m.entries) >= m.bound {
		m.evict()
	}
	m.link(e)
	m.lighten()
}

// store puts a copy back after a change that fails or panics, so that it leaves no
// trace. The entry is changed in place, because a value of its own would be on the
// heap at each call.
func (m *Memory[T]) store(e *entry[T], change func(*T) error) (changed T, err error) {
	before, done := e.value, false
	defer func() {
		if !done {
			e.value = before
		}
	}()
	e.value = m.clone(before)
	if err := change(&e.value); err != nil {
		var none T
		return none, err
	}
	done, changed = true, e.value
	e.value = m.clone(changed) // who changed it may go on with what it refers to
	m.weighAgain(e)
	return changed, nil
}

// weighAgain notes what an entry weighs now, and makes room for it when it is kept
// already.
func (m *Memory[T]) weighAgain(e *entry[T]) {
	if m.weigh == nil {
		return
	}
	before := e.weight
	e.weight = m.weigh(e.value)
	if m.entries[e.id] == e {
		m.weight += e.weight - before
		m.lighten()
	}
}

// lighten lets the oldest go until the values are not too heavy.
func (m *Memory[T]) lighten() {
	for m.weigh != nil && m.weight > m.heaviest && len(m.entries) > 1 {
		m.evict()
	}
}

func (m *Memory[T]) evict() {
	oldest := m.oldest
	m.unlink(oldest)
	m.evicted++
	*oldest = entry[T]{} // nothing else has it
	m.spare = oldest
}

// Delete forgets a value, or returns ErrNotFound.
func (m *Memory[T]) Delete(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[id]
	if !ok {
		return ErrNotFound
	}
	m.unlink(e)
	return nil
}

// Len returns how many values are stored.
func (m *Memory[T]) Len() (int, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.entries), nil
}

// Evicted returns how many values had to make room for newer ones.
func (m *Memory[T]) Evicted() (uint64, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.evicted, nil
}

// Save copies all that is stored.
func (m *Memory[T]) Save() (Saved[T], error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	saved := Saved[T]{Evicted: m.evicted, Values: make([]Value[T], 0, len(m.entries))}
	for e := m.oldest; e != nil; e = e.newer {
		saved.Values = append(saved.Values, Value[T]{e.id, m.clone(e.value)})
	}
	return saved, nil
}

// Load puts what was saved in the place of all that is stored. What is more than
// the bounds allow makes room, the oldest first.
func (m *Memory[T]) Load(saved Saved[T]) error {
	seen := make(map[string]bool, len(saved.Values))
	for _, v := range saved.Values {
		if seen[v.ID] {
			return fmt.Errorf("value %q is there twice", v.ID)
		}
		seen[v.ID] = true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries, m.oldest, m.newest, m.weight, m.evicted = map[string]*entry[T]{}, nil, nil, 0, saved.Evicted
	for _, v := range saved.Values {
		e := m.entry(v.ID)
		e.value = m.clone(v.Value)
		m.weighAgain(e)
		m.add(e)
	}
	return nil
}

func (m *Memory[T]) link(e *entry[T]) {
	m.entries[e.id] = e
	m.weight += e.weight
	if e.older = m.newest; e.older == nil {
		m.oldest = e
	} else {
		e.older.newer = e
	}
	m.newest = e
}

func (m *Memory[T]) unlink(e *entry[T]) {
	delete(m.entries, e.id)
	m.weight -= e.weight
	if e.older == nil {
		m.oldest = e.newer
	} else {
		e.older.newer = e.newer
	}
	if e.newer == nil {
		m.newest = e.older
	} else {
		e.newer.older = e.older
	}
}
