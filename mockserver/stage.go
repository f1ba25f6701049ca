package mockserver

import (
	"time"

	"github.com/parleykit/parley/specs"
)

// Stage is what a behaviour may use of its sandbox. It may be used by several
// goroutines at once.
type Stage struct {
	world  *world
	vendor *vendor
}

// Contract returns the vendor's contract with the readings in force.
func (s *Stage) Contract() *specs.Contract { panic("not yet") }

// Reading returns the option in force for a reading.
func (s *Stage) Reading(id string) string { panic("not yet") }

// Now returns the sandbox's time.
func (s *Stage) Now() time.Time { panic("not yet") }

// NewID returns a UUID that follows from the seed.
func (s *Stage) NewID() string { panic("not yet") }

// BaseURL returns how partners reach the mock; "" while it is not known.
func (s *Stage) BaseURL() string { panic("not yet") }

// Channel returns a channel of this vendor.
func (s *Stage) Channel(id string) (Channel, bool) { panic("not yet") }

// Channels returns the channels of this vendor, oldest first.
func (s *Stage) Channels() []Channel { panic("not yet") }

// AddChannel creates a channel without sending anything. It fails when the ID is
// taken.
func (s *Stage) AddChannel(c Channel) (Channel, error) { panic("not yet") }

// UpdateChannel changes a channel of this vendor in one step.
func (s *Stage) UpdateChannel(id string, change func(*Channel) error) (Channel, error) {
	panic("not yet")
}

// Queue sends an event as a delivery of its own.
func (s *Stage) Queue(sending Sending) (Delivery, error) { panic("not yet") }
