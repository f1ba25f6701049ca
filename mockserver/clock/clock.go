// Package clock is the time of a sandbox: it runs, stands still, is set, and is
// advanced from one thing that comes due to the next.
package clock

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Clock is the time of one sandbox: of its exchanges, deliveries, tokens and
// delays. It runs with the mock's own clock, may be set and advanced, and stands
// still while it is frozen. All methods are safe for concurrent use.
//
// An exchange lasts as long as passed on this clock: while it is frozen, nothing but
// what it was advanced meanwhile. What the network takes stays real: the timeout of
// an attempt is no wait of this clock.
type Clock struct {
	source func() time.Time
	shown  atomic.Pointer[Shown]  // changed with mu held, read without
	turned atomic.Pointer[func()] // is told of each change; nil: nobody is

	advances chan struct{} // holds one: advances follow one another

	mu      sync.Mutex
	waits   map[*waiter]struct{}
	count   uint64        // of waits ever begun
	working int           // how many are at work between two waits
	rested  chan struct{} // closed when nobody is at work any more; nil: nobody asked
}

// Shown is what a clock shows, as snapshots keep it: a fixed time, or that of the
// mock's own clock with an offset.
type Shown struct {
	Frozen bool          `json:"frozen,omitempty"`
	At     time.Time     `json:"at,omitzero"`      // of a frozen one
	Offset time.Duration `json:"offset,omitempty"` // nanoseconds, from the mock's clock
}

// New returns a clock that runs with a source, such as time.Now.
func New(source func() time.Time) *Clock {
	c := &Clock{source: source, waits: map[*waiter]struct{}{}, advances: make(chan struct{}, 1)}
	c.shown.Store(&Shown{})
	return c
}

// Shown returns what the clock shows. While nobody turned it, that stays equal.
func (c *Clock) Shown() Shown { return *c.shown.Load() }

// Show makes the clock show what another one did.
func (c *Clock) Show(shown Shown) { c.turn(func(time.Time) Shown { return shown }) }

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	shown := c.shown.Load()
	if shown.Frozen {
		return shown.At
	}
	now := c.source()
	if shown.Offset != 0 {
		now = now.Add(shown.Offset)
	}
	return now
}

// Since returns how long ago a time was; 0 when the clock was set back behind it.
func (c *Clock) Since(t time.Time) time.Duration { return max(0, c.Now().Sub(t)) }

// Frozen reports whether the clock stands still.
func (c *Clock) Frozen() bool { return c.shown.Load().Frozen }

// Freeze stops the clock where it is.
func (c *Clock) Freeze() {
	c.turn(func(now time.Time) Shown { return Shown{Frozen: true, At: now.Round(0)} })
}

// Run lets a frozen clock go on from where it stood.
func (c *Clock) Run() {
	c.turn(func(now time.Time) Shown { return Shown{Offset: now.Sub(c.source())} })
}

// Set makes the clock show a time, whether it runs or is frozen. What waited for a
// time that is then past comes due at once, all of it at the new time; Advance
// lets it come due one after the other. A clock that is set back leaves waits
// where they were: they end at the time for which they were meant.
func (c *Clock) Set(to time.Time) { c.turn(func(time.Time) Shown { return c.showing(to) }) }

// showing is a time that runs, or not, as the one that is shown now.
func (c *Clock) showing(to time.Time) Shown {
	if c.Frozen() {
		return Shown{Frozen: true, At: to.Round(0)}
	}
	return Shown{Offset: to.Sub(c.source())}
}

// turn changes what is shown, and ends the waits that are then over.
func (c *Clock) turn(change func(now time.Time) Shown) {
	defer c.tell()
	c.mu.Lock()
	defer c.mu.Unlock()
	turned := change(c.Now())
	c.shown.Store(&turned)
	for w := range c.waits {
		c.arm(w)
	}
}

// Follow has a function called after each change of what the clock shows.
func (c *Clock) Follow(turned func()) { c.turned.Store(&turned) }

func (c *Clock) tell() {
	if turned := c.turned.Load(); turned != nil {
		(*turned)()
	}
}

// Advance moves the clock ahead from one wait's end to the next, and lets the
// deliveries and answers that went on come to rest before it goes further: what
// would have happened in that time happens in its order, each at its own time. It
// returns early with ctx's error; the clock then shows how far it came.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("a clock is advanced, not turned back by %s; set it to a time instead", -d)
	}
	select {
	case c.advances <- struct{}{}:
		defer func() { <-c.advances }()
	case <-ctx.Done():
		return ctx.Err()
	}
	target := c.Now().Add(d)
	for {
		if err := c.rest(ctx); err != nil {
			return fmt.Errorf("the clock stands at %s, before %s: what came due is not done: %w", c.Now().Format(time.RFC3339), target.Format(time.RFC3339), err)
		}
		if !c.step(target) {
			return nil
		}
	}
}

// step moves the clock to the end of the next wait before a target and ends that
// wait, or else to the target.
func (c *Clock) step(target time.Time) (more bool) {
	defer c.tell()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.working > 0 {
		return true
	}
	var next *waiter
	for w := range c.waits {
		if !w.at.After(target) && (next == nil || w.before(next)) {
			next = w
		}
	}
	to := target
	if next != nil {
		to = next.at
	}
	if to.After(c.Now()) {
		turned := c.showing(to)
		c.shown.Store(&turned)
		for w := range c.waits {
			if !c.Frozen() && w != next {
				c.arm(w)
			}
		}
	}
	if next != nil {
		c.finish(next)
	}
	return next != nil
}
