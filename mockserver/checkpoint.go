package mockserver

import (
	"context"
	"slices"
)

// checkpoint copies the sandbox as it is, and writes it down while things go on. Nobody
// else is inside.
func (h *history) checkpoint() {
	select {
	case h.writing <- struct{}{}:
	default:
		return
	}
	c, err := h.sandbox.current().contents()
	if err != nil {
		<-h.writing
		h.fail(err)
		return
	}
	h.since, h.bytes, h.gap = 0, 0, false
	at, missed, owed := h.last.Load(), h.missed.Load(), h.owed
	h.owed = step{}
	h.writers.Go(func() {
		defer func() { <-h.writing }()
		if err := h.writeCheckpoint(at, c); err != nil {
			h.fail(err)
			h.sandbox.gate.alone(func() { h.gap = true })
			return
		}
		h.covered.Store(missed)
		if err := h.forget(); err != nil {
			h.fail(err)
		}
	})
	if owed.Cleared || len(owed.Exchanges) > 0 {
		owed.Time = h.sandbox.server.options.Now().Round(0)
		h.append(&owed)
	}
}

// miss notes a step that is not appended. A checkpoint has the state after it, and not what
// it did to the journal.
func (h *history) miss(s *step) {
	h.missed.Add(1)
	h.gap = true
	if s.Cleared || s.Reset {
		h.owed = step{Cleared: true}
	}
	h.owed.Exchanges = append(h.owed.Exchanges, s.Exchanges...)
}

func (h *history) writeCheckpoint(at uint64, c contents) error {
	text, err := c.encoded()
	if err != nil {
		return err
	}
	return h.log.Checkpoint(context.Background(), at, text)
}

// forget lets go what is older than the journal.
func (h *history) forget() error {
	last := h.last.Load()
	from := last - min(last, maxSteps)
	h.mu.Lock()
	if oldest := h.sandbox.journal.Oldest(); oldest != nil {
		at, _ := h.place(numberOf(oldest.ID))
		h.index = slices.Clone(h.index[at:])
		if len(h.index) > 0 {
			from = max(from, h.index[0].sequence-1)
		}
	}
	h.mu.Unlock()
	return h.log.Forget(context.Background(), from)
}

// cover waits until nothing is missing any more of what was not appended: its state is in a
// checkpoint, and its exchanges are in a step.
func (h *history) cover(ctx context.Context) error {
	for h.covered.Load() < h.missed.Load() {
		h.sandbox.gate.alone(func() {
			if h.gap {
				h.checkpoint()
			}
		})
		select {
		case h.writing <- struct{}{}: // the one that was being written has ended
			<-h.writing
		case <-ctx.Done():
			return ctx.Err()
		}
		if failed := h.failed.Load(); failed != nil && h.covered.Load() < h.missed.Load() {
			return *failed
		}
	}
	return h.log.Await(ctx, h.last.Load())
}
