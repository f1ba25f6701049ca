package outbox

import (
	"context"
	"slices"
	"time"
)

// batch is entries of one lane that are kept back to be sent in another order.
type batch struct {
	list []*Entry
	full chan struct{} // closed when there are enough, or when they were taken
}

// keepBack holds an entry until there are enough, the window has ended, or the
// outbox is closed. It is called with the lock held.
func (o *Outbox) keepBack(e *Entry) {
	key := e.hold.Key + " " + e.lane()
	b := o.batches[key]
	if b == nil {
		b = &batch{full: make(chan struct{})}
		o.batches[key] = b
		o.clock.Begin()
		o.workers.Go(func() { o.release(b, key, e.hold.Window) })
	}
	b.list = append(b.list, e)
	if len(b.list) == e.hold.Number {
		delete(o.batches, key)
		close(b.full)
	}
}

// release waits, and lets what is held go, the last first.
func (o *Outbox) release(b *batch, key string, window time.Duration) {
	defer o.clock.End()
	o.untilReleased(b, window)
	if o.going.Err() != nil {
		return // it is held by whoever goes on
	}
	o.carrier.Settle(nil, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.batches[key] == b {
			delete(o.batches, key)
		}
		for _, e := range slices.Backward(b.list) {
			o.enqueue(e)
		}
	})
}

// untilReleased waits for the window's end, for more entries, or for the end of the
// outbox, whichever is first.
func (o *Outbox) untilReleased(b *batch, window time.Duration) {
	ctx, cancel := context.WithCancel(o.ctx)
	defer cancel()
	go func() {
		select {
		case <-b.full:
		case <-o.closing:
		case <-ctx.Done():
		}
		cancel()
	}()
	o.clock.Pause(ctx, window)
}
