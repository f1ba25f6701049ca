package traffic

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// soon bounds what must happen, however busy the machine is.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// until waits for a condition that others bring about.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !condition(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// readAll returns what comes to a subscription until it has so many, missed ones
// counted.
func readAll(t *testing.T, s *Subscription, want int) (found []*Exchange, missed uint64) {
	t.Helper()
	ctx := soon(t)
	for len(found)+int(missed) < want {
		select {
		case <-s.Ready():
			more, lost := s.Next(3)
			found, missed = append(found, more...), missed+lost
		case <-ctx.Done():
			t.Fatalf("only %s came, %d missed, of %d", ids(found), missed, want)
		}
	}
	return found, missed
}

// watchersOf is how many are told, or are thought to be.
func watchersOf(j *Journal) int {
	j.watch.mu.Lock()
	defer j.watch.mu.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	return max(j.watched, j.watch.count)
}

func TestSubscription(t *testing.T) {
	j := NewJournal(Limits{})
	fill(j, 1, 1)
	s := j.Subscribe(isOdd)
	fill(j, 2, 9)
	if found, missed := readAll(t, s, 4); ids(found) != "3 5 7 9" || missed != 0 {
		t.Errorf("got %s, missed %d", ids(found), missed)
	}
	s.Close()
	s.Close()
	fill(j, 11, 11)
	if watchersOf(j) != 0 {
		t.Error("a closed subscription is still told")
	}
}

func TestSubscriptionBeginsWithWhatIsKept(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 4})
	fill(j, 1, 6)
	s := j.SubscribeKept(isOdd)
	defer s.Close()
	if found, missed := readAll(t, s, 2); ids(found) != "3 5" || missed != 0 {
		t.Errorf("got %s, missed %d", ids(found), missed)
	}
	fill(j, 7, 7)
	if found, missed := readAll(t, s, 1); ids(found) != "7" || missed != 0 {
		t.Errorf("got %s, missed %d", ids(found), missed)
	}
}

// TestASlowReaderMisses what the journal lets go, and is told how much.
func TestASlowReaderMisses(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 3})
	s := j.Subscribe(nil)
	defer s.Close()
	fill(j, 1, 10)
	if found, missed := s.Next(100); ids(found) != "8 9 10" || missed != 7 {
		t.Errorf("got %s, missed %d", ids(found), missed)
	}
	fill(j, 11, 12)
	j.Clear()
	fill(j, 13, 13)
	if found, missed := s.Next(100); ids(found) != "13" || missed != 2 {
		t.Errorf("after the journal was cleared: got %s, missed %d", ids(found), missed)
	}
}

// TestWhoIsNotConcernedIsNotWoken, and misses nothing.
func TestWhoIsNotConcernedIsNotWoken(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 3})
	s := j.Subscribe(func(e *Exchange) bool { return e.ID == "ex-0100" })
	defer s.Close()
	fill(j, 1, 99)
	j.tell() // all that was appended
	if len(s.Ready()) != 0 {
		t.Error("it was woken")
	}
	if found, missed := s.Next(100); len(found) != 0 || missed != 0 {
		t.Errorf("got %s, missed %d", ids(found), missed)
	}
	fill(j, 100, 100)
	if found, missed := readAll(t, s, 1); ids(found) != "100" || missed != 0 {
		t.Errorf("got %s, missed %d", ids(found), missed)
	}
}

// TestAppendIsNotHeldUp by a match that stands still, until so many wait for it that
// memory would not be bounded.
func TestAppendIsNotHeldUp(t *testing.T) {
	j := NewJournal(Limits{})
	release := make(chan struct{})
	s := j.Subscribe(func(*Exchange) bool { <-release; return true })
	fill(j, 1, maxUntold/2)
	if n := j.Stats().Added; n != maxUntold/2 {
		t.Errorf("%d were appended", n)
	}
	close(release)
	s.Close()
}

// TestAWaitGetsItsExchange although the journal lets it go at once.
func TestAWaitGetsItsExchange(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 1})
	results := make(chan []*Exchange, 1)
	go func() {
		found, _ := j.Wait(soon(t), 1, func(e *Exchange) bool { return e.ID == "ex-0005" })
		results <- found
	}()
	until(t, "nobody waits", func() bool { return waiting(j) })
	fill(j, 1, 5*maxUntold)
	j.Clear()
	if found := <-results; ids(found) != "5" {
		t.Errorf("got %s", ids(found))
	}
}

// TestAWaitThatIsGivenUpHasAllUntilThen, told or not.
func TestAWaitThatIsGivenUpHasAllUntilThen(t *testing.T) {
	j := NewJournal(Limits{})
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan string, 1)
	go func() {
		found, err := j.Wait(ctx, 100, isOdd)
		got <- fmt.Sprint(ids(found), errors.Is(err, context.Canceled))
	}()
	until(t, "nobody waits", func() bool { return waiting(j) })
	fill(j, 1, 5)
	cancel()
	if text := <-got; text != "1 3 5true" {
		t.Errorf("got %s", text)
	}
}

// TestAMatchThatPanics does so where it belongs to, and nowhere else.
func TestAMatchThatPanics(t *testing.T) {
	j := NewJournal(Limits{})
	bad := func(*Exchange) bool { panic("oh") }
	s := j.Subscribe(bad)
	defer s.Close()
	caught := make(chan any, 1)
	go func() {
		defer func() { caught <- recover() }()
		j.Wait(soon(t), 1, bad)
	}()
	until(t, "nobody waits", func() bool { return waiting(j) })
	fill(j, 1, 1)
	if got := <-caught; got != "oh" {
		t.Errorf("the wait ended with %v", got)
	}
	if waiting(j) {
		t.Error("the wait is still registered")
	}
	<-s.Ready()
	func() {
		defer func() {
			if got := recover(); got != "oh" {
				t.Errorf("the reader got %v", got)
			}
		}()
		s.Next(1)
	}()
}

// TestJournalConcurrently: many append, wait, read and come and go at once; each
// wait and each reader has all that is its own.
func TestJournalConcurrently(t *testing.T) {
	const writers, each, watchers = 8, 400, 20
	before := runtime.NumGoroutine()
	j := NewJournal(Limits{Exchanges: writers * each})
	var group, writing sync.WaitGroup
	var there atomic.Int32
	for w := range watchers {
		group.Go(func() { // waits for one, that only comes once
			id := fmt.Sprintf("ex-%04d", w*writers*each/watchers+w)
			there.Add(1)
			found, err := j.Wait(soon(t), 1, func(e *Exchange) bool { return e.ID == id })
			if err != nil || len(found) != 1 || found[0].ID != id {
				t.Errorf("waited for %s, got %s, %v", id, ids(found), err)
			}
		})
		group.Go(func() { // reads all of one writer
			from, to := fmt.Sprintf("ex-%04d", w%writers*each), fmt.Sprintf("ex-%04d", w%writers*each+each-1)
			s := j.Subscribe(func(e *Exchange) bool { return e.ID >= from && e.ID <= to })
			defer s.Close()
			there.Add(1)
			found, missed := readAll(t, s, each)
			if len(found) != each || missed != 0 || found[0].ID != from || found[each-1].ID != to {
				t.Errorf("read %d, missed %d", len(found), missed)
			}
		})
		group.Go(func() { // comes and goes
			for range 50 {
				s := j.Subscribe(isOdd)
				s.Next(10)
				s.Close()
				ctx, cancel := context.WithCancel(context.Background())
				cancel()
				j.Wait(ctx, writers*each, isOdd)
			}
		})
	}
	until(t, "not all are there", func() bool { return there.Load() == 2*watchers })
	for w := range writers {
		writing.Go(func() {
			for n := w * each; n < (w+1)*each; n++ {
				fill(j, n, n)
			}
			j.Find(isOdd)
			j.Get("ex-0001")
			j.Stats()
		})
	}
	found, err := j.Wait(soon(t), writers*each, nil)
	writing.Wait()
	group.Wait()
	if err != nil || len(found) != writers*each {
		t.Errorf("found %d, %v", len(found), err)
	}
	seen := map[string]bool{}
	for _, e := range found {
		seen[e.ID] = true
	}
	if len(seen) != writers*each {
		t.Errorf("%d different exchanges of %d", len(seen), writers*each)
	}
	until(t, "goroutines are left", func() bool { return runtime.NumGoroutine() <= before })
	if watchersOf(j) != 0 {
		t.Error("watchers are left")
	}
}

// TestSlowReadersOfMany: a reader that never reads stops nobody, and what it has
// missed adds up.
func TestSlowReadersOfMany(t *testing.T) {
	const writers, each = 4, 2_000
	j := NewJournal(Limits{Exchanges: 50})
	asleep := j.Subscribe(nil)
	defer asleep.Close()
	var group sync.WaitGroup
	for range 5 {
		s := j.Subscribe(nil)
		group.Go(func() {
			defer s.Close()
			if found, missed := readAll(t, s, writers*each); len(found)+int(missed) != writers*each {
				t.Errorf("read %d and missed %d", len(found), missed)
			}
		})
	}
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() { fill(j, w*each, w*each+each-1) })
	}
	writing.Wait()
	group.Wait()
	if found, missed := asleep.Next(1_000); len(found) != 50 || missed != writers*each-50 {
		t.Errorf("who slept reads %d and missed %d", len(found), missed)
	}
}
