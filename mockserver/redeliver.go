package mockserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/internal/problem"
)

// ErrNoDelivery says that there is no delivery of that ID.
var ErrNoDelivery error = &problem.Reason{Status: http.StatusNotFound, Kind: "delivery", Text: "no such delivery"}

// ErrNotNow says that a delivery is in a state in which it can't do what is asked.
var ErrNotNow error = &problem.Reason{Status: http.StatusConflict, Kind: "state", Text: "not now"}

// found returns a kept delivery.
func (w *world) found(id string) (*delivery, error) {
	d := w.outbox.find(id)
	if d == nil {
		return nil, fmt.Errorf("%w: there is no delivery %q; GET /_parley/deliveries lists them", ErrNoDelivery, id)
	}
	return d, nil
}

// Retry queues a delivery again that was not delivered: the same one, to the URL
// that its channel has now. Its attempts go on counting, and no fault acts on it.
func (b *Sandbox) Retry(id string) (Delivery, error) {
	w := b.current()
	d, err := w.found(id)
	if err != nil {
		return Delivery{}, err
	}
	b.steps.begin()
	defer b.steps.end()
	c, _ := w.channel(d.Channel)
	if err := w.outbox.retry(d, c.URL); err != nil {
		return Delivery{}, err
	}
	return w.outbox.view(d), nil
}

func (o *outbox) retry(d *delivery, url string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if d.sending.To == "" && url != "" {
		d.URL = url
	}
	switch {
	case d.State == DeliveryDelivered:
		return fmt.Errorf("%w: delivery %s was delivered; replay it to send it again", ErrNotNow, d.ID)
	case d.State == DeliveryQueued || d.State == DeliveryDelivering:
		return fmt.Errorf("%w: delivery %s is %s; wait for its end, or cancel it", ErrNotNow, d.ID, d.State)
	case o.closed != "":
		return fmt.Errorf("%w: %s", ErrNotNow, o.closed)
	case d.URL == "":
		return fmt.Errorf("%w: channel %s has none; open it again with one (POST /_parley/channels)", ErrNoURL, d.Channel)
	}
	d.State, d.Error, d.Status, d.effect, d.twins, d.after = DeliveryQueued, "", 0, nil, nil, nil
	d.Ended, d.due, d.left = time.Time{}, time.Time{}, false
	o.queue(d)
	return nil
}

// Cancel ends a delivery that has not ended, and returns when it has or ctx ends.
func (b *Sandbox) Cancel(ctx context.Context, id string) (Delivery, error) {
	w := b.current()
	d, err := w.found(id)
	if err != nil {
		return Delivery{}, err
	}
	b.steps.begin()
	err = w.outbox.cancelNow(d)
	b.steps.end()
	if err != nil {
		return Delivery{}, err
	}
	return w.outbox.wait(ctx, d), ctx.Err()
}

const cancelled = "cancelled on request"

func (o *outbox) cancelNow(d *delivery) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case d.State != DeliveryQueued && d.State != DeliveryDelivering:
		return fmt.Errorf("%w: delivery %s has ended, %s", ErrNotNow, d.ID, d.State)
	case o.withdraw(d):
		o.cancel(d, cancelled)
	default:
		d.stop(errors.New(cancelled)) // whoever carries it out ends it
	}
	return nil
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
func (b *Sandbox) Replay(ctx context.Context, id string, r ReplayRequest) (Delivery, error) {
	w := b.current()
	earlier, err := w.found(id)
	if err != nil {
		return Delivery{}, err
	}
	s := earlier.sending
	if r.To != "" {
		s.To = r.To
	}
	if c, _ := w.channel(s.Channel); s.To == "" && c.URL == "" {
		return Delivery{}, fmt.Errorf("%w: channel %s has none; open it again with one (POST /_parley/channels), or say with \"to\" where to send", ErrNoURL, s.Channel)
	}
	d, err := w.redispatch(earlier, s)
	if err != nil {
		return Delivery{}, fmt.Errorf("delivery %s: %w", id, err)
	}
	if !r.Wait {
		return w.outbox.view(d), nil
	}
	return w.outbox.wait(ctx, d), ctx.Err()
}

// redispatch exposes an earlier sending to faults and queues it, in one step.
func (w *world) redispatch(earlier *delivery, s Sending) (*delivery, error) {
	w.sandbox.steps.begin()
	defer w.sandbox.steps.end()
	url, err := w.urlOf(s)
	if err != nil {
		return nil, err
	}
	d := w.newDelivery(earlier.stage, s)
	d.URL, d.broken, d.CopyOf = url, earlier.broken, earlier.ID
	if err := w.disturb(d); err != nil {
		return nil, err
	}
	w.addWithCopies(d)
	return d, nil
}
