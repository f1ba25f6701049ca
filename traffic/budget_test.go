package traffic

import (
	"sync"
	"testing"
)

// TestBudget: when it is spent, the longest journals make room, and the short ones
// keep all.
func TestBudget(t *testing.T) {
	one := sizeOf(numbered(1))
	b := NewBudget(100 * one)
	long, longer, short := NewJournal(Limits{Budget: b}), NewJournal(Limits{Budget: b}), NewJournal(Limits{Budget: b})
	fill(short, 1, 5)
	fill(long, 1, 45)
	fill(longer, 1, 50)
	if b.used.Load() != 100*one || long.Stats().Dropped+longer.Stats().Dropped != 0 {
		t.Fatalf("%d of %d bytes are used", b.used.Load(), 100*one)
	}
	fill(longer, 51, 51) // of 90 % short keeps 5, and 42 are left for each
	for _, test := range []struct {
		journal *Journal
		kept    int
	}{{short, 5}, {long, 42}, {longer, 42}} {
		if s := test.journal.Stats(); s.Kept != test.kept {
			t.Errorf("kept %d, want %d", s.Kept, test.kept)
		}
	}
	long.Clear()
	longer.Close()
	longer.Close()
	if b.used.Load() != 5*one {
		t.Errorf("%d bytes are used, want %d", b.used.Load(), 5*one)
	}
	fill(longer, 60, 60)
	if found := longer.Find(nil); b.used.Load() != 5*one || ids(found) != "60" {
		t.Errorf("a closed journal keeps %s and counts %d", ids(found), b.used.Load()-5*one)
	}
}

// TestBudgetConcurrently: the bound holds, and what is counted is what is kept.
func TestBudgetConcurrently(t *testing.T) {
	const journals, each = 16, 2_000
	one := sizeOf(numbered(1))
	b := NewBudget(200 * one)
	all := make([]*Journal, journals)
	var group sync.WaitGroup
	for i := range all {
		all[i] = NewJournal(Limits{Budget: b, Exchanges: 100})
		group.Go(func() {
			for n := range each {
				fill(all[i], n, n)
				if n%500 == 0 {
					all[i].Clear()
				}
			}
			if i%4 == 0 {
				all[i].Close()
			}
		})
	}
	group.Wait()
	b.keepWithin()
	var kept int64
	for _, j := range all {
		kept += j.Stats().Bytes
	}
	if b.used.Load() != kept || kept > 200*one {
		t.Errorf("%d bytes are counted, %d kept, of %d", b.used.Load(), kept, 200*one)
	}
}
