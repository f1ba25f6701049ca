package traffic

import (
	"context"
	"sync"
)

// Journal is the ordered record of exchanges, bounded in number and in bytes:
// the oldest make room for the newest. It is safe for concurrent use.
type Journal struct {
	mu      sync.Mutex
	limits  Limits
	ring    []*Exchange // a queue: head is the oldest
	head    int
	count   int
	bytes   int64
	added   uint64 // exchanges ever appended
	dropped uint64 // of them, no longer kept
	watch   map[*Subscription]struct{}
}

// Limits bound a journal. Zero values mean the defaults.
type Limits struct {
	Exchanges int   // default 10,000
	Bytes     int64 // of bodies, headers and findings, estimated; default 64 MiB
}

// NewJournal returns an empty journal.
func NewJournal(limits Limits) *Journal {
	if limits.Exchanges <= 0 {
		limits.Exchanges = 10_000
	}
	if limits.Bytes <= 0 {
		limits.Bytes = 64 << 20
	}
	return &Journal{limits: limits, watch: map[*Subscription]struct{}{}}
}

// Append records an exchange, which the caller must not change afterwards.
func (j *Journal) Append(e *Exchange) {
	size := e.size()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.push(e)
	j.bytes += size
	for j.count > j.limits.Exchanges || (j.bytes > j.limits.Bytes && j.count > 1) {
		j.bytes -= j.pop().size()
		j.dropped++
	}
	for s := range j.watch {
		s.offer(e)
	}
}

func (j *Journal) push(e *Exchange) {
	if j.count == len(j.ring) {
		grown := make([]*Exchange, max(64, 2*len(j.ring)))
		for i := range j.count {
			grown[i] = j.at(i)
		}
		j.ring, j.head = grown, 0
	}
	j.ring[(j.head+j.count)%len(j.ring)] = e
	j.count++
	j.added++
}

func (j *Journal) pop() *Exchange {
	e := j.ring[j.head]
	j.ring[j.head] = nil
	j.head = (j.head + 1) % len(j.ring)
	j.count--
	return e
}

func (j *Journal) at(i int) *Exchange { return j.ring[(j.head+i)%len(j.ring)] }

// Stats says how much a journal holds and how much it has let go.
type Stats struct {
	Kept    int    `json:"kept"`
	Bytes   int64  `json:"bytes"`
	Added   uint64 `json:"added"`
	Dropped uint64 `json:"dropped"`
}

// Stats returns the present figures.
func (j *Journal) Stats() Stats {
	j.mu.Lock()
	defer j.mu.Unlock()
	return Stats{Kept: j.count, Bytes: j.bytes, Added: j.added, Dropped: j.dropped}
}

// Get returns the exchange with that ID.
func (j *Journal) Get(id string) (*Exchange, bool) {
	found := j.Find(func(e *Exchange) bool { return e.ID == id })
	if len(found) == 0 {
		return nil, false
	}
	return found[0], true
}

// Find returns the kept exchanges for which match is true, oldest first; nil
// matches all.
func (j *Journal) Find(match func(*Exchange) bool) []*Exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.find(match)
}

func (j *Journal) find(match func(*Exchange) bool) []*Exchange {
	var found []*Exchange
	for i := range j.count {
		if e := j.at(i); match == nil || match(e) {
			found = append(found, e)
		}
	}
	return found
}

// Clear forgets all exchanges. Subscriptions go on.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.dropped += uint64(j.count)
	j.ring, j.head, j.count, j.bytes = nil, 0, 0, 0
}

// Wait returns as soon as at least n kept exchanges match, or with the context's
// error and what matched until then.
func (j *Journal) Wait(ctx context.Context, n int, match func(*Exchange) bool) ([]*Exchange, error) {
	j.mu.Lock()
	found := j.find(match)
	s := j.subscribe(max(1, n), match)
	j.mu.Unlock()
	defer s.Close()
	for len(found) < n {
		select {
		case e := <-s.C:
			found = append(found, e)
		case <-ctx.Done():
			return found, ctx.Err()
		}
	}
	return found, nil
}

// Subscription delivers exchanges as they are appended. C is never closed; a
// subscriber that is slower than its buffer misses exchanges, which Missed counts.
type Subscription struct {
	C       <-chan *Exchange
	send    chan *Exchange
	match   func(*Exchange) bool
	journal *Journal
	missed  uint64
}

// Subscribe sends every later exchange that matches (nil: all) to the
// subscription until it is closed. Buffer is how many may wait.
func (j *Journal) Subscribe(buffer int, match func(*Exchange) bool) *Subscription {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.subscribe(max(1, buffer), match)
}

func (j *Journal) subscribe(buffer int, match func(*Exchange) bool) *Subscription {
	c := make(chan *Exchange, buffer)
	s := &Subscription{C: c, send: c, match: match, journal: j}
	j.watch[s] = struct{}{}
	return s
}

// offer is called with the journal locked and never blocks.
func (s *Subscription) offer(e *Exchange) {
	if s.match != nil && !s.match(e) {
		return
	}
	select {
	case s.send <- e:
	default:
		s.missed++
	}
}

// Missed returns how many exchanges did not fit into the buffer.
func (s *Subscription) Missed() uint64 {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.missed
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	delete(s.journal.watch, s)
}

// size estimates the memory of an exchange, in bytes.
func (e *Exchange) size() int64 {
	const fixed, perValue = 640, 48
	size := int64(fixed + len(e.Request.URL) + len(e.Request.Body.Kept) + perValue*2*(len(e.Request.Header)))
	for _, values := range e.Request.Header {
		for _, v := range values {
			size += int64(len(v))
		}
	}
	if e.Response != nil {
		size += int64(len(e.Response.Body.Kept)) + perValue*2*int64(len(e.Response.Header))
	}
	return size + int64(len(e.Findings))*256
}
