package control

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// maxFrame is how long an event may be that is kept for other streams, in bytes.
const maxFrame = 16 << 10

// frames keep exchanges as streams write them: thousands of streams that write the
// same one have it encoded once. Another one takes the place of one with the same
// hash, and none outlives the news of another secret.
type frames struct {
	seed  maphash.Seed
	slots [512]atomic.Pointer[frame]
}

type frame struct {
	exchange *traffic.Exchange
	secrets  uint64 // how many were taken before
	text     []byte
}

func newFrames() *frames { return &frames{seed: maphash.MakeSeed()} }

// frame returns an exchange as a server-sent event, without secrets.
func (c *API) frame(e *traffic.Exchange) []byte {
	slot := &c.frames.slots[(maphash.String(c.frames.seed, e.ID)^maphash.String(c.frames.seed, e.Sandbox))%uint64(len(c.frames.slots))]
	secrets := c.redact.Taken()
	if known := slot.Load(); known != nil && known.exchange == e && known.secrets == secrets {
		return known.text
	}
	data, err := plainjson.Marshal(c.redact.Exchange(e))
	if err != nil { // an exchange can be written
		data = []byte("{}")
	}
	text := []byte(visible.Sprintf("event: exchange\nid: %s\ndata: %s\n\n", e.ID, data))
	if len(text) <= maxFrame {
		slot.Store(&frame{e, secrets, text})
	}
	return text
}
