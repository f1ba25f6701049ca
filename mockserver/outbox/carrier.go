package outbox

import (
	"context"

	"github.com/parleykit/parley/traffic"
)

// Carrier is what an outbox has done for it by those whose messages it delivers.
type Carrier struct {
	// Plan says how a message is delivered. It is asked when its turn has come.
	Plan func(Message) Plan
	// Send makes one attempt, counted from 1, and reports whether the partner took the
	// message. The exchange is not in the journal yet; nil: none was made, and no other may
	// be here any more.
	Send func(ctx context.Context, m Message, p Plan, attempt int) (e *traffic.Exchange, taken bool)
	// Settle journals an exchange, unless it is nil, and calls note, both in one step:
	// a snapshot has both or neither.
	Settle func(e *traffic.Exchange, note func())
	// Ended is told of the end of a message that was queued, with its last exchange; nil:
	// there was none.
	Ended func(m Message, last *traffic.Exchange)
	// Write returns the content of a message in JSON, as it is shown and saved.
	Write func(Message) ([]byte, error)
}
