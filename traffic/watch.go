package traffic

import (
	"slices"
	"sync"
)

// maxUntold is how many exchanges may wait to be told to watchers. Who appends
// more lends a hand, so that memory is bounded and no wait loses its exchange.
const maxUntold = 1_000

// later is an exchange that watchers were not told of yet.
type later struct {
	number   uint64 // how many were appended before it
	exchange *Exchange
}

// watchers are those who are told of what is appended.
type watchers struct {
	mu      sync.Mutex // taken before the journal's
	waiters []*waiter
	readers []*Subscription
}

// announce is called with the journal locked, after an exchange was appended. It
// reports whether so many wait to be told that the caller should help.
func (j *Journal) announce(e *Exchange) (crowded bool) {
	if j.watched == 0 {
		return false
	}
	if j.untold == nil {
		j.untold, j.spare = j.spare[:0], nil
	}
	j.held.told(j.added-1, e)
	j.untold = append(j.untold, later{j.added - 1, e})
	if !j.telling {
		j.telling = true
		go j.keepTelling()
	}
	return len(j.untold) > maxUntold
}

func (j *Journal) keepTelling() {
	for j.tell() || !j.rest() {
	}
}

// rest ends the telling, unless there is more to tell.
func (j *Journal) rest() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.telling = len(j.untold) > 0
	return !j.telling
}

// tell tells all watchers what they were not told yet, and reports whether there
// was anything. When it returns, everything appended before its call was told.
func (j *Journal) tell() bool {
	j.watch.mu.Lock()
	defer j.watch.mu.Unlock()
	j.mu.Lock()
	batch := j.untold
	j.untold = nil
	j.mu.Unlock()
	j.watch.tell(batch)
	done := len(batch) > 0
	j.mu.Lock()
	defer j.mu.Unlock()
	j.watched = len(j.watch.waiters) + len(j.watch.readers)
	if cap(batch) <= 2*maxUntold {
		clear(batch)
		j.spare = batch
	}
	return done
}

// tell is called with the watchers locked. Each is told all that came before the next is:
// thousands of them don't fit into a processor's cache, and exchanges do. A wait that has
// ended is let go.
func (w *watchers) tell(batch []later) {
	for i := 0; i < len(w.waiters); {
		if w.waiters[i].offer(batch) {
			w.dropWaiter(i)
		} else {
			i++
		}
	}
	for _, s := range w.readers {
		s.offer(batch)
	}
}

func (w *watchers) dropWaiter(i int) {
	last := len(w.waiters) - 1
	w.waiters[i], w.waiters[last] = w.waiters[last], nil
	w.waiters = w.waiters[:last]
}

// attend changes who is told, while nobody is told anything and nothing is appended.
func (j *Journal) attend(change func(w *watchers)) {
	j.watch.mu.Lock()
	defer j.watch.mu.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	change(&j.watch)
	if j.watched = len(j.watch.waiters) + len(j.watch.readers); j.watched == 0 {
		j.untold, j.spare = nil, nil
	}
}

// Subscription reads a journal as it grows. It has no buffer of its own: a reader
// that comes to an exchange when the journal has let it go has missed it.
type Subscription struct {
	journal *Journal
	match   func(*Exchange) bool
	ready   chan struct{} // holds one

	mu   sync.Mutex
	next uint64 // number of the exchange that is read next
}

// Subscribe reads every later exchange that matches (nil: all), until it is
// closed. Match must be quick and may be called by several goroutines.
func (j *Journal) Subscribe(match func(*Exchange) bool) *Subscription {
	return j.subscribe(match, false)
}

// SubscribeKept is Subscribe that begins with what the journal keeps.
func (j *Journal) SubscribeKept(match func(*Exchange) bool) *Subscription {
	return j.subscribe(match, true)
}

func (j *Journal) subscribe(match func(*Exchange) bool, kept bool) *Subscription {
	s := &Subscription{journal: j, match: match, ready: make(chan struct{}, 1)}
	j.attend(func(w *watchers) {
		s.next = j.added
		if kept && j.count > 0 {
			s.next -= uint64(j.count)
			s.signal()
		}
		w.readers = append(w.readers, s)
	})
	return s
}

// Ready has something when Next has, and at times when it has not.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

func (s *Subscription) signal() {
	select {
	case s.ready <- struct{}{}:
	default: // it knows already
	}
}

// offer wakes a reader that has read everything before, if one of the exchanges concerns
// it. A reader that is behind was woken before.
func (s *Subscription) offer(batch []later) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range batch {
		switch {
		case s.next != one.number: // it is behind, or has read this one
		case concerned(s.match, one.exchange):
			s.signal()
			return
		default:
			s.next++
		}
	}
}

// concerned lets a match that panics do so again where its owner is called.
func concerned(match func(*Exchange) bool, e *Exchange) (yes bool) {
	defer func() {
		if recover() != nil {
			yes = true
		}
	}()
	return match == nil || match(e)
}

// Next looks at the next exchanges, at most so many, and returns those that match,
// oldest first. Missed is how many before them the journal let go unread, whether
// they would have matched or not. When there is more to look at, Ready says so.
func (s *Subscription) Next(most int) (found []*Exchange, missed uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.journal.kept(s.next, most)
	missed = list.first - s.next
	s.next = list.next()
	if list.more {
		s.signal()
	}
	return list.matching(s.match), missed
}

// Close ends the subscription; it may be called twice.
func (s *Subscription) Close() {
	s.journal.attend(func(w *watchers) {
		w.readers = slices.DeleteFunc(w.readers, func(other *Subscription) bool { return other == s })
	})
}
