package control

import (
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// maxFrame is how long an event may be that is kept for other streams, in bytes.
const maxFrame = 16 << 10

// frames keep exchanges as streams write them: thousands of streams that write the
// same one, or look for a text in it, have it made once. Another one takes the place of
// one with the same slot, and none outlives the news of another secret.
type frames struct {
	seed  maphash.Seed
	slots [512]atomic.Pointer[frame]
}

type frame struct {
	exchange *traffic.Exchange
	secrets  uint64            // how many were taken before
	shown    *traffic.Exchange // without secrets
	search   func() string     // what of it can be searched, in small letters
	text     []byte            // nil until a stream writes it
}

func newFrames() *frames { return &frames{seed: maphash.MakeSeed()} }

// of returns an exchange as it is shown, and where that is kept.
func (f *frames) of(e *traffic.Exchange, redact *redaction.Redactor) (*frame, *atomic.Pointer[frame]) {
	slot := f.slotOf(e)
	secrets := redact.Taken()
	if known := slot.Load(); known != nil && known.exchange == e && known.secrets == secrets {
		return known, slot
	}
	shown := redact.Exchange(e)
	made := &frame{exchange: e, secrets: secrets, shown: shown, search: sync.OnceValue(func() string { return searchable(shown) })}
	if bytesOf(shown) <= maxFrame {
		slot.Store(made)
	}
	return made, slot
}

// slotOf gives exchanges of a sandbox that follow one another slots that do, since their
// IDs count: what is told at once has all its places.
func (f *frames) slotOf(e *traffic.Exchange) *atomic.Pointer[frame] {
	n := maphash.String(f.seed, e.Sandbox)
	for i := range len(e.ID) {
		n = 10*n + uint64(e.ID[i])
	}
	return &f.slots[n%uint64(len(f.slots))]
}

// searchable is what of an exchange can be searched: its URL and its bodies.
func searchable(e *traffic.Exchange) string {
	text := e.Request.URL + "\x00" + e.Request.Body.String()
	if e.Response != nil {
		text += "\x00" + e.Response.Body.String()
	}
	return strings.ToLower(text)
}

// bytesOf is how many bytes of bodies an exchange has.
func bytesOf(e *traffic.Exchange) int {
	n := len(e.Request.Body.Kept)
	if e.Response != nil {
		n += len(e.Response.Body.Kept)
	}
	return n
}

// withoutSecrets returns an exchange as it is shown.
func (c *reader) withoutSecrets(e *traffic.Exchange) *traffic.Exchange {
	kept, _ := c.frames.of(e, c.redact)
	return kept.shown
}

// frame returns an exchange as a server-sent event, without secrets.
func (c *reader) frame(e *traffic.Exchange) []byte {
	kept, slot := c.frames.of(e, c.redact)
	if kept.text != nil {
		return kept.text
	}
	data, err := plainjson.Marshal(kept.shown)
	if err != nil { // an exchange can be written
		data = []byte("{}")
	}
	text := []byte(visible.Sprintf("event: exchange\nid: %s\ndata: %s\n\n", e.ID, data))
	if len(text) <= maxFrame {
		slot.Store(&frame{e, kept.secrets, kept.shown, kept.search, text})
	}
	return text
}
