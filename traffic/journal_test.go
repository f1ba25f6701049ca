package traffic

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func numbered(n int) *Exchange { return &Exchange{ID: fmt.Sprintf("ex-%04d", n)} }

// sizeOf is what an exchange takes in a journal, in bytes.
func sizeOf(e *Exchange) int64 {
	j := NewJournal(Limits{})
	j.Append(e)
	return j.Stats().Bytes
}

func fill(j *Journal, from, to int) {
	for n := from; n <= to; n++ {
		j.Append(numbered(n))
	}
}

func ids(list []*Exchange) string {
	var all []string
	for _, e := range list {
		all = append(all, strings.TrimLeft(e.ID, "ex-0"))
	}
	return strings.Join(all, " ")
}

func isOdd(e *Exchange) bool { return strings.ContainsAny(e.ID[len(e.ID)-1:], "13579") }

func TestJournalKeepsTheNewest(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 3})
	fill(j, 1, 5)
	if got := ids(j.Find(nil)); got != "3 4 5" {
		t.Errorf("kept %s", got)
	}
	if s := j.Stats(); s.Kept != 3 || s.Added != 5 || s.Dropped != 2 {
		t.Errorf("stats are %+v", s)
	}
	if _, ok := j.Get("ex-0002"); ok {
		t.Error("ex-0002 should have made room")
	}
	if e, ok := j.Get("ex-0004"); !ok || e.ID != "ex-0004" {
		t.Error("ex-0004 should be there")
	}
	if got := ids(j.Find(isOdd)); got != "3 5" {
		t.Errorf("odd are %s", got)
	}
}

func TestJournalIsBoundedInBytes(t *testing.T) {
	big := func(n int) *Exchange {
		e := numbered(n)
		e.Request.Body = NewBody(make([]byte, 1000), 0)
		return e
	}
	most := 2*sizeOf(big(1)) + 10 // some bytes more for places that are further back
	j := NewJournal(Limits{Bytes: most})
	for n := 1; n <= 4; n++ {
		j.Append(big(n))
	}
	if got := ids(j.Find(nil)); got != "3 4" || j.Stats().Bytes > most {
		t.Errorf("kept %s with %d bytes, want 3 4 with at most %d", got, j.Stats().Bytes, most)
	}
	huge := big(5)
	huge.Response = &Response{Body: NewBody(make([]byte, 100_000), 0)}
	j.Append(huge)
	if got := ids(j.Find(nil)); got != "5" {
		t.Errorf("kept %s, want the newest although it alone exceeds the limit", got)
	}
	j.Clear()
	if s := j.Stats(); s.Kept != 0 || s.Bytes != 0 || s.Dropped != 5 {
		t.Errorf("after Clear: %+v", s)
	}
}

func TestJournalCountsWhatIsHeld(t *testing.T) {
	e := numbered(1)
	before := sizeOf(e)
	e.Request.Header = map[string][]string{"Accept": {"a", "b"}}
	e.Response = &Response{Header: map[string][]string{"Server": {"c"}}, Body: NewBody([]byte("body"), 0)}
	e.Findings = []Finding{{Actual: "x"}}
	e.Error = "error"
	if after := sizeOf(e); after < before+int64(len("AcceptabServercbodyxerror")) {
		t.Errorf("the size grew from %d to %d only", before, after)
	}
}

func TestJournalRingAcrossItsEnd(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 100})
	fill(j, 1, 90) // the ring begins with 64 places and grows
	fill(j, 91, 250)
	found := j.Find(nil)
	if len(found) != 100 || found[0].ID != "ex-0151" || found[99].ID != "ex-0250" {
		t.Errorf("kept %d, from %s to %s", len(found), found[0].ID, found[len(found)-1].ID)
	}
}

func TestWaitIsSatisfiedByWhatIsThere(t *testing.T) {
	j := NewJournal(Limits{})
	fill(j, 1, 3)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	found, err := j.Wait(cancelled, 2, isOdd)
	if err != nil || ids(found) != "1 3" {
		t.Errorf("got %s, %v", ids(found), err)
	}
}

func TestWaitIsSatisfiedByWhatComes(t *testing.T) {
	j := NewJournal(Limits{})
	fill(j, 1, 1)
	type result struct {
		found []*Exchange
		err   error
	}
	results := make(chan result)
	go func() {
		found, err := j.Wait(t.Context(), 3, isOdd)
		results <- result{found, err}
	}()
	for n := 2; ; n++ {
		select {
		case r := <-results:
			if r.err != nil || ids(r.found) != "1 3 5" {
				t.Errorf("got %s, %v", ids(r.found), r.err)
			}
			return
		default:
			if n <= 5 && waiting(j) {
				fill(j, n, n)
			} else {
				n--
			}
		}
	}
}

func waiting(j *Journal) bool {
	j.watch.mu.Lock()
	defer j.watch.mu.Unlock()
	for _, table := range j.watch.tables {
		for _, g := range table {
			if slices.ContainsFunc(g.watchers, func(w watcher) bool { _, isWait := w.(*waiter); return isWait }) {
				return true
			}
		}
	}
	return false
}

func TestWaitGivesUpWithItsContext(t *testing.T) {
	j := NewJournal(Limits{})
	fill(j, 1, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	found, err := j.Wait(ctx, 2, nil)
	if !errors.Is(err, context.DeadlineExceeded) || ids(found) != "1" {
		t.Errorf("got %s, %v", ids(found), err)
	}
	if waiting(j) {
		t.Error("the wait is still registered")
	}
}

func TestWaitForMoreThanIsKept(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 2})
	if _, err := j.Wait(t.Context(), 3, nil); err == nil || !strings.Contains(err.Error(), "keeps 2") {
		t.Errorf("got %v", err)
	}
}
