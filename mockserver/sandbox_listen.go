package mockserver

import (
	"context"

	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// Listen returns the next attempt of the channels whose URL is "listen:<name>", or
// false when ctx ended before one came. Whoever takes one must bring its answer
// with Complete before its timeout.
func (b *Sandbox) Listen(ctx context.Context, name string) (outbox.Lease, bool) {
	return b.current().listeners.Take(ctx, name)
}

// Complete brings the answer of an attempt that Listen returned. It reports false
// when nobody waits for it any more.
func (b *Sandbox) Complete(name, id string, answer outbox.Answer) bool {
	if answer.Response != nil {
		response := *answer.Response
		body, _ := uncoded(response.Body.Kept, response.Header, b.server.options.BodyLimit)
		response.Body = traffic.NewBody(body, 0)
		answer.Response = &response
	}
	return b.current().listeners.Complete(name, id, answer)
}
