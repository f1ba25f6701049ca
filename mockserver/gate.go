package mockserver

import (
	"sync"
	"sync/atomic"
)

// gate keeps a snapshot from seeing half of a change. Whoever changes a sandbox is
// inside until all that belongs together is changed, and a snapshot waits until
// nobody is. Who is inside must not enter again, nor wait for anything.
type gate struct {
	mu      sync.RWMutex
	changes changes                 // who is inside made them
	history atomic.Pointer[history] // nil: nothing is written down. Set once, while nobody is inside
}

// enter returns what leave takes.
func (g *gate) enter() *actor { return g.enterAgain(nil) }

// enterAgain lets in who was inside before, as the same one.
func (g *gate) enterAgain(who *actor) *actor {
	g.mu.RLock()
	if h := g.history.Load(); h != nil {
		g.mu.RUnlock()
		g.mu.Lock()
		h.begin()
	}
	return g.changes.come(who)
}

func (g *gate) leave(who *actor) {
	g.changes.gone(who)
	if h := g.history.Load(); h != nil {
		h.end()
		g.mu.Unlock()
		return
	}
	g.mu.RUnlock()
}

// replaced changes the sandbox while nobody is inside.
func (g *gate) replaced(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

// alone looks at the sandbox while nobody is inside, and leaves all as it was.
func (g *gate) alone(look func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	look()
}
