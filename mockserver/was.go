package mockserver

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/traffic"
)

// What asking for the past may fail with.
var (
	ErrNoHistory error = &problem.Reason{Status: http.StatusConflict, Kind: "history", Text: "this mock keeps no ledger"}
	ErrNotHeld   error = &problem.Reason{Status: http.StatusGone, Kind: "history", Text: "this is not held"}
)

// Moment is a sandbox as it was after an exchange.
type Moment struct {
	Exchange string // ID
	State    map[string]any
	Before   map[string]any // as it was before the step of that exchange
}

// At returns what was known after an exchange, and before it. The error wraps
// ErrNoHistory or ErrNotHeld.
func (b *Sandbox) At(ctx context.Context, exchange string) (Moment, error) {
	m := Moment{Exchange: exchange}
	p, last, err := b.pastBefore(ctx, exchange)
	if err != nil {
		return m, err
	}
	if m.Before, err = b.stateOf(p); err != nil {
		return m, err
	}
	if p, err = p.take(last); err == nil {
		m.State, err = b.stateOf(p)
	}
	return m, err
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
	if exchange == "" {
		h := b.gate.history.Load()
		if h == nil {
			return nil, fmt.Errorf("%w: start it with --data, or Options.Ledger", ErrNoHistory)
		}
		b.gate.alone(func() {}) // what was just told may not have been written down yet
		p, _, err := h.fold(ctx, h.last.Load(), math.MaxUint64)
		return p, err
	}
	p, last, err := b.pastBefore(ctx, exchange)
	if err != nil {
		return nil, err
	}
	return p.take(last)
}

// pastBefore is the sandbox as it was before the step that has an exchange, and the step.
func (b *Sandbox) pastBefore(ctx context.Context, exchange string) (*past, *step, error) {
	h := b.gate.history.Load()
	if h == nil {
		return nil, nil, fmt.Errorf("%w: start it with --data, or Options.Ledger", ErrNoHistory)
	}
	b.gate.alone(func() {}) // what was just told may not have been written down yet
	sequence, ok := h.sequenceOf(exchange)
	if !ok {
		return nil, nil, fmt.Errorf("%w: exchange %q is not in the journal any more, or never was", ErrNotHeld, exchange)
	}
	return h.fold(ctx, sequence-1, sequence)
}

func (h *history) sequenceOf(exchange string) (uint64, bool) {
	number := numberOf(exchange)
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := slices.BinarySearchFunc(h.index, number, func(n numbered, number uint64) int { return int(int64(n.exchange - number)) })
	if !ok || number == 0 {
		return 0, false
	}
	return h.index[at].sequence, true
}

// fold goes from the checkpoint before a step through it, and returns one step more.
func (h *history) fold(ctx context.Context, through, more uint64) (p *past, next *step, err error) {
	at, text, err := h.log.State(ctx, through)
	if err == nil {
		p, err = newPast(text)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotHeld, err)
	}
	end := max(through, min(more, through+1))
	if more == math.MaxUint64 {
		end = through
	}
	err = h.log.Entries(ctx, at+1, end, func(sequence uint64, text []byte) error {
		s, err := readStep(text)
		switch {
		case err != nil:
			return fmt.Errorf("step %d: %w", sequence, err)
		case sequence > through:
			next = s
		default:
			p, err = p.take(s)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotHeld, err)
	}
	return p, next, nil
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
