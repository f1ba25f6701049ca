package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/outbox"
)

// ErrNoDelivery says that there is no delivery of that ID.
var ErrNoDelivery error = &problem.Reason{Status: http.StatusNotFound, Kind: "delivery", Text: "no such delivery"}

// delivery returns a kept delivery.
func (in *instance) delivery(id string) (*outbox.Entry, error) {
	d := in.outbox.Find(id)
	if d == nil {
		return nil, fmt.Errorf("%w: there is no delivery %q; GET /_parley/deliveries lists them", ErrNoDelivery, id)
	}
	return d, nil
}

// Deliveries returns the kept deliveries, oldest first.
func (b *Sandbox) Deliveries() []outbox.Delivery { return b.current().outbox.List() }

// Delivery returns the delivery with that ID.
func (b *Sandbox) Delivery(id string) (outbox.Delivery, bool) {
	d := b.current().outbox.Find(id)
	if d == nil {
		return outbox.Delivery{}, false
	}
	return d.View(), true
}

// Retry queues a delivery again that was not delivered: the same one, to the URL
// that its channel has now. Its attempts go on counting, and no fault acts on it.
func (b *Sandbox) Retry(id string) (outbox.Delivery, error) {
	in := b.current()
	d, err := in.delivery(id)
	if err != nil {
		return outbox.Delivery{}, err
	}
	defer b.gate.leave(b.gate.enter())
	c, _ := in.channel(d.Channel)
	if err := d.Retry(c.URL); err != nil {
		return outbox.Delivery{}, err
	}
	return d.View(), nil
}

// Cancel ends a delivery that has not ended, and returns when it has or ctx ends.
func (b *Sandbox) Cancel(ctx context.Context, id string) (outbox.Delivery, error) {
	d, err := b.current().delivery(id)
	if err != nil {
		return outbox.Delivery{}, err
	}
	who := b.gate.enter()
	err = d.Cancel()
	b.gate.leave(who)
	if err != nil {
		return outbox.Delivery{}, err
	}
	return d.Wait(ctx), ctx.Err()
}

// ReplayRequest says how a delivery is sent again.
type ReplayRequest struct {
	To   string `json:"to,omitempty"`   // instead of where it went; must be allowed
	Wait bool   `json:"wait,omitempty"` // until the delivery has ended
}

// Replay sends the body of an earlier delivery again, as a delivery of its own:
// to its channel's URL, or to another target that is allowed. The vendor notes no
// new event, and faults act as on any other. With Wait it returns when the delivery
// has ended, or with ctx's error.
func (b *Sandbox) Replay(ctx context.Context, id string, r ReplayRequest) (outbox.Delivery, error) {
	in := b.current()
	earlier, err := in.delivery(id)
	if err != nil {
		return outbox.Delivery{}, err
	}
	s := sendingOf(earlier.Message)
	s.To, s.trace = cmp.Or(r.To, s.To), traceOf(ctx)
	if err := in.sendable(s); err != nil {
		return outbox.Delivery{}, err
	}
	d, err := in.sendAgain(earlier.Message, s)
	if err != nil {
		return outbox.Delivery{}, fmt.Errorf("delivery %s: %w", id, err)
	}
	if !r.Wait {
		return d.View(), nil
	}
	return d.Wait(ctx), ctx.Err()
}

// sendAgain exposes an earlier message to faults and queues it, in one step.
func (in *instance) sendAgain(earlier outbox.Message, s Sending) (*outbox.Entry, error) {
	defer in.sandbox.gate.leave(in.sandbox.gate.enter())
	url, err := in.urlOf(s)
	if err != nil {
		return nil, err
	}
	m := in.stageOf(earlier.Vendor).message(s)
	m.URL, m.Broken, m.CopyOf = url, earlier.Broken, earlier.ID
	return in.queue(m, nil)
}

// CountDeliveries adds how many deliveries are in each state to the counts.
func (b *Sandbox) CountDeliveries(to map[outbox.State]int) { b.current().outbox.Count(to) }
