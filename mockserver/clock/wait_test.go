package clock_test

import (
	"context"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/clock"
)

func TestClockWaits(t *testing.T) {
	for name, test := range map[string]struct {
		wait    time.Duration
		frozen  bool
		release func(*clock.Clock, context.CancelFunc)
		want    bool
	}{
		"it runs":          {time.Millisecond, false, nil, true},
		"nothing to wait":  {0, true, nil, true},
		"advanced":         {time.Hour, true, func(c *clock.Clock, _ context.CancelFunc) { c.Advance(context.Background(), time.Hour) }, true},
		"runs, advanced":   {time.Hour, false, func(c *clock.Clock, _ context.CancelFunc) { c.Advance(context.Background(), time.Hour) }, true},
		"set":              {time.Hour, true, func(c *clock.Clock, _ context.CancelFunc) { c.Set(c.Now().Add(2 * time.Hour)) }, true},
		"goes on":          {time.Millisecond, true, func(c *clock.Clock, _ context.CancelFunc) { c.Run() }, true},
		"frozen, given up": {time.Millisecond, true, func(_ *clock.Clock, stop context.CancelFunc) { stop() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := clock.New(time.Now)
			if test.frozen {
				c.Freeze()
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			over := make(chan bool, 1)
			go func() { over <- c.Wait(ctx, test.wait) }()
			for {
				if test.release != nil {
					test.release(c, stop) // again, in case that the wait had not begun
				}
				select {
				case got := <-over:
					if got != test.want {
						t.Errorf("the wait says %t, want %t", got, test.want)
					}
					return
				case <-time.After(time.Millisecond):
				}
			}
		})
	}
}
