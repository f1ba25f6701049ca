package traffic

import "sync"

// Journal is the ordered record of exchanges, bounded in number and in bytes:
// the oldest make room for the newest. It keeps them encoded, and decodes those that
// somebody looks at. It is safe for concurrent use.
type Journal struct {
	mu      sync.Mutex
	limits  Limits
	slabs   slabs
	ring    []place // a queue: head is the oldest
	head    int
	count   int
	bytes   int64
	added   uint64 // exchanges ever appended
	dropped uint64 // of them, no longer kept
	held    held

	watched int     // waits and subscriptions
	untold  []later // for them, in order
	spare   []later // what untold was before, to be used again
	telling bool    // a goroutine tells them
	watch   watchers
}

// Limits bound a journal. Zero values mean the defaults.
type Limits struct {
	Exchanges int     // default 5,000
	Bytes     int64   // that they take; default 64 MiB
	Budget    *Budget // shared with other journals; nil: none
}

// NewJournal returns an empty journal.
func NewJournal(limits Limits) *Journal {
	if limits.Exchanges <= 0 {
		limits.Exchanges = 5_000
	}
	if limits.Bytes <= 0 {
		limits.Bytes = 64 << 20
	}
	j := &Journal{limits: limits}
	if limits.Budget != nil {
		limits.Budget.join(j)
	}
	return j
}

// Append records an exchange, which the caller must not change afterwards. It
// never waits for a reader: waits and subscriptions are told by a goroutine that
// lives as long as there is something to tell.
func (j *Journal) Append(e *Exchange) {
	crowded, budget := j.append(e)
	if crowded {
		j.tell()
	}
	if budget != nil {
		budget.keepWithin()
	}
}

func (j *Journal) append(e *Exchange) (crowded bool, budget *Budget) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.push(j.slabs.add(e, j.bytes))
	for j.count > j.limits.Exchanges || (j.bytes > j.limits.Bytes && j.count > 1) {
		j.pop()
		j.dropped++
	}
	return j.announce(e), j.limits.Budget
}

func (j *Journal) push(one place) {
	if j.count == len(j.ring) {
		grown := make([]place, max(8, 2*len(j.ring)))
		for i := range j.count {
			grown[i] = j.at(i)
		}
		j.ring, j.head = grown, 0
	}
	j.ring[(j.head+j.count)%len(j.ring)] = one
	j.count++
	j.added++
	j.weigh(int64(one.size))
}

// weigh counts bytes that come, or go.
func (j *Journal) weigh(bytes int64) {
	j.bytes += bytes
	if j.limits.Budget != nil {
		j.limits.Budget.used.Add(bytes)
	}
}

func (j *Journal) pop() {
	oldest := j.ring[j.head]
	j.weigh(-int64(oldest.size))
	j.slabs.remove(oldest)
	j.held.letGo(j.oldest())
	j.head = (j.head + 1) % len(j.ring)
	j.count--
}

func (j *Journal) at(i int) place { return j.ring[(j.head+i)%len(j.ring)] }

// oldest is the number of the first that is kept.
func (j *Journal) oldest() uint64 { return j.added - uint64(j.count) }

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

// Clear forgets all exchanges. Subscriptions and waits go on.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.clear()
}

func (j *Journal) clear() {
	j.dropped += uint64(j.count)
	j.weigh(-j.bytes)
	j.ring, j.head, j.count = nil, 0, 0
	j.slabs = slabs{}
	j.held.clear(j.added)
}
