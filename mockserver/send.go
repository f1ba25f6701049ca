package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/tracecontext"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// SendRequest makes the vendor's side act.
type SendRequest struct {
	Vendor  string         `json:"vendor,omitempty"`  // may be empty when the mock plays one vendor
	Event   string         `json:"event"`             // ID
	Channel string         `json:"channel,omitempty"` // may be empty when one channel stands out
	Set     map[string]any `json:"set,omitempty"`     // dotted path = value: {"data.text": "Hello"}
	Body    map[string]any `json:"body,omitempty"`    // instead of the sample; what it has stays as it is
	Sample  string         `json:"sample,omitempty"`  // name; default the documented one
	To      string         `json:"to,omitempty"`      // instead of the channel's URL; must be allowed
	Wait    bool           `json:"wait,omitempty"`    // until the delivery has ended
	Broken  bool           `json:"broken,omitempty"`  // send it even if it breaks the contract
}

// ErrNoURL says that a channel has no URL to which an event could be sent.
var ErrNoURL = outbox.ErrNoURL

// Send makes the vendor's side act: the event's documented sample, completed by
// the behaviour and changed by Set, is queued for delivery. With Wait it returns
// when the delivery has ended, or with ctx's error.
func (b *Sandbox) Send(ctx context.Context, r SendRequest) (outbox.Delivery, error) {
	in := b.current()
	d, err := in.sendNow(traceOf(ctx), r)
	if err != nil {
		return outbox.Delivery{}, err
	}
	if !r.Wait {
		return d.View(), nil
	}
	return d.Wait(ctx), ctx.Err()
}

// sendNow composes an event and queues it, in one step.
func (in *instance) sendNow(trace tracecontext.Context, r SendRequest) (*outbox.Entry, error) {
	defer in.sandbox.gate.leave(in.sandbox.gate.enter())
	stage, s, err := in.compose(r)
	if err != nil {
		return nil, err
	}
	s.trace = trace
	event := stage.vendor.event(s.Event)
	if found := breaches(stage.judged(event, s.Body)); len(found) > 0 && !r.Broken {
		return nil, fmt.Errorf("the body would break the contract: %s; correct it, or set \"broken\" to send it all the same", strings.Join(found, "; "))
	}
	if found := breaches(stage.judgedParameters(event, s)); len(found) > 0 && !r.Broken {
		return nil, fmt.Errorf("the request would break the contract: %s; correct the document, or set \"broken\" to send it all the same", strings.Join(found, "; "))
	}
	if err := in.sendable(s); err != nil {
		return nil, err
	}
	d, err := in.dispatch(stage, s, r.Broken, nil)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", s.Event, err)
	}
	return d, nil
}

// sendable says when a sending has nowhere to go.
func (in *instance) sendable(s Sending) error {
	if c, _ := in.channel(s.Channel); s.To == "" && c.URL == "" {
		return fmt.Errorf("%w: channel %s has none; open it again with one (POST /_parley/channels), or say with \"to\" where to send", ErrNoURL, s.Channel)
	}
	return nil
}

// Compose returns the body that Send would send, and records nothing. The IDs in it are
// used up.
func (b *Sandbox) Compose(r SendRequest) (map[string]any, error) {
	defer b.gate.leave(b.gate.enter())
	_, s, err := b.current().compose(r)
	return s.Body, err
}

// compose finds vendor, event and channel of a request and makes its body.
func (in *instance) compose(r SendRequest) (*Stage, Sending, error) {
	stage, err := in.chosenStage(r.Vendor)
	if err != nil {
		return nil, Sending{}, err
	}
	event := stage.vendor.event(r.Event)
	if event == nil {
		return nil, Sending{}, fmt.Errorf("%s has no event %q; it sends %s%s", stage.vendor.contract.Name, r.Event, strings.Join(eventIDs(stage.vendor.contract), ", "), near.Aside(r.Event, eventIDs(stage.vendor.contract)))
	}
	channel, err := in.chosenChannel(stage.vendor, r.Channel)
	if err != nil {
		return nil, Sending{}, err
	}
	if err := writable(event); err != nil {
		return nil, Sending{}, err
	}
	s := Sending{Event: r.Event, Channel: channel.ID, To: r.To, given: r.Set, whole: r.Body != nil}
	if r.Body != nil {
		s.Body = valuepath.Copy(r.Body).(map[string]any)
	} else if s.Body, err = stage.bodyFor(event, r.Sample); err != nil {
		return nil, Sending{}, err
	}
	if err := set(event, s.Body, r); err != nil {
		return nil, Sending{}, err
	}
	if err := stage.complete(&s); err != nil {
		return nil, Sending{}, err
	}
	if err := stage.envelop(event, &s); err != nil && !r.Broken {
		return nil, Sending{}, err
	}
	return stage, s, nil
}

// set changes a body as a request asks. Of an event that has none its parameters are
// changed, when they get their values.
func set(event *specs.Operation, body map[string]any, r SendRequest) error {
	if takesBody(event) {
		return valuepath.PutAll(body, r.Set)
	}
	if r.Body != nil && !r.Broken {
		return fmt.Errorf("%s has no body; set \"broken\" to send one all the same", event.Name())
	}
	var names []string
	for _, p := range event.Parameters {
		names = append(names, p.Name)
	}
	for name := range r.Set {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s has no body, and no parameter %q; what \"set\" can change of it is %s", event.Name(), name, cmp.Or(strings.Join(names, ", "), "nothing"))
		}
	}
	return nil
}

func (in *instance) chosenStage(vendor string) (*Stage, error) {
	if stages := in.stages(); vendor == "" && len(stages) == 1 {
		return stages[0], nil
	}
	if stage := in.stageOf(vendor); stage != nil {
		return stage, nil
	}
	if vendor == "" {
		return nil, fmt.Errorf("say which vendor is meant; the mock plays %s", specs.JoinIDs(in.sandbox.server.Contracts()))
	}
	return nil, fmt.Errorf("no vendor %q; the mock plays %s", vendor, specs.JoinIDs(in.sandbox.server.Contracts()))
}

func eventIDs(c *specs.Contract) []string {
	list := make([]string, len(c.Events))
	for i, e := range c.Events {
		list[i] = e.ID
	}
	return list
}

func (s *Stage) complete(sending *Sending) error {
	if event := s.behaviour.Events[sending.Event]; event.Complete != nil {
		return event.Complete(sending)
	}
	return nil
}

// breaches lists findings of severity error in words.
func breaches(findings []traffic.Finding) []string {
	var list []string
	for _, f := range findings {
		if f.Severity.AtLeast(traffic.Error) {
			list = append(list, fmt.Sprintf("%s at %q: expected %s, got %s", f.Code, f.Pointer, f.Expected, f.Actual))
		}
	}
	return slices.Compact(list)
}
