package mockserver

import (
	"context"
	"fmt"

	"github.com/parleykit/parley/internal/tracecontext"
	"github.com/parleykit/parley/mockserver/outbox"
)

// OpenChannel creates a channel, or opens the one with its ID again in the form
// given here, queues what the vendor then sends, and waits until those deliveries
// have ended or ctx has. Vendor may be empty when the mock plays one.
func (b *Sandbox) OpenChannel(ctx context.Context, c Channel) (Channel, []outbox.Delivery, error) {
	in := b.current()
	stage, err := in.chosenStage(c.Vendor)
	if err != nil {
		return Channel{}, nil, err
	}
	opened, queued, err := in.openAndTell(traceOf(ctx), stage, c)
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
func (in *instance) openAndTell(trace tracecontext.Context, stage *Stage, c Channel) (Channel, []*outbox.Entry, error) {
	defer in.sandbox.gate.leave(in.sandbox.gate.enter())
	opened, err := in.openChannel(stage.vendor, c)
	if err != nil || stage.behaviour.Opened == nil {
		return opened, nil, err
	}
	return opened, in.sendAll(stage, tracedBy(trace, stage.behaviour.Opened(opened)), nil), nil
}

// PutChannel is OpenChannel without telling the partner.
func (b *Sandbox) PutChannel(c Channel) (Channel, error) {
	in := b.current()
	stage, err := in.chosenStage(c.Vendor)
	if err != nil {
		return Channel{}, err
	}
	defer b.gate.leave(b.gate.enter())
	opened, err := in.openChannel(stage.vendor, c)
	return in.withAddress(opened), err
}

// Channel returns the channel with that ID.
func (b *Sandbox) Channel(id string) (Channel, bool) {
	in := b.current()
	c, ok := in.channel(id)
	return in.withAddress(c), ok
}

// Channels returns all channels, oldest first.
func (b *Sandbox) Channels() []Channel {
	in := b.current()
	list := in.channelsOf("")
	for i := range list {
		list[i] = in.withAddress(list[i])
	}
	return list
}

// ChangeChannel changes a channel without telling the partner. Its ID and vendor
// stay as they are. The error says what it cannot be.
func (b *Sandbox) ChangeChannel(id string, change func(*Channel)) (Channel, error) {
	in := b.current()
	c, ok := in.channel(id)
	if !ok {
		return Channel{}, fmt.Errorf("%w: there is no channel %q; GET /_parley/channels lists them", ErrNoChannel, id)
	}
	defer b.gate.leave(b.gate.enter())
	stage := in.stageOf(c.Vendor)
	c, err := stage.UpdateChannel(id, func(c *Channel) error {
		change(c)
		return c.check(stage.vendor)
	})
	return in.withAddress(c), err
}

// RemoveChannel forgets a channel without telling the partner.
func (b *Sandbox) RemoveChannel(id string) bool {
	defer b.gate.leave(b.gate.enter())
	return b.current().channels.Delete(id) == nil
}
