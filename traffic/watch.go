package traffic

import (
	"slices"
	"sync"
	"sync/atomic"
)

// maxUntold is how many exchanges may wait to be told to watchers. Who appends
// more lends a hand, so that memory is bounded and no wait loses its exchange.
const maxUntold = 1_000

// toldAtOnce is how many exchanges a watcher is told before the next is: so few that what
// one made of them to look at them, such as their text without secrets, is still kept for
// the next.
const toldAtOnce = 100

// later is an exchange that watchers were not told of yet.
type later struct {
	number   uint64 // how many were appended before it
	exchange *Exchange
}

// watchers are those who are told of what is appended.
type watchers struct {
	mu sync.Mutex // taken before the journal's
	index
	told atomic.Uint64 // number of the first exchange that nobody was told of yet
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

// tell tells all watchers what they were not told yet and may concern them, and reports
// whether there was anything. When it returns, everything appended before its call was told.
func (j *Journal) tell() bool {
	j.watch.mu.Lock()
	defer j.watch.mu.Unlock()
	j.mu.Lock()
	batch := j.untold
	j.untold = nil
	j.mu.Unlock()
	done := len(batch) > 0
	if done {
		for some := range slices.Chunk(batch, toldAtOnce) {
			j.watch.tell(some)
		}
		j.watch.told.Store(batch[len(batch)-1].number + 1)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.watched = j.watch.count
	if cap(batch) <= 2*maxUntold {
		clear(batch)
		j.spare = batch
	}
	return done
}

// attend changes who is told, while nobody is told anything and nothing is appended.
func (j *Journal) attend(change func(w *watchers)) {
	j.watch.mu.Lock()
	defer j.watch.mu.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	change(&j.watch)
	if j.watched = j.watch.count; j.watched == 0 {
		j.untold, j.spare = nil, nil
	}
}
