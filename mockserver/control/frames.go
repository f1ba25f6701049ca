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
	secrets  uint64            // how many were taken before
	shown    *traffic.Exchange // without secrets
	text     []byte            // nil until a stream writes it
}

func newFrames() *frames { return &frames{seed: maphash.MakeSeed()} }

// kept returns what is kept of an exchange, and where; nil when nothing is.
func (f *frames) kept(e *traffic.Exchange, secrets uint64) (*frame, *atomic.Pointer[frame]) {
	slot := &f.slots[(maphash.String(f.seed, e.ID)^maphash.String(f.seed, e.Sandbox))%uint64(len(f.slots))]
	if known := slot.Load(); known != nil && known.exchange == e && known.secrets == secrets {
		return known, slot
	}
	return nil, slot
}

// withoutSecrets returns an exchange without secrets.
func (c *API) withoutSecrets(e *traffic.Exchange) *traffic.Exchange {
	secrets := c.redact.Taken()
	known, slot := c.frames.kept(e, secrets)
	if known != nil {
		return known.shown
	}
	shown := c.redact.Exchange(e)
	if bytesOf(shown) <= maxFrame {
		slot.Store(&frame{exchange: e, secrets: secrets, shown: shown})
	}
	return shown
}

// bytesOf is how many bytes of bodies an exchange has.
func bytesOf(e *traffic.Exchange) int {
	n := len(e.Request.Body.Kept)
	if e.Response != nil {
		n += len(e.Response.Body.Kept)
	}
	return n
}

// frame returns an exchange as a server-sent event, without secrets.
func (c *API) frame(e *traffic.Exchange) []byte {
	secrets := c.redact.Taken()
	known, slot := c.frames.kept(e, secrets)
	if known != nil && known.text != nil {
		return known.text
	}
	shown := c.withoutSecrets(e)
	data, err := plainjson.Marshal(shown)
	if err != nil { // an exchange can be written
		data = []byte("{}")
	}
	text := []byte(visible.Sprintf("event: exchange\nid: %s\ndata: %s\n\n", e.ID, data))
	if len(text) <= maxFrame {
		slot.Store(&frame{e, secrets, shown, text})
	}
	return text
}
