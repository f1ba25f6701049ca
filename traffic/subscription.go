package traffic

import "sync"

// Subscription reads a journal as it grows. It has no buffer of its own: a reader
// that comes to an exchange when the journal has let it go has missed it.
type Subscription struct {
	of    Selection
	match func(*Exchange) bool
	ready chan struct{} // holds one

	mu     sync.Mutex
	next   uint64 // number of the exchange that is read next, or one before it
	behind bool   // it was woken, and has not read all since
}

// Subscribe reads every later exchange that matches (nil: all), until it is
// closed. Match must be quick and may be called by several goroutines.
func (j *Journal) Subscribe(match func(*Exchange) bool) *Subscription {
	return j.Only(Traits{}).Subscribe(match)
}

// SubscribeKept is Subscribe that begins with what the journal keeps.
func (j *Journal) SubscribeKept(match func(*Exchange) bool) *Subscription {
	return j.Only(Traits{}).SubscribeKept(match)
}

// Subscribe is Journal.Subscribe to the selection.
func (c Selection) Subscribe(match func(*Exchange) bool) *Subscription {
	return c.subscribe(match, false)
}

// SubscribeKept is Journal.SubscribeKept to the selection.
func (c Selection) SubscribeKept(match func(*Exchange) bool) *Subscription {
	return c.subscribe(match, true)
}

func (c Selection) subscribe(match func(*Exchange) bool, kept bool) *Subscription {
	s := &Subscription{of: c, match: c.traits.and(match), ready: make(chan struct{}, 1)}
	j := c.journal
	j.attend(func(w *watchers) {
		s.next = j.added
		if kept && j.count > 0 {
			s.next -= uint64(j.count)
			s.behind = true
			s.signal()
		}
		w.add(c.traits, s)
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
func (s *Subscription) offer(batch []later) (ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range batch {
		if !s.behind && one.number >= s.next && concerned(s.match, one.exchange) {
			s.next, s.behind = one.number, true
			s.signal()
		}
	}
	return false
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
	journal := s.of.journal
	if !s.behind { // nothing that was told meanwhile concerned it
		s.next = max(s.next, journal.watch.told.Load())
	}
	list := journal.kept(s.next, most)
	missed = list.first - s.next
	s.next, s.behind = list.next(), list.more
	if list.more {
		s.signal()
	}
	return list.only(s.of.traits).matching(s.match), missed
}

// Close ends the subscription; it may be called twice.
func (s *Subscription) Close() {
	s.of.journal.attend(func(w *watchers) { w.remove(s.of.traits, s) })
}
