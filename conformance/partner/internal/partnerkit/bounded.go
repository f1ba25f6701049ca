package partnerkit

import "sync"

// Bounded counts names. When it is full it starts anew. The zero value is empty,
// and it is safe for concurrent use.
type Bounded struct {
	mu    sync.Mutex
	count map[string]int
}

const maxNames = 10_000

// Add counts a name once more and returns how often it has been added.
func (b *Bounded) Add(name string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.count == nil || len(b.count) == maxNames {
		b.count = map[string]int{}
	}
	b.count[name]++
	return b.count[name]
}

// Has reports whether a name was added.
func (b *Bounded) Has(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.count[name] > 0
}
