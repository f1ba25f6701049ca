package outbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// An event that the partner takes at the second attempt, ten minutes after the first.
// Who has the outbox says how an attempt is made, and what is noted of it.
func ExampleOutbox() {
	c := clock.New(time.Now)
	c.Freeze()
	began := c.Now()
	box := outbox.New(c, outbox.Carrier{
		Plan: func(outbox.Message) outbox.Plan {
			plan, err := outbox.Plan{Timeout: time.Second}.With(outbox.Policy{Attempts: 3, Backoff: "10m"})
			if err != nil {
				panic(err)
			}
			return plan
		},
		Send: func(_ context.Context, m outbox.Message, p outbox.Plan, attempt int) (*traffic.Exchange, bool) {
			status := 503
			if attempt > 1 {
				status = 200
			}
			fmt.Println("attempt", attempt, "of", m.Event, "after", c.Since(began), "is answered", status)
			return &traffic.Exchange{ID: fmt.Sprint("ex-", attempt), Response: &traffic.Response{Status: status}}, p.Succeeded(status)
		},
		Settle: func(_ *traffic.Exchange, note func()) { note() },
		Ended:  func(m outbox.Message, _ *traffic.Exchange) { fmt.Println(m.ID, m.State) },
		Write:  func(m outbox.Message) ([]byte, error) { return json.Marshal(m.Content) },
	}, outbox.Limits{Most: func(n int) int { return n }, Kept: func() int { return outbox.MaxKept }})

	event := outbox.Message{Delivery: outbox.Delivery{Event: "changed", URL: "http://partner.example/"}, Content: map[string]any{"ticket": "T-1"}}
	sent := box.Add(event, outbox.Treatment{})
	if err := c.Advance(context.Background(), time.Hour); err != nil {
		fmt.Println(err)
	}
	fmt.Println(sent.View().Attempts)
	box.Close(context.Background(), "the example is over")
	// Output:
	// attempt 1 of changed after 0s is answered 503
	// attempt 2 of changed after 10m0s is answered 200
	// dl-000001 delivered
	// [ex-1 ex-2]
}
