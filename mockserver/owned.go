package mockserver

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/internal/problem"
)

// ErrNotOwned says that a sandbox of a shared ledger is not this mock's, or no longer.
var ErrNotOwned error = &problem.Reason{Status: http.StatusServiceUnavailable, Kind: "cluster", Text: "this replica does not have the sandbox, or just handed it over; ask again"}

// handOver is how long attempts of a sandbox that is let go may take to end.
const handOver = 2 * time.Second

// grant is the right to have a sandbox of a ledger that several mocks share.
type grant struct {
	fence  uint64
	valid  func() bool     // false: never again
	taking context.Context // bounds how long it may take to take the sandbox up; nil: nobody waits for that
}

// TakeUp gives the mock the right to have a sandbox (Options.Shared), and takes it up
// where the ledger has it. One that the ledger does not have is made when somebody uses it;
// the default one is made now. Fence goes into all that is written, and valid is asked
// before every attempt of a delivery: false means never again.
func (s *Server) TakeUp(ctx context.Context, name string, fence uint64, valid func() bool) error {
	if err := checkSandboxName(name); err != nil {
		return err
	}
	held := name == DefaultSandbox
	if !held {
		var err error
		if held, err = s.options.Ledger.Holds(ctx, name); err != nil {
			return fmt.Errorf("%w: %w", ErrLedger, err)
		}
	}
	if !held {
		s.sandboxes.grant(name, &grant{fence: fence, valid: valid})
		return nil
	}
	s.sandboxes.grant(name, &grant{fence, valid, ctx})
	b, err := s.sandboxes.takeUp(name)
	if err == nil && b.acquire() {
		err = b.refused
		b.release()
	}
	if err != nil {
		s.Lose(name)
		return err
	}
	s.sandboxes.later(name, &grant{fence: fence, valid: valid})
	return nil
}

// LetGo ends what the mock does in a sandbox, so that another one can take it up: waits
// and streams end, attempts of deliveries end within seconds or are broken off, and all is
// durable. Nothing is removed from the ledger.
func (s *Server) LetGo(ctx context.Context, name string) error {
	b := s.sandboxes.revoke(name)
	if b == nil {
		return nil
	}
	attempts, cancel := context.WithTimeout(ctx, handOver)
	defer cancel()
	return b.letGo(attempts, ctx)
}

// Lose ends what the mock does in a sandbox that another one may have now: at once, and
// without another word to the ledger.
func (s *Server) Lose(name string) {
	if b := s.sandboxes.revoke(name); b != nil {
		b.letGo(atOnce(), atOnce())
	}
}

// Has reports whether there is a sandbox of that name here.
func (s *Server) Has(name string) bool { return s.Existing(name) != nil }

// letGo ends a sandbox that was taken out. Attempts and ctx bound how long attempts of
// deliveries and the last writing take.
func (b *Sandbox) letGo(attempts, ctx context.Context) error {
	b.users.Store(gone)
	b.end()
	if in := b.current(); in != nil {
		in.outbox.Suspend(attempts, "the sandbox moved to another replica")
	}
	b.journal.Close()
	if h := b.gate.history.Load(); h != nil {
		return h.close(ctx)
	}
	return nil
}

// owned reports whether the mock may still act in the sandbox.
func (b *Sandbox) owned() bool {
	return b.grant == nil || b.users.Load() >= 0 && b.grant.valid()
}

// grant notes the right to have a sandbox.
func (s *sandboxes) grant(name string, g *grant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants[name] = g
}

// later puts another right in the place of one, for a sandbox that is made anew. It changes
// nothing where that was taken away meanwhile.
func (s *sandboxes) later(name string, g *grant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.grants[name]; old != nil && old.fence == g.fence {
		s.grants[name] = g
	}
}

// takeUp puts a sandbox that was granted among those that are there, however many are.
func (s *sandboxes) takeUp(name string) (*Sandbox, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.grants[name]
	if g == nil || s.closed {
		return nil, ErrNotOwned
	}
	if name == DefaultSandbox {
		b := newSandbox(s.server, SandboxOptions{}, s.server.options.Journal)
		b.grant = g
		s.server.sandbox.Store(b)
		return b, nil
	}
	return s.put(SandboxOptions{Name: name, Idle: s.limits.Idle}, g), nil
}

// revoke takes a sandbox out, with the right to have it; nil: there was none.
func (s *sandboxes) revoke(name string) *Sandbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.grants, name)
	if name == DefaultSandbox {
		return s.server.sandbox.Swap(nil)
	}
	b := s.byName[name]
	if b != nil {
		delete(s.byName, name)
		s.number.Add(-1)
	}
	return b
}
