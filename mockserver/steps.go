package mockserver

import (
	"sync"
	"sync/atomic"
)

// steps keep a snapshot from seeing half of a change. Whoever changes a sandbox is
// in a step until all that belongs together is changed, and a snapshot waits until
// nobody is. A step must not begin inside of another, nor wait for anything.
type steps struct {
	mu      sync.RWMutex
	changed atomic.Bool // since the last snapshot
}

func (s *steps) begin() { s.mu.RLock() }

func (s *steps) end() {
	if !s.changed.Load() { // a look costs less than a store, when many calls do it
		s.changed.Store(true)
	}
	s.mu.RUnlock()
}

// between looks at the sandbox while nobody is in a step.
func (s *steps) between(look func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed.Store(false)
	look()
}
