package mockserver

import (
	"context"
	"fmt"

	"github.com/parleykit/parley/mockserver/outbox"
)

// OpenChannel creates a channel, or opens the one with its ID again in the form
// given here, queues what the vendor then sends, and waits until those deliveries
// have ended or ctx has. Vendor may be empty when the mock plays one.
func (b *Sandbox) OpenChannel(ctx context.Context, c Channel) (Channel, []outbox.Delivery, error) {
	w := b.current()
	stage, err := w.chosenStage(c.Vendor)
	if err != nil {
		return Channel{}, nil, err
	}
	opened, queued, err := w.openAndTell(stage, c)
	if err != nil {
		return Channel{}, nil, err
	}
	var deliveries []outbox.Delivery
	for _, d := range queued {
		deliveries = append(deliveries, d.Wait(ctx))
	}
	opened, _ = b.Channel(opened.ID)
	return opened, deliveries, ctx.Err()
}

// openAndTell opens a channel and queues what the vendor then sends, in one step.
func (w *world) openAndTell(stage *Stage, c Channel) (Channel, []*outbox.Entry, error) {
	w.sandbox.steps.begin()
	defer w.sandbox.steps.end()
	opened, err := w.openChannel(stage.vendor, c)
	if err != nil || stage.behaviour.Opened == nil {
		return opened, nil, err
	}
	return opened, w.sendAll(stage, stage.behaviour.Opened(opened), nil), nil
}

// PutChannel is OpenChannel without telling the partner.
func (b *Sandbox) PutChannel(c Channel) (Channel, error) {
	w := b.current()
	stage, err := w.chosenStage(c.Vendor)
	if err != nil {
		return Channel{}, err
	}
	b.steps.begin()
	defer b.steps.end()
	opened, err := w.openChannel(stage.vendor, c)
	return w.addressed(opened), err
}

// Channel returns the channel with that ID.
func (b *Sandbox) Channel(id string) (Channel, bool) {
	w := b.current()
	c, ok := w.channel(id)
	return w.addressed(c), ok
}

// Channels returns all channels, oldest first.
func (b *Sandbox) Channels() []Channel {
	w := b.current()
	list := w.channelsOf("")
	for i := range list {
		list[i] = w.addressed(list[i])
	}
	return list
}

// ChangeChannel changes a channel without telling the partner. Its ID and vendor
// stay as they are. The error says what it cannot be.
func (b *Sandbox) ChangeChannel(id string, change func(*Channel)) (Channel, error) {
	w := b.current()
	c, ok := w.channel(id)
	if !ok {
		return Channel{}, fmt.Errorf("%w: there is no channel %q; GET /_parley/channels lists them", ErrNoChannel, id)
	}
	b.steps.begin()
	defer b.steps.end()
	stage := w.stageOf(c.Vendor)
	c, err := stage.UpdateChannel(id, func(c *Channel) error {
		change(c)
		return c.check(stage.vendor)
	})
	return w.addressed(c), err
}

// RemoveChannel forgets a channel without telling the partner.
func (b *Sandbox) RemoveChannel(id string) bool {
	b.steps.begin()
	defer b.steps.end()
	return b.current().channels.Delete(id) == nil
}
