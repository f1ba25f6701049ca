package mockserver

import (
	"encoding/hex"
	"math/rand/v2"
	"sync"
)

// ids makes IDs that follow from a seed: the n-th one is the same in every run.
type ids struct {
	mu     sync.Mutex
	random *rand.ChaCha8
}

func newIDs(seed uint64) *ids {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	copy(key[8:], "parley")
	return &ids{random: rand.NewChaCha8(key)}
}

// uuid returns a UUID of version 4, by its looks.
func (g *ids) uuid() string {
	var text [36]byte
	return string(g.append(text[:0]))
}

// append appends the next UUID.
func (g *ids) append(to []byte) []byte {
	var raw [16]byte
	g.mu.Lock()
	g.random.Read(raw[:])
	g.mu.Unlock()
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[0:8], raw[0:4])
	hex.Encode(text[9:13], raw[4:6])
	hex.Encode(text[14:18], raw[6:8])
	hex.Encode(text[19:23], raw[8:10])
	hex.Encode(text[24:36], raw[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return append(to, text[:]...)
}

// saved writes down which ID comes next.
func (g *ids) saved() []byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	state, _ := g.random.MarshalBinary() // never fails
	return state
}

// load goes on where saved was.
func (g *ids) load(state []byte) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.random.UnmarshalBinary(state)
}

// borrow lets a function make IDs that are made again afterwards.
func (g *ids) borrow(use func()) {
	state := g.saved()
	defer g.load(state) // it was saved just now, and fits
	use()
}
