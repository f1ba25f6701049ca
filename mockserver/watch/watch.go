// Package watch shows lists in a vendor's state to those who follow them, whenever the
// state may have changed: thousands of followers cost one look.
package watch

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// After a look, nobody looks for so many times as long as it took, at most so long:
// followers of a large state take a part of one processor, however often it
// changes. What was seen in a look is good for newFollowers while nothing changed,
// but not for longer than fresh.
const (
	restTimes = 4
	maxRest   = 2 * time.Second
	fresh     = time.Second
)

// Lists are the lists in the states of a sandbox. A goroutine looks for all followers
// at once, and who changes a state only says so. All methods are safe for concurrent
// use.
type Lists struct {
	state func(vendor string) any
	count atomic.Int32 // of followers: nobody pays while there are none

	mu        sync.Mutex
	followers map[*Follower]struct{}
	changed   bool // since the last look began
	looking   bool // or resting after it
	looked    time.Time
	number    uint64 // of views that were ever made
	views     map[List]*View
}

// New returns the lists of states that can be written as JSON.
func New(state func(vendor string) any) *Lists { return &Lists{state: state} }

// Follower is a wait or a stream.
type Follower struct {
	lists *Lists
	list  List
	least int        // how many elements a wait waits for; 0 for a stream
	came  chan *View // holds one: the latest that concerns it
	last  *View      // that was looked at, concerning it or not
}

// Came receives the list as it is and whenever it changed, the latest alone.
func (f *Follower) Came() <-chan *View { return f.came }

// Seen is what was looked at last, or nil.
func (f *Follower) Seen() *View {
	f.lists.mu.Lock()
	defer f.lists.mu.Unlock()
	return f.last
}

// Follow shows a list as it is and whenever it changes, a wait only when it has at
// least so many elements, until stop is called.
func (l *Lists) Follow(list List, least int) (f *Follower, stop func()) {
	f = &Follower{lists: l, list: list, least: least, came: make(chan *View, 1)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.followers == nil {
		l.followers = map[*Follower]struct{}{}
	}
	l.followers[f] = struct{}{}
	l.count.Add(1)
	if v := l.views[list]; v != nil && !l.changed && time.Since(l.looked) < fresh {
		f.show(v)
	} else {
		l.changed = true
		l.beginLook()
	}
	return f, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.followers, f)
		if l.count.Add(-1) == 0 {
			l.views, l.changed = nil, false
		}
	}
}

// Changed says that a state may have changed.
func (l *Lists) Changed() {
	if l.count.Load() == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed = true
	l.beginLook()
}

// beginLook is called with the lock held.
func (l *Lists) beginLook() {
	if !l.looking && len(l.followers) > 0 {
		l.looking = true
		go l.look()
	}
}

func (l *Lists) look() {
	began := time.Now()
	views := l.viewAll(l.wanted())
	l.mu.Lock()
	l.showAll(views)
	l.looked = began
	l.mu.Unlock()
	time.AfterFunc(min(maxRest, restTimes*time.Since(began)), func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.looking = false
		if l.changed {
			l.beginLook()
		}
	})
}

// wanted are the lists that somebody follows.
func (l *Lists) wanted() map[List]*View {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed = false
	lists := map[List]*View{}
	for f := range l.followers {
		lists[f.list] = nil
	}
	return lists
}

func (l *Lists) showAll(views map[List]*View) {
	for list, v := range views {
		if old := l.views[list]; old != nil && old.Err == nil && v.Err == nil && slices.Equal(old.Texts, v.Texts) {
			views[list] = old // nobody is woken for it
			continue
		}
		l.number++
		v.number = l.number
	}
	if len(l.followers) == 0 {
		return
	}
	l.views = views
	for f := range l.followers {
		if v := views[f.list]; v != nil { // else it came after the look began
			f.show(v)
		}
	}
}

// show is called with the lock held.
func (f *Follower) show(v *View) {
	if v == f.last {
		return
	}
	f.last = v
	if v.Err == nil && len(v.Texts) < f.least {
		return
	}
	select {
	case <-f.came: // an older one that nobody fetched
	default:
	}
	f.came <- v
}
