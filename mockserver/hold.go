package mockserver

import (
	"context"
	"slices"
	"time"
)

// hold is deliveries of one lane that a fault keeps back to send them in another
// order.
type hold struct {
	list []*delivery
	full chan struct{} // closed when there are enough, or when they were taken
}

// hold keeps a delivery back until there are enough, the window has ended, or the
// outbox is closed. It is called with the lock held.
func (o *outbox) hold(d *delivery) {
	key := d.effect.ID + " " + d.lane()
	h := o.holds[key]
	if h == nil {
		h = &hold{full: make(chan struct{})}
		o.holds[key] = h
		o.clock.Begin()
		o.workers.Go(func() { o.release(h, key, d) })
	}
	h.list = append(h.list, d)
	if len(h.list) == d.effect.Reorder {
		delete(o.holds, key)
		close(h.full)
	}
}

// release waits, and lets what is held go, the last first.
func (o *outbox) release(h *hold, key string, first *delivery) {
	defer o.clock.End()
	o.untilReleased(h, first.effect.Held())
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.holds[key] == h {
		delete(o.holds, key)
	}
	for _, d := range slices.Backward(h.list) {
		o.line(d)
	}
}

// untilReleased waits for the window's end, for more deliveries, or for the end of
// the outbox, whichever is first.
func (o *outbox) untilReleased(h *hold, window time.Duration) {
	ctx, cancel := context.WithCancel(o.ctx)
	defer cancel()
	go func() {
		select {
		case <-h.full:
		case <-o.closing:
		case <-ctx.Done():
		}
		cancel()
	}()
	o.clock.Pause(ctx, window)
}

// withdraw takes a delivery that has not begun out of its lane or hold, and reports
// whether it was there. It is called with the lock held.
func (o *outbox) withdraw(d *delivery) bool {
	for _, h := range o.holds {
		if i := slices.Index(h.list, d); i >= 0 {
			h.list = slices.Delete(h.list, i, i+1)
			o.waiting--
			return true
		}
	}
	lane := o.lanes[d.lane()]
	if i := slices.Index(lane, d); i >= 0 {
		o.lanes[d.lane()] = slices.Delete(slices.Clone(lane), i, i+1)
		o.waiting--
		return true
	}
	return false
}
