package mockserver

import (
	"fmt"
	"strings"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/mockserver/fault"
)

// send takes a sending of a behaviour's all the way to the outbox. After, unless
// it is nil, must be closed before the first attempt.
func (w *world) send(stage *Stage, s Sending, after <-chan struct{}) (*delivery, error) {
	if stage.vendor.event(s.Event) == nil {
		return nil, fmt.Errorf("%s has no such event", stage.vendor.contract.Name)
	}
	s.whole = s.Body != nil
	if s.Body == nil {
		body, err := sampleOf(stage.vendor.contract, stage.vendor.event(s.Event), "")
		if err != nil {
			return nil, err
		}
		s.Body = body
	}
	if err := stage.complete(&s); err != nil {
		return nil, err
	}
	return w.dispatch(stage, s, false, after)
}

// sendAll sends what a behaviour asked for. What cannot be sent is a delivery
// too, cancelled, so that it can be seen.
func (w *world) sendAll(stage *Stage, sendings []Sending, after <-chan struct{}) []*delivery {
	var list []*delivery
	for _, s := range sendings {
		d, err := w.send(stage, s, after)
		if err != nil {
			d = w.newDelivery(stage, s)
			d.State, d.Error, d.Ended = DeliveryCancelled, err.Error(), stage.Now()
			w.outbox.add(d)
		}
		list = append(list, d)
	}
	return list
}

func (w *world) newDelivery(stage *Stage, s Sending) *delivery {
	return &delivery{stage: stage, sending: s, Delivery: Delivery{
		Vendor: stage.vendor.contract.ID, Event: s.Event, Channel: s.Channel,
		State: DeliveryQueued, Queued: stage.Now(),
	}}
}

// dispatch records a completed sending, exposes it to faults and queues it.
func (w *world) dispatch(stage *Stage, s Sending, broken bool, after <-chan struct{}) (*delivery, error) {
	url, err := w.urlOf(s)
	if err != nil {
		return nil, err
	}
	if event := stage.behaviour.Events[s.Event]; event.Record != nil && !broken {
		if err := event.Record(s); err != nil {
			return nil, err
		}
	}
	d := w.newDelivery(stage, s)
	d.URL, d.broken, d.after = url, broken, after
	if err := w.disturb(d); err != nil {
		return nil, err
	}
	if d.State == DeliveryQueued && url == "" {
		d.State, d.Error, d.Ended = DeliveryCancelled, "no URL: the channel has none, so nothing was sent", stage.Now()
	}
	w.addWithCopies(d)
	return d, nil
}

// urlOf is where a sending goes: to its channel, or to another target that is
// allowed.
func (w *world) urlOf(s Sending) (string, error) {
	if s.To == "" {
		c, _ := w.channel(s.Channel)
		return c.URL, nil
	}
	u, err := target(s.To)
	if err == nil && !w.allowed(u) {
		err = notAllowed(s.To)
	}
	return s.To, err
}

// addWithCopies queues a delivery and what a fault sends beside it.
func (w *world) addWithCopies(d *delivery) {
	var copies []*delivery
	for range d.copies() {
		next := d.again()
		next.Faults = d.Faults
		next.effect = &fault.Effect{Late: d.effect.Late}
		copies = append(copies, next)
	}
	if len(copies) > 0 && d.effect.Together {
		d.twins, copies = copies, nil
	}
	w.outbox.add(d)
	w.sandbox.stateChanged() // Record may have changed the state
	for _, next := range copies {
		next.CopyOf = d.ID
		w.outbox.add(next)
	}
}

// disturb lets a fault act on a delivery.
func (w *world) disturb(d *delivery) error {
	if !w.faults.Any() {
		return nil
	}
	d.effect = w.faults.Act(fault.Subject{Event: true, Vendor: d.Vendor, ID: d.Event, Channel: d.Channel, Body: d.sending.Body, Now: d.stage.Now()})
	if d.effect == nil {
		return nil
	}
	d.Faults = d.effect.IDs
	if d.effect.Lose {
		d.State, d.Error, d.Ended = DeliveryLost, "withheld by fault "+strings.Join(d.Faults, ", "), d.stage.Now()
		return nil
	}
	if len(d.effect.Set) == 0 {
		return nil
	}
	d.broken = true
	d.sending.Body = valuepath.Copy(d.sending.Body).(map[string]any)
	if err := valuepath.PutAll(d.sending.Body, d.effect.Set); err != nil {
		return fmt.Errorf("fault %s: %w", strings.Join(d.Faults, ", "), err)
	}
	return nil
}

func notAllowed(url string) error {
	return fmt.Errorf("URL %s is no channel's, and further targets are not allowed; open a channel with it, or allow it when the mock is started", url)
}
