package traffic

import (
	"context"
	"fmt"
	"math"
	"sync"
)

// waiter collects matching exchanges until there are enough.
type waiter struct {
	match func(*Exchange) bool
	from  uint64 // number of the first exchange that was not there when it began

	mu    sync.Mutex
	want  int // of those that come
	found []*Exchange
	fault any // what match panicked with
	ended bool
	gone  bool // the watchers let it go
	done  chan struct{}
}

// Wait returns as soon as at least n exchanges match, of those kept when it is
// called and those appended later, also when the journal lets them go at once; else,
// with the context's error, what matched of all that was appended until then. N may
// not exceed the number that the journal keeps. Match (nil: all) is called by
// another goroutine too: it must be quick and not wait for the journal.
func (j *Journal) Wait(ctx context.Context, n int, match func(*Exchange) bool) ([]*Exchange, error) {
	return j.Only(Traits{}).Wait(ctx, n, match)
}

// Wait is Journal.Wait for exchanges of the selection.
func (c Selection) Wait(ctx context.Context, n int, match func(*Exchange) bool) ([]*Exchange, error) {
	j := c.journal
	if n > j.limits.Exchanges {
		return nil, fmt.Errorf("waiting for %d exchanges can't end: the journal keeps %d", n, j.limits.Exchanges)
	}
	w := &waiter{match: c.traits.and(match), want: n, done: make(chan struct{})}
	var kept stretch
	j.attend(func(all *watchers) {
		w.from, kept = j.added, j.list(0, math.MaxInt)
		all.add(c.traits, w)
	})
	defer c.forget(w)
	before := kept.only(c.traits).matching(w.match)
	if len(before) >= n {
		return before, nil
	}
	w.less(len(before))
	var err error
	select {
	case <-w.done:
	case <-ctx.Done():
		j.tell() // what was appended before has come in time
		err = ctx.Err()
	}
	found := append(before, w.collected()...)
	if len(found) >= n {
		err = nil
	}
	return found, err
}

// forget takes a wait off, unless it was let go already: it need not wait until all
// others were told.
func (c Selection) forget(w *waiter) {
	w.mu.Lock()
	gone := w.gone
	w.mu.Unlock()
	if gone {
		return
	}
	c.journal.attend(func(all *watchers) { all.remove(c.traits, w) })
}

// offer reports whether the wait has ended and is to be let go. A match that panics does so
// where the wait was begun.
func (w *waiter) offer(batch []later) (ended bool) {
	defer func() {
		if fault := recover(); fault != nil {
			ended = w.collect(nil, fault)
		}
	}()
	for _, one := range batch {
		if one.number >= w.from && (w.match == nil || w.match(one.exchange)) && w.collect(one.exchange, nil) {
			return true
		}
	}
	return false
}

func (w *waiter) collect(e *Exchange, fault any) (ended bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e != nil && len(w.found) < w.want {
		w.found = append(w.found, e)
	}
	w.fault = fault
	w.check()
	w.gone = w.ended
	return w.gone
}

// less says how many of those wanted were there already.
func (w *waiter) less(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.want -= n
	w.found = w.found[:min(len(w.found), w.want)]
	w.check()
}

func (w *waiter) check() {
	if !w.ended && (w.fault != nil || len(w.found) >= w.want) {
		w.ended = true
		close(w.done)
	}
}

func (w *waiter) collected() []*Exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fault != nil {
		panic(w.fault)
	}
	return w.found
}
