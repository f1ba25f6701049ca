package mockserver

import (
	"context"
	"fmt"

	"github.com/parleykit/parley/mockserver/internal/sampleorder"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// carrier is what the outbox of an instance has done by its vendors.
func (in *instance) carrier() outbox.Carrier {
	return outbox.Carrier{
		Plan: func(m outbox.Message) outbox.Plan { return in.stageOf(m.Vendor).planOf(m.Channel) },
		Send: func(ctx context.Context, m outbox.Message, p outbox.Plan, attempt int) (*traffic.Exchange, bool) {
			stage := in.stageOf(m.Vendor)
			err := in.sandbox.Durable(ctx)
			if !in.sandbox.owned() {
				return nil, false
			}
			if err != nil {
				return stage.notAttempted(m, attempt, err), false
			}
			e := stage.attempt(ctx, m, p, attempt)
			return e, e.Response != nil && stage.delivered(p, e.Response)
		},
		Settle: in.settle,
		Ended: func(m outbox.Message, last *traffic.Exchange) {
			if event := in.stageOf(m.Vendor).behaviour.Events[m.Event]; event.Ended != nil {
				event.Ended(sendingOf(m), m.Delivery, last)
				in.sandbox.lists.Changed()
			}
		},
		Write: func(m outbox.Message) ([]byte, error) { return in.stageOf(m.Vendor).written(m) },
	}
}

// settle journals an attempt, if there was one, and notes what follows from it.
func (in *instance) settle(e *traffic.Exchange, note func()) {
	who := in.sandbox.gate.enter()
	defer in.sandbox.gate.leave(who)
	if e != nil && in == in.sandbox.current() { // else the sandbox was reset meanwhile
		in.sandbox.record(e)
		in.sandbox.gate.changes.name(who, e.ID)
	}
	note()
}

// planOf is the plan of a channel: the contract's, with what the channel has of its
// own.
func (s *Stage) planOf(channel string) outbox.Plan {
	c, _ := s.instance.channel(channel)
	p, err := s.vendor.plan.With(c.Policy)
	if err != nil {
		return s.vendor.plan // a channel's policy was checked when it was given
	}
	return p
}

// written is an event's content in JSON, as it is shown and saved; wire has it as it is
// sent.
func (s *Stage) written(m outbox.Message) ([]byte, error) {
	var o *sampleorder.Order
	if event := s.vendor.event(m.Event); event != nil {
		o = s.vendor.orders.Of(payloadOf(event), "")
	}
	return o.Encode(m.Content)
}

// delivered reports whether an answer ends a delivery well.
func (s *Stage) delivered(p outbox.Plan, answer *traffic.Response) bool {
	if s.behaviour.Delivered != nil && !p.Own {
		return s.behaviour.Delivered(answer)
	}
	return p.Succeeded(answer.Status)
}

// loadDeliveries goes on with the deliveries of a snapshot.
func (in *instance) loadDeliveries(saved outbox.Saved) error {
	known := func(m outbox.Message) error {
		stage := in.stageOf(m.Vendor)
		if stage == nil || m.State == outbox.Queued && stage.vendor.event(m.Event) == nil {
			return fmt.Errorf("there is no event %q of %q", m.Event, m.Vendor)
		}
		return nil
	}
	return in.outbox.Load(saved, known, func(m outbox.Message) error {
		u, err := target(m.URL)
		if err == nil && !in.allowed(u) {
			err = notAllowed(m.URL)
		}
		return err
	})
}

// sendingOf is what a behaviour wanted to send.
func sendingOf(m outbox.Message) Sending {
	return Sending{Event: m.Event, Channel: m.Channel, Body: m.Content, To: m.To, envelope: m.Envelope, trace: m.Trace}
}
