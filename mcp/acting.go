package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
)

// addActing offers what is done on the vendor's side.
func (s *session) addActing(server *sdk.Server) {
	add(s, server, "event_send", "Send an event to the webhook: the documented sample, changed by set.", acts, s.eventSend)
	add(s, server, "fault_set", "Let the mock misbehave. Lists what is in force.", replaces, s.faultSet)
	add(s, server, "clock_set", "The mock's time: retries and expiry follow it.", acts, s.clockSet)
}

type eventSendIn struct {
	Event    string         `json:"event"`
	Set      map[string]any `json:"set,omitempty" jsonschema:"dotted path: value"`
	Contract string         `json:"contract,omitempty"`
	Channel  string         `json:"channel,omitempty"`
	Broken   bool           `json:"broken,omitempty"`
}

type eventSendOut struct {
	State    string `json:"state"`
	Exchange string `json:"exchange,omitempty"`
	Text     string `json:"text"`
}

func (s *session) eventSend(ctx context.Context, _ *sdk.CallToolRequest, in eventSendIn) (out eventSendOut, err error) {
	return out, s.change(ctx, in.Contract, func(ctx context.Context, b *mockserver.Sandbox, c *specs.Contract) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		event := c.Operation(in.Event)
		if event == nil {
			event = c.Operation("events/" + in.Event)
		}
		if event == nil {
			return fmt.Errorf("%s has no event %q; contract_read lists them as events", c.ID, in.Event)
		}
		d, err := b.Send(ctx, mockserver.SendRequest{Vendor: c.ID, Event: event.ID, Channel: in.Channel, Set: in.Set, Broken: in.Broken, Wait: true})
		if d.ID == "" {
			return err
		}
		out = eventSendOut{State: string(d.State), Text: s.deliveryLine(b, d)}
		if n := len(d.Attempts); n > 0 {
			out.Exchange = d.Attempts[n-1]
		}
		return nil
	})
}

type faultSetIn struct {
	Rule     string `json:"rule,omitempty" jsonschema:"flags of parley fault add: operation=NAME,status=500,times=2"`
	Clear    bool   `json:"clear,omitempty" jsonschema:"first remove all"`
	Contract string `json:"contract,omitempty"`
}

type faultSetOut struct {
	Faults []string `json:"faults"`
}

func (s *session) faultSet(ctx context.Context, _ *sdk.CallToolRequest, in faultSetIn) (out faultSetOut, err error) {
	return out, s.change(ctx, in.Contract, func(ctx context.Context, b *mockserver.Sandbox, c *specs.Contract) error {
		if in.Clear {
			b.ClearFaults()
		}
		if in.Rule != "" {
			rule, err := s.Fault(in.Rule)
			if err != nil {
				return err
			}
			if rule.Vendor == "" {
				rule.Vendor = c.ID
			}
			if _, err := b.AddFault(rule); err != nil {
				return err
			}
		}
		out.Faults = []string{}
		for _, rule := range b.Faults() {
			text, err := json.Marshal(rule)
			if err != nil {
				return err
			}
			out.Faults = append(out.Faults, string(s.Redactor.JSON(text)))
		}
		return nil
	})
}

type clockSetIn struct {
	Freeze   *bool  `json:"freeze,omitempty"`
	Now      string `json:"now,omitempty" jsonschema:"RFC 3339"`
	Advance  string `json:"advance,omitempty" jsonschema:"such as 1h"`
	Contract string `json:"contract,omitempty"`
}

type clockSetOut struct {
	Now    string `json:"now"`
	Frozen bool   `json:"frozen"`
}

func (s *session) clockSet(ctx context.Context, _ *sdk.CallToolRequest, in clockSetIn) (out clockSetOut, err error) {
	var now time.Time
	if in.Now != "" {
		if now, err = time.Parse(time.RFC3339, in.Now); err != nil {
			return out, fmt.Errorf("now is %q; write it as 2026-03-04T05:06:07Z", in.Now)
		}
	}
	var by time.Duration
	if in.Advance != "" {
		if by, err = time.ParseDuration(in.Advance); err != nil || by <= 0 {
			return out, fmt.Errorf("advance is %q; write a duration such as 90s or 1h", in.Advance)
		}
	}
	return out, s.change(ctx, in.Contract, func(ctx context.Context, b *mockserver.Sandbox, _ *specs.Contract) error {
		clock := b.Clock()
		if in.Freeze != nil && *in.Freeze {
			clock.Freeze() // first, so that it shows exactly the time that is set
		}
		if in.Now != "" {
			clock.Set(now)
		}
		if in.Freeze != nil && !*in.Freeze {
			clock.Run()
		}
		if by > 0 {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			if err := clock.Advance(ctx, by); errors.Is(err, context.DeadlineExceeded) {
				return errNotInTime
			} else if err != nil {
				return err
			}
		}
		out = clockSetOut{Now: clock.Now().Format(time.RFC3339Nano), Frozen: clock.Frozen()}
		return nil
	})
}
