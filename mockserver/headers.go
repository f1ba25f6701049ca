package mockserver

import (
	"hash/maphash"
	"net/http"
	"slices"
	"sync/atomic"
)

// headers lets exchanges with equal headers share one, because a partner sends the
// same ones again and again: they are a third of what an exchange takes. Of so many
// that were seen lately; another one takes the place of one with the same hash.
type headers struct {
	seed maphash.Seed
	seen [256]atomic.Pointer[seenHeader]
}

type seenHeader struct {
	sum    uint64
	header http.Header
}

func newHeaders() *headers { return &headers{seed: maphash.MakeSeed()} }

// shared returns an equal header that was seen before, or the given one. Nobody
// changes either.
func (h *headers) shared(given http.Header) http.Header {
	var sum uint64
	for name, values := range given { // in any order: sums don't mind
		one := maphash.String(h.seed, name)
		for _, value := range values {
			one = one*31 + maphash.String(h.seed, value)
		}
		sum += one
	}
	slot := &h.seen[sum%uint64(len(h.seen))]
	if known := slot.Load(); known != nil && known.sum == sum && equalHeaders(known.header, given) {
		return known.header
	}
	slot.Store(&seenHeader{sum, given})
	return given
}

func equalHeaders(a, b http.Header) bool {
	if len(a) != len(b) {
		return false
	}
	for name, values := range a {
		if other, ok := b[name]; !ok || !slices.Equal(values, other) {
			return false
		}
	}
	return true
}
