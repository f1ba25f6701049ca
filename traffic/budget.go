package traffic

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Budget bounds what several journals keep together, in bytes as Limits count them.
// When it is spent, the journals that keep most make room. It is safe for concurrent
// use.
type Budget struct {
	most int64
	used atomic.Int64

	mu       sync.Mutex
	journals map[*Journal]struct{}
}

// NewBudget returns a budget of so many bytes. Journals take part in it through
// Limits.
func NewBudget(bytes int64) *Budget {
	return &Budget{most: bytes, journals: map[*Journal]struct{}{}}
}

func (b *Budget) join(j *Journal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.journals[j] = struct{}{}
}

func (b *Budget) part(j *Journal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.journals, j)
}

// keepWithin makes room when the budget is spent: a tenth of it, so that it is
// seldom called for. One caller does that, others go on.
func (b *Budget) keepWithin() {
	if b.used.Load() <= b.most || !b.mu.TryLock() {
		return
	}
	defer b.mu.Unlock()
	level := b.level(b.most - b.most/10)
	for j := range b.journals {
		j.shrink(level)
	}
}

// level is how many bytes a journal may keep so that all keep so many together.
func (b *Budget) level(together int64) int64 {
	sizes := make([]int64, 0, len(b.journals))
	for j := range b.journals {
		sizes = append(sizes, j.Stats().Bytes)
	}
	slices.Sort(sizes)
	for i, size := range sizes {
		if share := together / int64(len(sizes)-i); size > share {
			return share
		}
		together -= size
	}
	return b.most
}

// shrink lets the oldest exchanges go until no more than so many bytes are kept;
// the newest stays.
func (j *Journal) shrink(bytes int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.bytes > bytes && j.count > 1 {
		j.pop()
		j.dropped++
	}
}

// Close forgets all exchanges and takes no part in a budget any more. What is
// appended later counts no more.
func (j *Journal) Close() {
	j.mu.Lock()
	j.clear()
	budget := j.limits.Budget
	j.limits.Budget = nil
	j.mu.Unlock()
	if budget != nil {
		budget.part(j)
	}
}
