package mockserver

import (
	"context"

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

// Sandbox is one isolated copy of state, clock, IDs, faults, channels,
// deliveries and journal. All methods are safe for concurrent use.
type Sandbox struct {
	server *Server
}

type world struct{}
type vendor struct{}

// Journal returns the record of exchanges. It stays the same after a reset.
func (b *Sandbox) Journal() *traffic.Journal { panic("not yet") }

// OpenChannel creates a channel, or opens it again under its ID, queues what the
// vendor then sends, and waits until that has ended or ctx has.
func (b *Sandbox) OpenChannel(ctx context.Context, c Channel) (Channel, []Delivery, error) {
	panic("not yet")
}

// Channel returns the channel with that ID.
func (b *Sandbox) Channel(id string) (Channel, bool) { panic("not yet") }

// Channels returns all channels, oldest first.
func (b *Sandbox) Channels() []Channel { panic("not yet") }

// CloseChannel forgets a channel without telling the partner.
func (b *Sandbox) CloseChannel(id string) bool { panic("not yet") }

// Send makes the vendor's side act: the event's documented sample, completed by
// the behaviour and changed by Set, is queued for delivery.
func (b *Sandbox) Send(ctx context.Context, r SendRequest) (Delivery, error) { panic("not yet") }

// Compose returns the body that Send would send, and records nothing.
func (b *Sandbox) Compose(r SendRequest) (map[string]any, error) { panic("not yet") }

// Deliver makes one attempt of a free request, waits for its end and journals it.
func (b *Sandbox) Deliver(ctx context.Context, r Raw) *traffic.Exchange { panic("not yet") }

// AddFault puts a fault in force and returns it with its ID.
func (b *Sandbox) AddFault(f Fault) (Fault, error) { panic("not yet") }

// Faults returns the faults that are in force or have acted, oldest first.
func (b *Sandbox) Faults() []Fault { panic("not yet") }

// RemoveFault ends a fault.
func (b *Sandbox) RemoveFault(id string) bool { panic("not yet") }

// ClearFaults ends all faults.
func (b *Sandbox) ClearFaults() { panic("not yet") }

// Deliveries returns the kept deliveries, oldest first.
func (b *Sandbox) Deliveries() []Delivery { panic("not yet") }

// Delivery returns the delivery with that ID.
func (b *Sandbox) Delivery(id string) (Delivery, bool) { panic("not yet") }

// State returns what the vendors remember, by contract ID.
func (b *Sandbox) State() map[string]any { panic("not yet") }

// Reset puts the sandbox back to its beginning: state, IDs, faults, channels,
// deliveries and journal. Deliveries under way are broken off.
func (b *Sandbox) Reset() error { panic("not yet") }
