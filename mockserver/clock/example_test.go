package clock_test

import (
	"context"
	"fmt"
	"time"

	"github.com/parleykit/parley/mockserver/clock"
)

// An hour passes at once, and what came due in it comes in its order.
func ExampleClock_Advance() {
	c := clock.New(time.Now)
	c.Freeze()
	c.Set(time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC))
	began := c.Now()

	done := make(chan struct{})
	c.Begin() // the clock lets this come to rest before it goes further
	go func() {
		defer close(done)
		defer c.End()
		for _, wait := range []time.Duration{time.Minute, 20 * time.Minute} {
			c.Pause(context.Background(), wait)
			fmt.Println("after", c.Since(began))
		}
	}()
	if err := c.Advance(context.Background(), time.Hour); err != nil {
		fmt.Println(err)
	}
	<-done
	fmt.Println("it is", c.Now().Format(time.TimeOnly))
	// Output:
	// after 1m0s
	// after 21m0s
	// it is 08:08:09
}
