package mcp

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
)

// patience is how long a tool waits for the integration, or for what the clock brings.
const patience = 30 * time.Second

// addPlaying offers the tools that start the vendor and let it begin anew.
func (s *session) addPlaying(server *sdk.Server) {
	add(s, server, "mock_start", "Play the vendor, and connect the webhook of your integration.", acts, s.mockStart)
	add(s, server, "mock_reset", "Forget all: state, channels, faults, journal, clock.", replaces, s.mockReset)
}

type mockStartIn struct {
	Contract string `json:"contract"`
	Webhook  string `json:"webhook,omitempty" jsonschema:"URL"`
	Token    string `json:"token,omitempty"`
	Channel  string `json:"channel,omitempty"`
}

type mockStartOut struct {
	URL     string   `json:"url" jsonschema:"where the API begins"`
	Channel string   `json:"channel,omitempty"`
	Lines   []string `json:"lines"`
}

func (s *session) mockStart(ctx context.Context, _ *sdk.CallToolRequest, in mockStartIn) (out mockStartOut, err error) {
	if in.Webhook != "" {
		if err := s.allowed("webhook", in.Webhook); err != nil {
			return out, err
		}
	}
	c, err := s.contract(in.Contract)
	if err != nil {
		return out, err
	}
	if len(c.Events) == 0 && in.Webhook+in.Token+in.Channel != "" {
		return out, fmt.Errorf("%s sends no events, so there is no channel; leave out webhook, token and channel", c.ID)
	}
	if _, err = s.play(c); err != nil {
		return out, err
	}
	token := s.token(c.ID, in.Token)
	err = s.change(ctx, c.ID, func(ctx context.Context, b *mockserver.Sandbox, c *specs.Contract) error {
		out.URL, out.Lines = b.BaseURL(), []string{}
		if n := len(c.NotJudged); n > 0 {
			out.Lines = append(out.Lines, "not judged of the contract: "+plural.Of(n, "thing")+", which contract_read names")
		}
		if len(c.Events) == 0 {
			return nil
		}
		channel, deliveries, err := s.connect(ctx, b, mockserver.Channel{ID: in.Channel, Vendor: c.ID, Token: token, URL: in.Webhook})
		if out.Channel = channel.ID; channel.Address != "" {
			out.Lines = append(out.Lines, "calls of the channel go to "+channel.Address)
		}
		for _, d := range deliveries {
			out.Lines = append(out.Lines, s.deliveryLine(b, d))
		}
		return err
	})
	return out, err
}

// connect opens a channel; without a URL there is nobody who could be told.
func (s *session) connect(ctx context.Context, b *mockserver.Sandbox, c mockserver.Channel) (mockserver.Channel, []outbox.Delivery, error) {
	if c.URL == "" {
		opened, err := b.PutChannel(c)
		return opened, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	opened, deliveries, err := b.OpenChannel(ctx, c)
	if opened.ID != "" {
		err = nil // what was not delivered in time says so itself
	}
	return opened, deliveries, err
}

// deliveryLine says what became of an event.
func (s *session) deliveryLine(b *mockserver.Sandbox, d outbox.Delivery) string {
	line := fmt.Sprintf("events/%s: %s", d.Event, d.State)
	if d.Status != 0 {
		line += fmt.Sprintf(", answered %d", d.Status)
	}
	if d.Error != "" {
		line += ", " + s.Redactor.Text(d.Error)
	}
	if n := len(d.Attempts); n > 0 {
		line += " (" + d.Attempts[n-1] + ")"
		if e, ok := b.Journal().Get(d.Attempts[n-1]); ok {
			for _, f := range s.Redactor.Exchange(e).Findings {
				line += "; " + f.String()
			}
		}
	}
	return visible.Shorten(line, lineBytes)
}

type ofContract struct {
	Contract string `json:"contract,omitempty"`
}

type resetOut struct {
	URL string `json:"url"`
}

func (s *session) mockReset(ctx context.Context, _ *sdk.CallToolRequest, in ofContract) (out resetOut, err error) {
	return out, s.change(ctx, in.Contract, func(_ context.Context, b *mockserver.Sandbox, _ *specs.Contract) error {
		b.Reset()
		out.URL = b.BaseURL()
		return nil
	})
}

// errNotInTime says that what was asked for goes on.
var errNotInTime = errors.New("it did not come to rest within " + patience.String() + ", and goes on; traffic_wait tells what comes")
