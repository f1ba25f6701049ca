package clock

import (
	"context"
	"time"
)

// waiter is one who waits for a time.
type waiter struct {
	at     time.Time
	number uint64
	works  bool // Advance lets it come to rest before time goes on
	timer  *time.Timer
	over   chan struct{}
}

func (w *waiter) before(other *waiter) bool {
	if !w.at.Equal(other.at) {
		return w.at.Before(other.at)
	}
	return w.number < other.number
}

// Wait waits until so much time has passed on this clock, and reports false when
// ctx ended first. Advance does not wait for what the caller then does.
func (c *Clock) Wait(ctx context.Context, d time.Duration) bool { return c.wait(ctx, d, false) }

// Begin says that something is at work that Advance lets come to rest: until its
// End, except while it pauses.
func (c *Clock) Begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.working++
}

// End says that what began is done.
func (c *Clock) End() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave()
}

func (c *Clock) leave() {
	if c.working--; c.working == 0 && c.rested != nil {
		close(c.rested)
		c.rested = nil
	}
}

// Pause is Wait for one who is between Begin and End.
func (c *Clock) Pause(ctx context.Context, d time.Duration) bool { return c.wait(ctx, d, true) }

func (c *Clock) wait(ctx context.Context, d time.Duration, works bool) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	c.mu.Lock()
	c.count++
	w := &waiter{at: c.Now().Add(d), number: c.count, works: works, over: make(chan struct{})}
	c.waits[w] = struct{}{}
	c.arm(w)
	if works {
		c.leave()
	}
	c.mu.Unlock()
	select {
	case <-w.over:
		return true
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		c.finish(w)
		return false
	}
}

// arm ends a wait whose time has come, and else sees to it that it will end.
func (c *Clock) arm(w *waiter) {
	if w.timer != nil {
		w.timer.Stop()
	}
	left := w.at.Sub(c.Now())
	switch {
	case left <= 0:
		c.finish(w)
	case !c.Frozen():
		w.timer = time.AfterFunc(left, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if !c.Frozen() || !w.at.After(c.Now()) { // frozen just before
				c.finish(w)
			}
		})
	}
}

// finish ends a wait. Who works is at work from this moment on.
func (c *Clock) finish(w *waiter) {
	if _, waits := c.waits[w]; !waits {
		return
	}
	delete(c.waits, w)
	if w.timer != nil {
		w.timer.Stop()
	}
	if w.works {
		c.working++
	}
	close(w.over)
}

// rest waits until nobody is at work.
func (c *Clock) rest(ctx context.Context) error {
	c.mu.Lock()
	if c.working == 0 {
		c.mu.Unlock()
		return ctx.Err()
	}
	if c.rested == nil {
		c.rested = make(chan struct{})
	}
	rested := c.rested
	c.mu.Unlock()
	select {
	case <-rested:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
