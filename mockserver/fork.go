package mockserver

import (
	"context"

	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/outbox"
)

// Fork makes a sandbox that is what another one was after an exchange, "" for what it is
// now: with its clock, which goes on from what it showed then, its seed and its next IDs.
// The journal begins empty. Deliveries that had not ended are cancelled there, because the
// other sandbox carries them out; a retry sends one. The other sandbox stays as it is. Of
// the options Name and Idle are used. The error wraps ErrNotHeld, or what
// NewSandbox fails with.
func (s *Server) Fork(ctx context.Context, from *Sandbox, exchange string, o SandboxOptions) (*Sandbox, error) {
	origin, err := from.originAt(ctx, exchange)
	if err != nil {
		return nil, err
	}
	if !origin.Clock.Frozen {
		origin.Clock = clock.Shown{Offset: origin.shows().Sub(s.options.Now())}
	}
	origin.Outbox = origin.Outbox.Cancelled("the sandbox was forked from " + from.Name() + ", which sends this one; a retry sends it from here too")
	o.Seed, o.Now, o.Frozen = &origin.Seed, from.begins.Now, from.begins.Frozen
	b, err := s.sandboxes.addFrom(o, &origin)
	if err != nil {
		return nil, err
	}
	if b.acquire() {
		b.release()
	}
	if b.refused != nil {
		s.sandboxes.remove(b.name)
		return nil, b.refused
	}
	return b, nil
}

// originAt is the sandbox as it was after an exchange, "" for as it is. Where nothing has
// happened since, that is copied from what is there.
func (b *Sandbox) originAt(ctx context.Context, exchange string) (origin snapshot, err error) {
	if exchange == "" {
		b.gate.alone(func() { origin, err = b.current().live() })
		return origin, err
	}
	h, sequence, err := b.stepOf(exchange)
	if err != nil {
		return origin, err
	}
	newest := false
	b.gate.alone(func() {
		if newest = h.last.Load() == sequence && !h.gap; newest {
			origin, err = b.current().live()
		}
	})
	if newest {
		return origin, err
	}
	p, err := h.pastAt(ctx, sequence)
	if err != nil {
		return origin, err
	}
	return p.now()
}

// beginning is what a forked sandbox begins with; nil for any other.
func (b *Sandbox) beginning() *snapshot {
	if b.origin == nil {
		return nil
	}
	s := *b.origin
	b.origin = nil
	s.Begins = savedOptions{Now: b.begins.Now, Frozen: b.begins.Frozen, Idle: b.begins.Idle}
	s.Outbox = keptBy(s.Outbox, b.deliveries())
	return &s
}

// keptBy is an outbox of which all has ended, with no more than so many deliveries.
func keptBy(saved outbox.Saved, most int) outbox.Saved {
	if n := len(saved.Kept); n > most {
		saved.Kept = saved.Kept[n-most:]
	}
	return saved
}
