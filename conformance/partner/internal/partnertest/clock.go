package partnertest

import "time"

// Clock lets waiting pass only when the test says so.
type Clock struct{ waits chan chan<- time.Time }

// NewClock returns one on which up to 1,024 can wait.
func NewClock() *Clock { return &Clock{waits: make(chan chan<- time.Time, 1024)} }

// After is for partner.Options.
func (c *Clock) After(time.Duration) <-chan time.Time {
	passed := make(chan time.Time, 1)
	c.waits <- passed
	return passed
}

// Pass ends the oldest wait that has not passed, once somebody waits.
func (c *Clock) Pass() { (<-c.waits) <- time.Time{} }
