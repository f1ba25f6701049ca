package mockserver

import (
	"context"
	"fmt"
	"math"
	"net/http"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/traffic"
)

// What asking for the past may fail with.
var (
	ErrNoHistory error = &problem.Reason{Status: http.StatusConflict, Kind: "history", Text: "this mock keeps no ledger"}
	ErrNotHeld   error = &problem.Reason{Status: http.StatusGone, Kind: "history", Text: "this is not held"}
)

// StateAt returns what the vendors remembered after an exchange. The error wraps
// ErrNoHistory or ErrNotHeld.
func (b *Sandbox) StateAt(ctx context.Context, exchange string) (map[string]any, error) {
	p, err := b.pastAt(ctx, exchange)
	if err != nil {
		return nil, err
	}
	return b.stateOf(p)
}

// SnapshotAt returns what Snapshot would have returned after an exchange; "" is after
// all that happened so far.
func (b *Sandbox) SnapshotAt(ctx context.Context, exchange string) ([]byte, error) {
	p, err := b.pastAt(ctx, exchange)
	if err != nil {
		return nil, err
	}
	s, err := p.now()
	if err != nil {
		return nil, err
	}
	return s.encoded()
}

// pastAt is the sandbox as it was after an exchange; "" is after the last step.
func (b *Sandbox) pastAt(ctx context.Context, exchange string) (*past, error) {
	h := b.gate.history.Load()
	if h == nil {
		return nil, fmt.Errorf("%w: start it with --data, or Options.Ledger", ErrNoHistory)
	}
	b.gate.alone(func() {}) // what was just told may not have been written down yet
	sequence := h.last.Load()
	if exchange != "" {
		var ok bool
		if sequence, ok = h.sequenceOf(exchange); !ok {
			return nil, fmt.Errorf("%w: exchange %q is not in the journal any more, or never was", ErrNotHeld, exchange)
		}
	}
	p, err := replay(ctx, h.log, math.MaxUint64, sequence, func(uint64, *step) {})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotHeld, err)
	}
	return p, nil
}

func (h *history) sequenceOf(exchange string) (uint64, bool) {
	number := numberOf(exchange)
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.place(number)
	if !ok || number == 0 {
		return 0, false
	}
	return h.index[at].sequence, true
}

// stateOf is what the vendors remembered.
func (b *Sandbox) stateOf(p *past) (map[string]any, error) {
	s, err := p.now()
	if err != nil {
		return nil, err
	}
	s.Outbox = s.Outbox.Cancelled("")
	s.Clock = clock.Shown{Frozen: true, At: p.shows()}
	return b.recalled(s)
}

// recalled is what the vendors remember in a snapshot.
func (b *Sandbox) recalled(s snapshot) (map[string]any, error) {
	apart := newSandbox(b.server, b.begins, traffic.Limits{})
	apart.apart = true
	apart.acquire()
	if err := apart.current().load(s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	return apart.State(), nil
}
