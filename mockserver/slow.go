package mockserver

import (
	"context"
	"io"
	"time"

	"github.com/parleykit/parley/mockserver/clock"
)

// slowParts is in how many parts a body drips.
const slowParts = 20

// slowBody is the body of a request that drips over a time of the sandbox's clock,
// the last part at its end.
type slowBody struct {
	ctx   context.Context
	clock *clock.Clock
	rest  []byte
	over  time.Duration
	parts int // that are left of the whole
}

func (b *slowBody) Read(into []byte) (int, error) {
	if len(b.rest) == 0 {
		return 0, io.EOF
	}
	if b.parts > 0 {
		pause := b.over / time.Duration(b.parts)
		if !b.clock.Wait(b.ctx, pause) {
			return 0, b.ctx.Err()
		}
		b.over -= pause
	}
	size := len(b.rest)
	if b.parts > 1 {
		size = max(1, len(b.rest)/b.parts)
	}
	n := copy(into, b.rest[:size])
	b.rest = b.rest[n:]
	b.parts = max(b.parts-1, 0)
	return n, nil
}

func (b *slowBody) Close() error { return nil }
