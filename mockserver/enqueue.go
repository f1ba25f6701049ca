package mockserver

import (
	"fmt"
	"strings"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
)

// send takes a sending of a behaviour's all the way to the outbox. After, unless
// it is nil, must be closed before the first attempt.
func (in *instance) send(stage *Stage, s Sending, after <-chan struct{}) (*outbox.Entry, error) {
	if stage.vendor.event(s.Event) == nil {
		return nil, fmt.Errorf("%s has no such event", stage.vendor.contract.Name)
	}
	if err := writable(stage.vendor.event(s.Event)); err != nil {
		return nil, err
	}
	s.whole = s.Body != nil
	if s.Body == nil {
		body, err := stage.bodyFor(stage.vendor.event(s.Event), "")
		if err != nil {
			return nil, err
		}
		s.Body = body
	}
	if err := stage.complete(&s); err != nil {
		return nil, err
	}
	if err := stage.envelop(stage.vendor.event(s.Event), &s); err != nil {
		return nil, err
	}
	return in.dispatch(stage, s, false, after)
}

// sendAll sends what a behaviour asked for. What cannot be sent is a delivery
// too, cancelled, so that it can be seen.
func (in *instance) sendAll(stage *Stage, sendings []Sending, after <-chan struct{}) []*outbox.Entry {
	var list []*outbox.Entry
	for _, s := range sendings {
		d, err := in.send(stage, s, after)
		if err != nil {
			m := stage.message(s)
			m.State, m.Error = outbox.Cancelled, err.Error()
			d = in.outbox.Add(m, outbox.Treatment{})
		}
		list = append(list, d)
	}
	return list
}

func (s *Stage) message(sending Sending) outbox.Message {
	sending.envelope.Trace = sending.trace
	return outbox.Message{
		Delivery: outbox.Delivery{Vendor: s.vendor.contract.ID, Event: sending.Event, Channel: sending.Channel},
		Envelope: sending.envelope, Content: sending.Body, To: sending.To,
	}
}

// dispatch records a completed sending, exposes it to faults and queues it.
func (in *instance) dispatch(stage *Stage, s Sending, broken bool, after <-chan struct{}) (*outbox.Entry, error) {
	url, err := in.urlOf(s)
	if err != nil {
		return nil, err
	}
	if event := stage.behaviour.Events[s.Event]; event.Record != nil && !broken {
		if err := event.Record(s); err != nil {
			return nil, err
		}
	}
	m := stage.message(s)
	m.URL, m.Broken = url, broken
	return in.queue(m, after)
}

// queue exposes a message to faults and hands it to the outbox.
func (in *instance) queue(m outbox.Message, after <-chan struct{}) (*outbox.Entry, error) {
	treatment := outbox.Treatment{After: after}
	if err := in.disturb(&m, &treatment); err != nil {
		return nil, err
	}
	if m.State == "" && m.URL == "" {
		m.State, m.Error = outbox.Cancelled, "no URL: the channel has none, so nothing was sent"
	}
	d := in.outbox.Add(m, treatment)
	in.sandbox.lists.Changed() // Record may have changed the state
	return d, nil
}

// urlOf is where a sending goes: to its channel, or to another target that is
// allowed.
func (in *instance) urlOf(s Sending) (string, error) {
	if s.To == "" {
		c, _ := in.channel(s.Channel)
		return c.URL, nil
	}
	u, err := target(s.To)
	if err == nil && !in.allowed(u) {
		err = notAllowed(s.To)
	}
	return s.To, err
}

// disturb lets faults act on a message.
func (in *instance) disturb(m *outbox.Message, t *outbox.Treatment) error {
	if !in.faults.Any() {
		return nil
	}
	effect := in.faults.Act(fault.Subject{Event: true, Vendor: m.Vendor, ID: m.Event, Channel: m.Channel, Body: m.Content, Now: in.clock.Now()})
	if effect == nil {
		return nil
	}
	m.Faults = effect.IDs
	if effect.Lose {
		m.State, m.Error = outbox.Lost, "withheld by fault "+strings.Join(m.Faults, ", ")
		return nil
	}
	t.Late, t.Copies, t.Together = effect.Late, effect.Copies, effect.Together
	if effect.Reorder > 0 {
		t.Hold = &outbox.Hold{Key: effect.ID, Number: effect.Reorder, Window: effect.Held()}
	}
	if len(effect.Set) == 0 {
		return nil
	}
	m.Broken = true
	m.Content = valuepath.Copy(m.Content).(map[string]any)
	if err := valuepath.PutAll(m.Content, effect.Set); err != nil {
		return fmt.Errorf("fault %s: %w", strings.Join(m.Faults, ", "), err)
	}
	return nil
}

func notAllowed(url string) error {
	return fmt.Errorf("URL %s is no channel's, and further targets are not allowed; open a channel with it, or allow it when the mock is started", url)
}
