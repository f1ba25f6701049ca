package mockserver

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Stage is what a behaviour may use of its sandbox. It may be used by several
// goroutines at once.
type Stage struct {
	instance    *instance
	vendor      *vendor
	behaviour   Behaviour
	collections []collection
}

// Contract returns the vendor's contract with the readings in force.
func (s *Stage) Contract() *specs.Contract { return s.vendor.contract }

// Judge returns what a value that the vendor sends breaks of a payload of the contract,
// the worst first.
func (s *Stage) Judge(payload string, value any) ([]traffic.Finding, error) {
	body, err := plainjson.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("payload %s: %w", payload, err)
	}
	return s.vendor.judge.Sent(specs.FromVendor).Payload(payload, validator.Decode(body)), nil
}

// Now returns the sandbox's time.
func (s *Stage) Now() time.Time { return s.instance.clock.Now() }

// NewID returns a UUID that follows from the seed.
func (s *Stage) NewID() string { return s.instance.ids.uuid() }

// AppendID appends what NewID would return.
func (s *Stage) AppendID(to []byte) []byte { return s.instance.ids.append(to) }

// BaseURL returns how partners reach this vendor's paths in this sandbox; without
// scheme and host while they are not known.
func (s *Stage) BaseURL() string { return s.instance.sandbox.BaseURL() }

// Bound returns how many values of a collection the sandbox may keep where the
// default sandbox keeps so many: a named one a tenth, but not less than 100.
func (s *Stage) Bound(most int) int { return s.instance.sandbox.bound(most) }

// Channel returns a channel of this vendor.
func (s *Stage) Channel(id string) (Channel, bool) {
	c, ok := s.instance.channel(id)
	return c, ok && c.Vendor == s.vendor.contract.ID
}

// Channels returns the channels of this vendor, oldest first.
func (s *Stage) Channels() []Channel { return s.instance.channelsOf(s.vendor.contract.ID) }

// AddChannel creates a channel without sending anything. It fails when the ID is
// taken.
func (s *Stage) AddChannel(c Channel) (Channel, error) { return s.instance.addChannel(s.vendor, c) }

// UpdateChannel changes a channel of this vendor in one step. Its ID and vendor
// stay as they are.
func (s *Stage) UpdateChannel(id string, change func(*Channel) error) (Channel, error) {
	return s.instance.channels.Update(id, func(c *Channel) error {
		if c.Vendor != s.vendor.contract.ID {
			return store.ErrNotFound
		}
		vendor := c.Vendor
		if err := change(c); err != nil {
			return err
		}
		c.ID, c.Vendor, c.Address = id, vendor, ""
		s.Secret(c.Token)
		return nil
	})
}

// Queue sends an event as a delivery of its own. The sending goes the way of all
// others: it is completed, recorded, and exposed to faults.
func (s *Stage) Queue(sending Sending) (outbox.Delivery, error) {
	d, err := s.instance.send(s, sending, nil)
	if err != nil {
		return outbox.Delivery{}, fmt.Errorf("event %s: %w", sending.Event, err)
	}
	return d.View(), nil
}

// Secret takes what the vendor gives out as a secret, such as a token, or takes for
// one, such as a user's password: it is shown nowhere.
func (s *Stage) Secret(values ...string) { s.instance.sandbox.Redactor().Met(values...) }

// addState lets a vendor know of more.
func (s *Stage) addState(state json.RawMessage) error {
	s.instance.sandbox.Redactor().MetIn(state)
	if s.behaviour.AddState == nil {
		return fmt.Errorf("nothing can be added to what %s remembers", s.vendor.contract.Name)
	}
	return s.behaviour.AddState(state)
}
