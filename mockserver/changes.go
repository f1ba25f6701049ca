package mockserver

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

// changes show lists in a sandbox's state to those who follow them, when the state
// may have changed. A goroutine looks for all of them at once, and a caller that
// changes the state only says so.
type changes struct {
	count atomic.Int32 // of followers: nobody pays while there are none

	mu        sync.Mutex
	followers map[*follower]struct{}
	changed   bool // since the last look began
	looking   bool // or resting after it
	looked    time.Time
	number    uint64 // of views that were ever made
	views     map[listed]*listView
}

// follower is a wait or a stream.
type follower struct {
	list  listed
	least int            // how many elements a wait waits for; 0 for a stream
	came  chan *listView // holds one: the latest that concerns it
	last  *listView      // that was looked at, concerning it or not
}

// listView is what a list had at one time.
type listView struct {
	number uint64
	texts  []string // JSON of the elements
	err    error    // that it is none

	mu    sync.Mutex
	added map[uint64][]byte // see addedTo
}

// follow shows a list as it is and whenever it changes, a wait only when it has at
// least so many elements, until stop is called.
func (b *Sandbox) follow(list listed, least int) (f *follower, stop func()) {
	c := &b.changes
	f = &follower{list: list, least: least, came: make(chan *listView, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.followers == nil {
		c.followers = map[*follower]struct{}{}
	}
	c.followers[f] = struct{}{}
	c.count.Add(1)
	if v := c.views[list]; v != nil && !c.changed && time.Since(c.looked) < fresh {
		f.show(v)
	} else {
		c.changed = true
		b.beginLook()
	}
	return f, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.followers, f)
		if c.count.Add(-1) == 0 {
			c.views, c.changed = nil, false
		}
	}
}

// stateChanged says that the state may have changed.
func (b *Sandbox) stateChanged() {
	c := &b.changes
	if c.count.Load() == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed = true
	b.beginLook()
}

// beginLook is called with the lock held.
func (b *Sandbox) beginLook() {
	if c := &b.changes; !c.looking && len(c.followers) > 0 {
		c.looking = true
		go b.look()
	}
}

func (b *Sandbox) look() {
	c := &b.changes
	began := time.Now()
	views := b.viewLists(c.wanted())
	c.mu.Lock()
	c.showAll(views)
	c.looked = began
	c.mu.Unlock()
	time.AfterFunc(min(maxRest, restTimes*time.Since(began)), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.looking = false
		if c.changed {
			b.beginLook()
		}
	})
}

// wanted are the lists that somebody follows.
func (c *changes) wanted() map[listed]*listView {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed = false
	lists := map[listed]*listView{}
	for f := range c.followers {
		lists[f.list] = nil
	}
	return lists
}

func (c *changes) showAll(views map[listed]*listView) {
	for list, v := range views {
		if old := c.views[list]; old != nil && old.err == nil && v.err == nil && slices.Equal(old.texts, v.texts) {
			views[list] = old // nobody is woken for it
			continue
		}
		c.number++
		v.number = c.number
	}
	if len(c.followers) == 0 {
		return
	}
	c.views = views
	for f := range c.followers {
		if v := views[f.list]; v != nil { // else it came after the look began
			f.show(v)
		}
	}
}

// show is called with the lock held.
func (f *follower) show(v *listView) {
	if v == f.last {
		return
	}
	f.last = v
	if v.err == nil && len(v.texts) < f.least {
		return
	}
	select {
	case <-f.came: // an older one that nobody fetched
	default:
	}
	f.came <- v
}

// lastSeen is what was looked at last, or nil.
func (b *Sandbox) lastSeen(f *follower) *listView {
	b.changes.mu.Lock()
	defer b.changes.mu.Unlock()
	return f.last
}

// addedTo returns what a stream writes that wrote an older view (nil: none) before:
// the elements that were not there in this form, each with write. All streams that
// come from there share it.
func (v *listView) addedTo(older *listView, write func(text string) []byte) []byte {
	var from uint64
	there := map[string]int{}
	if older != nil {
		from = older.number
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if text, ok := v.added[from]; ok {
		return text
	}
	if older != nil {
		for _, text := range older.texts {
			there[text]++
		}
	}
	var all []byte
	for _, text := range v.texts {
		if there[text]--; there[text] < 0 {
			all = append(all, write(text)...)
		}
	}
	if v.added == nil {
		v.added = map[uint64][]byte{}
	}
	v.added[from] = all
	return all
}
