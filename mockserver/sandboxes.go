package mockserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/mockserver/outbox"
)

// sweepEvery is how often a mock looks for sandboxes that nobody uses any more.
const sweepEvery = time.Minute

// sandboxes are the named sandboxes of a mock, which come and go.
type sandboxes struct {
	server *Server
	limits SandboxLimits

	mu     sync.RWMutex
	byName map[string]*Sandbox
	grants map[string]*grant        // of those that the mock may have; nil: it may have all
	number atomic.Int64             // of them
	ending map[string]chan struct{} // those that were removed and have not ended; closed at the end
	sweep  *time.Timer              // nil before the first sandbox
	closed bool
}

func newSandboxes(s *Server) *sandboxes {
	all := &sandboxes{server: s, limits: s.options.Sandboxes, byName: map[string]*Sandbox{}, ending: map[string]chan struct{}{}}
	if s.options.Shared {
		all.grants = map[string]*grant{}
	}
	return all
}

// use returns a sandbox, which it makes if it is not there yet, unless the request that asks
// for it, where there is one, may not. Until its release it is not idle.
func (s *sandboxes) use(name string, r *http.Request) (*Sandbox, error) {
	if name == "" || name == DefaultSandbox {
		if b := s.server.Sandbox(); b != nil {
			return b, nil
		}
		return nil, ErrNotOwned
	}
	for {
		if b := s.find(name); b != nil && b.acquire() {
			if b.refused == nil {
				return b, nil
			}
			b.release()
			s.dropRefused(b)
			return nil, b.refused
		}
		if r != nil {
			if err := cmp.Or(s.server.Foreign(r, "make the sandbox "+name), s.server.covered(name)); err != nil {
				return nil, err
			}
		}
		b, err := s.add(SandboxOptions{Name: name})
		if err != nil && !errors.Is(err, ErrSandboxTaken) {
			return nil, err
		}
		if err == nil && b.acquire() {
			if b.refused == nil {
				return b, nil
			}
			b.release()
		}
	}
}

// dropRefused takes out a sandbox that could not be made, where the next try may succeed.
func (s *sandboxes) dropRefused(b *Sandbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.grant != nil && s.byName[b.name] == b {
		delete(s.byName, b.name)
		s.number.Add(-1)
	}
}

// goOn takes up the named sandboxes that the ledger has.
func (s *sandboxes) goOn() error {
	if s.server.options.Ledger == nil || s.server.options.Shared {
		return nil
	}
	names, err := s.server.options.Ledger.Sandboxes(context.Background())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrLedger, err)
	}
	for _, name := range names {
		if name == DefaultSandbox {
			continue
		}
		b, err := s.use(name, nil)
		switch {
		case errors.Is(err, ErrLedger): // whoever calls it is told
		case err != nil:
			return err
		default:
			b.release()
		}
	}
	return nil
}

// find returns a named sandbox that is there, or nil.
func (s *sandboxes) find(name string) *Sandbox {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if b := s.byName[name]; b != nil && !b.idle() {
		return b
	}
	return nil
}

// add makes a sandbox whose name is free.
func (s *sandboxes) add(o SandboxOptions) (*Sandbox, error) { return s.addFrom(o, nil) }

// addFrom is add of one that was forked from another.
func (s *sandboxes) addFrom(o SandboxOptions, origin *snapshot) (*Sandbox, error) {
	if err := checkSandboxName(o.Name); err != nil {
		return nil, err
	}
	s.removeIdle()
	s.mu.Lock()
	defer s.mu.Unlock()
	for ending := s.ending[o.Name]; ending != nil; ending = s.ending[o.Name] {
		s.mu.Unlock()
		<-ending // nothing is left of the one before
		s.mu.Lock()
	}
	switch {
	case o.Name == DefaultSandbox || s.byName[o.Name] != nil:
		return nil, fmt.Errorf("%w: %s; remove it first, or reset it", ErrSandboxTaken, o.Name)
	case s.closed:
		return nil, fmt.Errorf("%w: the mock is being closed", ErrSandboxes)
	case s.grants != nil && s.grants[o.Name] == nil:
		return nil, ErrNotOwned
	case len(s.byName) >= s.limits.Number:
		return nil, fmt.Errorf("%w: there are %d, as many as this mock keeps; remove some with DELETE /_parley/sandboxes/{name}, or start the mock with room for more", ErrSandboxes, len(s.byName))
	}
	if err := s.room(o.Name); err != nil {
		return nil, err
	}
	if o.Idle <= 0 {
		o.Idle = s.limits.Idle
	}
	b := s.put(o, s.grants[o.Name])
	b.origin = origin
	return b, nil
}

// put makes a sandbox. The lock is held.
func (s *sandboxes) put(o SandboxOptions, g *grant) *Sandbox {
	b := newSandbox(s.server, o, s.limits.Journal)
	b.grant = g
	s.byName[o.Name] = b
	s.number.Add(1)
	if s.sweep == nil {
		s.sweep = time.AfterFunc(sweepEvery, s.tick)
	}
	return b
}

// list returns the named sandboxes by name.
func (s *sandboxes) list() []*Sandbox {
	s.removeIdle()
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.byName), func(a, b *Sandbox) int { return strings.Compare(a.name, b.name) })
}

// remove ends a sandbox, whoever uses it. The error says why the ledger still has it, or
// that another mock may.
func (s *sandboxes) remove(name string) (there bool, err error) {
	s.mu.Lock()
	b := s.byName[name]
	if b != nil {
		s.take(b)
	}
	elsewhere := s.grants != nil && s.grants[name] == nil
	s.mu.Unlock()
	switch {
	case b == nil && elsewhere:
		return false, ErrNotOwned
	case b == nil:
		return false, nil
	}
	b.retire(true)
	return true, s.end(b, "the sandbox was removed")
}

// take takes a sandbox out that is to be removed. The lock is held.
func (s *sandboxes) take(b *Sandbox) {
	delete(s.byName, b.name)
	s.number.Add(-1)
	s.ending[b.name] = make(chan struct{})
}

// end breaks off what is under way in a sandbox that was taken out.
func (s *sandboxes) end(b *Sandbox, why string) error {
	_, err := b.close(atOnce(), why)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.ending[b.name])
	delete(s.ending, b.name)
	return err
}

// removeIdle ends those that nobody used for long.
func (s *sandboxes) removeIdle() {
	var removed []*Sandbox
	s.mu.Lock()
	for _, b := range s.byName {
		if b.idle() && b.retire(false) {
			s.take(b)
			removed = append(removed, b)
		}
	}
	s.mu.Unlock()
	for _, b := range removed { // one that the ledger still has is found idle once more
		s.end(b, "the sandbox was removed: nobody used it for "+b.begins.Idle.String())
	}
}

func (s *sandboxes) tick() {
	s.removeIdle()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.sweep.Reset(sweepEvery)
	}
}

// close ends all sandboxes side by side, and the default one with them.
func (s *sandboxes) close(ctx context.Context, why string) []outbox.Delivery {
	s.mu.Lock()
	s.closed = true
	if s.sweep != nil {
		s.sweep.Stop()
	}
	s.mu.Unlock()
	all := s.list()
	if b := s.server.sandbox.Load(); b != nil {
		all = append([]*Sandbox{b}, all...)
	}
	lists := make([][]outbox.Delivery, len(all))
	var group sync.WaitGroup
	for i, b := range all {
		group.Go(func() {
			if b.grant != nil {
				b.letGo(ctx, ctx) // another replica goes on with it
				return
			}
			lists[i], _ = b.close(ctx, why) // nothing is removed
		})
	}
	group.Wait()
	return slices.Concat(lists...)
}
