package mockserver

import (
	"sync"
	"sync/atomic"
)

// changes tells those who watch a sandbox's state that it may have changed.
type changes struct {
	count    atomic.Int32 // of watchers: nobody pays while there are none
	mu       sync.Mutex
	watchers map[chan struct{}]struct{}
}

// watch returns a channel that has something in it whenever the state may have
// changed since it was last received from.
func (c *changes) watch() (changed chan struct{}, stop func()) {
	changed = make(chan struct{}, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watchers == nil {
		c.watchers = map[chan struct{}]struct{}{}
	}
	c.watchers[changed] = struct{}{}
	c.count.Add(1)
	return changed, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watchers, changed)
		c.count.Add(-1)
	}
}

func (c *changes) tell() {
	if c.count.Load() == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for changed := range c.watchers {
		select {
		case changed <- struct{}{}:
		default: // it knows already
		}
	}
}
