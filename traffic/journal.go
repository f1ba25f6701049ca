package traffic

import (
	"net/http"
	"sync"
)

// Journal is the ordered record of exchanges, bounded in number and in bytes:
// the oldest make room for the newest. It is safe for concurrent use.
type Journal struct {
	mu      sync.Mutex
	limits  Limits
	ring    []entry // a queue: head is the oldest
	head    int
	count   int
	bytes   int64
	added   uint64 // exchanges ever appended
	dropped uint64 // of them, no longer kept

	watched int     // waits and subscriptions
	untold  []later // for them, in order
	spare   []later // what untold was before, to be used again
	telling bool    // a goroutine tells them
	watch   watchers
}

// entry keeps the size beside the exchange, so that what was added is what is
// taken off.
type entry struct {
	exchange *Exchange
	size     int64
}

// Limits bound a journal. Zero values mean the defaults.
type Limits struct {
	Exchanges int     // default 5,000
	Bytes     int64   // of bodies, headers and findings, estimated; default 64 MiB
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
	crowded, budget := j.append(entry{e, e.size()})
	if crowded {
		j.tell()
	}
	if budget != nil {
		budget.keepWithin()
	}
}

func (j *Journal) append(one entry) (crowded bool, budget *Budget) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.push(one)
	for j.count > j.limits.Exchanges || (j.bytes > j.limits.Bytes && j.count > 1) {
		j.pop()
		j.dropped++
	}
	return j.announce(one.exchange), j.limits.Budget
}

func (j *Journal) push(one entry) {
	if j.count == len(j.ring) {
		grown := make([]entry, max(8, 2*len(j.ring)))
		for i := range j.count {
			grown[i] = j.at(i)
		}
		j.ring, j.head = grown, 0
	}
	j.ring[(j.head+j.count)%len(j.ring)] = one
	j.count++
	j.added++
	j.weigh(one.size)
}

// weigh counts bytes that come, or go.
func (j *Journal) weigh(bytes int64) {
	j.bytes += bytes
	if j.limits.Budget != nil {
		j.limits.Budget.used.Add(bytes)
	}
}

func (j *Journal) pop() {
	j.weigh(-j.ring[j.head].size)
	j.ring[j.head] = entry{}
	j.head = (j.head + 1) % len(j.ring)
	j.count--
}

func (j *Journal) at(i int) entry { return j.ring[(j.head+i)%len(j.ring)] }

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

// Oldest returns the oldest exchange that is kept, or nil.
func (j *Journal) Oldest() *Exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.count == 0 {
		return nil
	}
	return j.at(0).exchange
}

// Get returns the exchange with that ID.
func (j *Journal) Get(id string) (*Exchange, bool) {
	for _, e := range j.kept() {
		if e.ID == id {
			return e, true
		}
	}
	return nil, false
}

// Find returns the kept exchanges for which match is true, oldest first; nil
// matches all. Match is called without the journal's lock.
func (j *Journal) Find(match func(*Exchange) bool) []*Exchange {
	return filter(j.kept(), match)
}

// kept copies what is kept, so that a slow reader does not hold up writers.
func (j *Journal) kept() []*Exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.list()
}

func (j *Journal) list() []*Exchange {
	all := make([]*Exchange, j.count)
	for i := range all {
		all[i] = j.at(i).exchange
	}
	return all
}

func filter(all []*Exchange, match func(*Exchange) bool) []*Exchange {
	if match == nil {
		return all
	}
	var found []*Exchange
	for _, e := range all {
		if match(e) {
			found = append(found, e)
		}
	}
	return found
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
}

// size estimates the memory of an exchange, in bytes.
func (e *Exchange) size() int64 {
	const fixed, perFinding = 640, 160
	size := fixed + len(e.Request.URL) + len(e.Error) + len(e.Request.Body.Kept) + headerSize(e.Request.Header)
	if e.Response != nil {
		size += len(e.Response.Body.Kept) + headerSize(e.Response.Header)
	}
	for i := range e.Findings {
		f := &e.Findings[i]
		size += perFinding + len(f.Pointer) + len(f.Expected) + len(f.Actual) + len(f.Hint)
	}
	return int64(size)
}

func headerSize(h http.Header) int {
	const perValue = 96
	size := 0
	for name, values := range h {
		for _, v := range values {
			size += perValue + len(name) + len(v)
		}
	}
	return size
}
