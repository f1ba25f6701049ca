package traffic

import (
	"context"
	"fmt"
	"sync"
)

// waiter collects matching exchanges until there are enough.
type waiter struct {
	want  int
	match func(*Exchange) bool
	mu    sync.Mutex // of found: read by Wait, written by Append
	found []*Exchange
	done  chan struct{}
}

// Wait returns as soon as at least n exchanges match, of those kept when it is
// called and those appended later; else, with the context's error, what matched
// until then. N may not exceed the number that the journal keeps. Match (nil: all)
// is called while the journal is locked: it must be quick and not call the
// journal.
func (j *Journal) Wait(ctx context.Context, n int, match func(*Exchange) bool) ([]*Exchange, error) {
	if n > j.limits.Exchanges {
		return nil, fmt.Errorf("waiting for %d exchanges can't end: the journal keeps %d", n, j.limits.Exchanges)
	}
	w := &waiter{want: n, match: match, done: make(chan struct{})}
	j.mu.Lock()
	w.found = filter(j.list(), match)
	if len(w.found) >= n {
		j.mu.Unlock()
		return w.found, nil
	}
	j.waiters[w] = struct{}{}
	j.mu.Unlock()
	defer j.forget(w)
	select {
	case <-w.done:
		return w.collected(), nil
	case <-ctx.Done():
		found := w.collected()
		if len(found) >= n { // both at once
			return found, nil
		}
		return found, ctx.Err()
	}
}

func (j *Journal) forget(w *waiter) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.waiters, w)
}

// offer is called with the journal locked.
func (w *waiter) offer(e *Exchange) {
	if w.match != nil && !w.match(e) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.found) >= w.want {
		return
	}
	if w.found = append(w.found, e); len(w.found) == w.want {
		close(w.done)
	}
}

func (w *waiter) collected() []*Exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found
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
// subscription until it is closed. Buffer is how many may wait to be received.
// Match is called while the journal is locked: it must be quick and not call the
// journal.
func (j *Journal) Subscribe(buffer int, match func(*Exchange) bool) *Subscription {
	c := make(chan *Exchange, max(1, buffer))
	s := &Subscription{C: c, send: c, match: match, journal: j}
	j.mu.Lock()
	defer j.mu.Unlock()
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

// Close ends the subscription; it may be called twice.
func (s *Subscription) Close() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	delete(s.journal.watch, s)
}
