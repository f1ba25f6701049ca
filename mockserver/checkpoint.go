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
	at, missed := h.last.Load(), h.missed.Load()
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

// cover waits until a checkpoint is written that has the steps which were not appended.
func (h *history) cover(ctx context.Context, missed uint64) error {
	for h.covered.Load() < missed {
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
		if failed := h.failed.Load(); failed != nil && h.covered.Load() < missed {
			return *failed
		}
	}
	return nil
}
