package mockserver

import (
	"context"
	"fmt"
	"math"
	"net/http"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/traffic"
)

// ErrNotHeld says that nothing is known any more of what was then. The text says since
// when there is something.
var ErrNotHeld error = &problem.Reason{Status: http.StatusGone, Kind: "history", Text: "this is not held"}

// StateAt returns what the vendors remembered after an exchange. A mock without
// Options.Ledger and Options.History begins to keep what was when it is first asked. The
// error wraps ErrNotHeld.
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

// StatesAround returns what the vendors remembered before the step of an exchange and
// after it. The error wraps ErrNotHeld.
func (b *Sandbox) StatesAround(ctx context.Context, exchange string) (before, after map[string]any, err error) {
	h, sequence, err := b.stepOf(exchange)
	if err != nil {
		return nil, nil, err
	}
	p, err := h.pastAt(ctx, sequence-1)
	if err != nil {
		return nil, nil, err
	}
	if before, err = b.stateOf(p); err != nil {
		return nil, nil, err
	}
	err = h.log.Entries(ctx, sequence, sequence, func(_ uint64, text []byte) error {
		s, err := readChange(text)
		if err == nil {
			p, err = p.take(s)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotHeld, err)
	}
	after, err = b.stateOf(p)
	return before, after, err
}

// pastAt is the sandbox as it was after an exchange; "" is after the last step.
func (b *Sandbox) pastAt(ctx context.Context, exchange string) (*past, error) {
	h, sequence, err := b.stepOf(exchange)
	if err != nil {
		return nil, err
	}
	return h.pastAt(ctx, sequence)
}

// stepOf is the step of an exchange; "" is the last step.
func (b *Sandbox) stepOf(exchange string) (h *history, sequence uint64, err error) {
	if h, err = b.remember(); err != nil {
		return nil, 0, err
	}
	b.gate.alone(func() {}) // what was just told may not have been written down yet
	if exchange == "" {
		return h, h.last.Load(), nil
	}
	sequence, ok := h.sequenceOf(exchange)
	if !ok {
		return nil, 0, h.lacks(exchange)
	}
	return h, sequence, nil
}

// pastAt is the sandbox as it was after a step.
func (h *history) pastAt(ctx context.Context, sequence uint64) (*past, error) {
	p, err := replay(ctx, h.log, math.MaxUint64, sequence, readChange, func(uint64, *step) {})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotHeld, err)
	}
	return p, nil
}

// lacks says why nothing is known of an exchange.
func (h *history) lacks(exchange string) error {
	if n := numberOf(exchange); n > 0 && n <= h.began.Load() {
		return fmt.Errorf("%w: what was is kept since the mock was first asked for it, after %s, and exchange %q came before; start it with --history or --data to have all",
			ErrNotHeld, serial.ID("ex-", h.began.Load()), exchange)
	}
	return fmt.Errorf("%w: exchange %q is not in the journal any more, or never was", ErrNotHeld, exchange)
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
