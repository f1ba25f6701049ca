package proxy

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// budget bounds the memory of all captures together, in bytes.
type budget struct {
	limit int64
	used  atomic.Int64
}

func (b *budget) take(n int64) bool {
	if b.used.Add(n) > b.limit {
		b.used.Add(-n)
		return false
	}
	return true
}

func (b *budget) give(n int64) { b.used.Add(-n) }

// capture is a body that is read through it: what is read is also kept, up to a
// limit. The transport may still read while the call ends, hence the lock.
type capture struct {
	source io.ReadCloser
	memory *budget
	limit  int64
	length int64 // announced, -1 when it was not

	mu   sync.Mutex
	kept []byte
	size int64
	err  error // io.EOF when all was read
	over bool  // the limit or the memory did not suffice
	done bool  // nobody keeps any more
}

// start prepares a capture. Length is the announced one, or -1.
func (c *capture) start(memory *budget, limit, length int64) {
	c.memory, c.limit, c.length = memory, limit, length
}

func (c *capture) Read(into []byte) (int, error) {
	n, err := c.source.Read(into)
	c.mu.Lock()
	c.size += int64(n)
	c.keep(into[:n])
	if err != nil && c.err == nil {
		c.err = err
	}
	c.mu.Unlock()
	return n, err
}

func (c *capture) Close() error { return c.source.Close() }

// keep appends a part as far as there is room.
func (c *capture) keep(part []byte) {
	if c.over || c.done || len(part) == 0 {
		return
	}
	if room := c.limit - int64(len(c.kept)); int64(len(part)) > room {
		part, c.over = part[:room], true
	}
	if need := len(c.kept) + len(part); need > cap(c.kept) && !c.grow(int64(need)) {
		c.over = true
		return
	}
	c.kept = append(c.kept, part...)
}

// grow makes room for need bytes: at first for what was announced, within reason,
// since a caller may announce what never comes.
func (c *capture) grow(need int64) bool {
	const first = 64 << 10
	size := max(need, min(2*int64(cap(c.kept)), c.limit))
	if cap(c.kept) == 0 {
		size = max(need, min(c.length, first, c.limit))
	}
	if !c.memory.take(size - int64(cap(c.kept))) {
		return false
	}
	grown := make([]byte, len(c.kept), size)
	copy(grown, c.kept)
	c.kept = grown
	return true
}

// captured is what a capture came to.
type captured struct {
	kept  []byte
	size  int64
	whole bool // the body was read to its end
	over  bool // less is kept than was read
	err   error
}

func (c *capture) state() captured {
	c.mu.Lock()
	defer c.mu.Unlock()
	whole := c.length >= 0 && c.size == c.length || errors.Is(c.err, io.EOF) && !errors.Is(c.err, io.ErrUnexpectedEOF)
	return captured{kept: c.kept, size: c.size, whole: whole, over: c.over, err: c.err}
}

// freeze ends the keeping: the call is over.
func (c *capture) freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = true
}

// release gives the memory back, once nobody needs what was kept.
func (c *capture) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept != nil {
		c.memory.give(int64(cap(c.kept)))
		c.done, c.kept = true, nil
	}
}
