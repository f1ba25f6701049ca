// Package ledgertest holds the tests that every backend of ledger.Ledger passes.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/ledger"
)

// Backend is what is tested.
type Backend struct {
	// New returns an empty ledger.
	New func(t *testing.T) ledger.Ledger
	// Again closes a ledger and returns one with what it held; nil: it does not outlast
	// its process.
	Again func(t *testing.T, l ledger.Ledger) ledger.Ledger
	// Fenced tells that a log which is open may be opened with a higher fence.
	Fenced bool
}

// Run tests one backend.
func Run(t *testing.T, b Backend) {
	for _, test := range []struct {
		title string
		run   func(*testing.T, Backend)
	}{
		{"an empty log holds nothing", empty},
		{"entries come back as they were appended, in their order", appended},
		{"logs of sandboxes are apart", apart},
		{"what a caller holds does not change what is held", copied},
		{"the newest checkpoint at or before an entry is found", checkpoints},
		{"a checkpoint may come when there are younger entries", late},
		{"a checkpoint of what is not there is refused", nowhere},
		{"what is forgotten is gone, and nothing younger", forgotten},
		{"a large entry and a large checkpoint come back whole", large},
		{"a visit that fails, or whose context ended, stops", stopped},
		{"a log is open once", once},
		{"a sandbox that was removed begins anew", removed},
		{"a log that was closed takes and gives nothing", closed},
		{"a closed ledger takes and gives nothing", ledgerClosed},
		{"what was appended is there again", again},
		{"a lower fence is refused, and a writer that was overtaken too", fenced},
	} {
		t.Run(test.title, func(t *testing.T) { test.run(t, b) })
	}
}

func open(t *testing.T, l ledger.Ledger, sandbox string, fence uint64) ledger.Log {
	t.Helper()
	log, err := l.Open(t.Context(), sandbox, fence)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func add(t *testing.T, log ledger.Log, entries ...string) {
	t.Helper()
	for _, entry := range entries {
		sequence, err := log.Append([]byte(entry))
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Await(t.Context(), sequence); err != nil {
			t.Fatal(err)
		}
	}
}

func checkpoint(t *testing.T, log ledger.Log, sequence uint64, state string) {
	t.Helper()
	if err := log.Checkpoint(t.Context(), sequence, []byte(state)); err != nil {
		t.Fatal(err)
	}
}

// read is what is held from one entry to another, as "1:a 2:b".
func read(log ledger.Log, from, to uint64) (string, error) {
	var all []string
	err := log.Entries(context.Background(), from, to, func(sequence uint64, entry []byte) error {
		all = append(all, fmt.Sprintf("%d:%s", sequence, entry))
		return nil
	})
	return strings.Join(all, " "), err
}

func wantEntries(t *testing.T, log ledger.Log, from, to uint64, want string) {
	t.Helper()
	if got, err := read(log, from, to); got != want || err != nil {
		t.Errorf("entries %d to %d are %q, %v, want %q", from, to, got, err, want)
	}
}

func wantState(t *testing.T, log ledger.Log, sequence, at uint64, want string) {
	t.Helper()
	got, state, err := log.State(t.Context(), sequence)
	if got != at || string(state) != want || err != nil {
		t.Errorf("the state at or before %d is %q after %d, %v, want %q after %d", sequence, state, got, err, want, at)
	}
}

func wantHeld(t *testing.T, log ledger.Log, oldest, last uint64, checkpointed bool) {
	t.Helper()
	if o, l, c := log.Held(); o != oldest || l != last || c != checkpointed {
		t.Errorf("held is %d to %d, %t, want %d to %d, %t", o, l, c, oldest, last, checkpointed)
	}
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func empty(t *testing.T, b Backend) {
	l := b.New(t)
	if names, err := l.Sandboxes(t.Context()); len(names) > 0 || err != nil {
		t.Errorf("an empty ledger has %v, %v", names, err)
	}
	log := open(t, l, "default", 0)
	wantHeld(t, log, 0, 0, false)
	_, _, err := log.State(t.Context(), 0)
	wantErr(t, "a state of nothing", err, ledger.ErrGone)
	_, err = read(log, 1, 1)
	wantErr(t, "an entry of nothing", err, ledger.ErrGone)
	wantEntries(t, log, 1, 0, "")
}

func appended(t *testing.T, b Backend) {
	log := open(t, b.New(t), "default", 0)
	add(t, log, "a", "", "c\x00\n", "d")
	wantHeld(t, log, 0, 4, false)
	wantEntries(t, log, 1, 4, "1:a 2: 3:c\x00\n 4:d")
	wantEntries(t, log, 2, 3, "2: 3:c\x00\n")
	_, err := read(log, 3, 5)
	wantErr(t, "an entry that is not there yet", err, ledger.ErrGone)
}

func apart(t *testing.T, b Backend) {
	l := b.New(t)
	names := []string{"default", "A", "a", "team-a.x_1", "-"}
	for _, name := range names {
		log := open(t, l, name, 0)
		add(t, log, "of "+name)
		checkpoint(t, log, 1, "state of "+name)
	}
	got, err := l.Sandboxes(t.Context())
	slices.Sort(names)
	if !slices.Equal(got, names) || err != nil {
		t.Errorf("there are %v, %v, want %v", got, err, names)
	}
	if b.Again == nil {
		return
	}
	l = b.Again(t, l)
	for _, name := range names {
		log := open(t, l, name, 0)
		wantEntries(t, log, 1, 1, "1:of "+name)
		wantState(t, log, 1, 1, "state of "+name)
	}
}

func copied(t *testing.T, b Backend) {
	log := open(t, b.New(t), "default", 0)
	text := []byte("before")
	if _, err := log.Append(text); err != nil {
		t.Fatal(err)
	}
	state := []byte("state1")
	checkpoint(t, log, 1, string(state))
	copy(text, "after!")
	wantEntries(t, log, 1, 1, "1:before")
	_, got, _ := log.State(t.Context(), 1)
	copy(got, "changed")
	wantState(t, log, 1, 1, "state1")
}

func checkpoints(t *testing.T, b Backend) {
	log := open(t, b.New(t), "default", 0)
	checkpoint(t, log, 0, "none")
	add(t, log, "a", "b")
	checkpoint(t, log, 2, "ab")
	add(t, log, "c")
	wantState(t, log, 0, 0, "none")
	wantState(t, log, 1, 0, "none")
	wantState(t, log, 2, 2, "ab")
	wantState(t, log, 3, 2, "ab")
	wantEntries(t, log, 1, 3, "1:a 2:b 3:c")
	checkpoint(t, log, 2, "ab, again")
	wantState(t, log, 3, 2, "ab, again")
	wantHeld(t, log, 0, 3, true)
}

func late(t *testing.T, b Backend) {
	l := b.New(t)
	log := open(t, l, "default", 0)
	add(t, log, "a", "b", "c")
	checkpoint(t, log, 1, "a")
	add(t, log, "d")
	checkpoint(t, log, 3, "abc")
	add(t, log, "e")
	for range 2 {
		wantState(t, log, 2, 1, "a")
		wantState(t, log, 5, 3, "abc")
		wantEntries(t, log, 2, 5, "2:b 3:c 4:d 5:e")
		if b.Again == nil {
			return
		}
		l = b.Again(t, l)
		log = open(t, l, "default", 0)
	}
}

func nowhere(t *testing.T, b Backend) {
	log := open(t, b.New(t), "default", 0)
	add(t, log, "a")
	wantErr(t, "a checkpoint after what is not there yet", log.Checkpoint(t.Context(), 2, nil), ledger.ErrGone)
	wantErr(t, "waiting for what was not appended", log.Await(t.Context(), 2), ledger.ErrGone)
	checkpoint(t, log, 1, "a")
	wantHeld(t, log, 1, 1, true)
}

func forgotten(t *testing.T, b Backend) {
	l := b.New(t)
	log := open(t, l, "default", 0)
	for i := range 10 {
		checkpoint(t, log, uint64(i), fmt.Sprint("state ", i))
		add(t, log, fmt.Sprint("entry ", i+1))
	}
	if err := log.Forget(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		oldest, last, checkpointed := log.Held()
		if oldest > 7 || last != 10 || !checkpointed {
			t.Errorf("held is %d to %d, %t, want up to 7 to 10", oldest, last, checkpointed)
		}
		wantState(t, log, 7, 7, "state 7")
		wantEntries(t, log, 8, 10, "8:entry 8 9:entry 9 10:entry 10")
		if oldest > 0 {
			_, err := read(log, oldest, oldest)
			wantErr(t, "what was forgotten", err, ledger.ErrGone)
			_, _, err = log.State(t.Context(), oldest-1)
			wantErr(t, "a state that was forgotten", err, ledger.ErrGone)
		}
		if b.Again == nil {
			break
		}
		l = b.Again(t, l)
		log = open(t, l, "default", 0)
	}
	add(t, log, "entry 11")
	wantEntries(t, log, 10, 11, "10:entry 10 11:entry 11")
}

func large(t *testing.T, b Backend) {
	l := b.New(t)
	log := open(t, l, "default", 0)
	entry, state := strings.Repeat("entry ", 500_000), strings.Repeat("state ", 1_000_000)
	add(t, log, "small", entry, "small")
	checkpoint(t, log, 2, state)
	if b.Again != nil {
		l = b.Again(t, l)
		log = open(t, l, "default", 0)
	}
	if got, err := read(log, 2, 3); got != "2:"+entry+" 3:small" || err != nil {
		t.Errorf("%d bytes came back, %v", len(got), err)
	}
	at, got, err := log.State(t.Context(), 3)
	if at != 2 || string(got) != state || err != nil {
		t.Errorf("a state of %d bytes after %d came back, %v", len(got), at, err)
	}
}

func stopped(t *testing.T, b Backend) {
	log := open(t, b.New(t), "default", 0)
	add(t, log, "a", "b", "c")
	enough, seen := errors.New("enough"), 0
	err := log.Entries(t.Context(), 1, 3, func(sequence uint64, _ []byte) error {
		if seen++; sequence == 2 {
			return enough
		}
		return nil
	})
	if wantErr(t, "a visit", err, enough); seen != 2 {
		t.Errorf("%d entries were seen", seen)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = log.Entries(ctx, 1, 3, func(uint64, []byte) error {
		cancel()
		return nil
	})
	wantErr(t, "a visit whose context ended", err, context.Canceled)
}

func once(t *testing.T, b Backend) {
	l := b.New(t)
	log := open(t, l, "default", 0)
	if _, err := l.Open(t.Context(), "default", 0); err == nil {
		t.Error("a log was opened twice")
	}
	add(t, log, "a")
	if err := log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	log = open(t, l, "default", 0)
	add(t, log, "b")
	wantEntries(t, log, 1, 2, "1:a 2:b")
}

func removed(t *testing.T, b Backend) {
	l := b.New(t)
	log := open(t, l, "run-1", 0)
	add(t, log, "a")
	checkpoint(t, log, 1, "a")
	if err := log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is none
		if err := l.Remove(t.Context(), "run-1"); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := l.Sandboxes(t.Context()); len(names) > 0 || err != nil {
		t.Errorf("there are %v, %v", names, err)
	}
	log = open(t, l, "run-1", 0)
	wantHeld(t, log, 0, 0, false)
	add(t, log, "b")
	wantEntries(t, log, 1, 1, "1:b")
}

func closed(t *testing.T, b Backend) {
	log := open(t, b.New(t), "default", 0)
	add(t, log, "a")
	if err := log.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	unusable(t, log, ledger.ErrClosed)
}

func ledgerClosed(t *testing.T, b Backend) {
	l := b.New(t)
	log := open(t, l, "default", 0)
	add(t, log, "a")
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	unusable(t, log, ledger.ErrClosed)
	_, err := l.Open(t.Context(), "default", 0)
	wantErr(t, "opening a log of a closed ledger", err, ledger.ErrClosed)
	_, err = l.Sandboxes(t.Context())
	wantErr(t, "the sandboxes of a closed ledger", err, ledger.ErrClosed)
	wantErr(t, "removing from a closed ledger", l.Remove(t.Context(), "default"), ledger.ErrClosed)
}

func unusable(t *testing.T, log ledger.Log, want error) {
	t.Helper()
	_, err := log.Append([]byte("b"))
	wantErr(t, "appending", err, want)
	wantErr(t, "flushing", log.Flush(t.Context()), want)
	wantErr(t, "a checkpoint", log.Checkpoint(t.Context(), 1, []byte("a")), want)
	_, _, err = log.State(t.Context(), 1)
	wantErr(t, "a state", err, want)
	_, err = read(log, 1, 1)
	wantErr(t, "reading", err, want)
	wantErr(t, "forgetting", log.Forget(t.Context(), 1), want)
}

func again(t *testing.T, b Backend) {
	if b.Again == nil {
		t.Skip("this backend ends with its process")
	}
	l := b.New(t)
	var want []string
	for round := range 4 {
		log := open(t, l, "default", 0)
		if _, last, _ := log.Held(); last != uint64(len(want)) {
			t.Fatalf("%d entries are held, want %d", last, len(want))
		}
		for i := range 20 {
			entry := fmt.Sprintf("%d-%d", round, i)
			add(t, log, entry)
			want = append(want, fmt.Sprintf("%d:%s", len(want)+1, entry))
		}
		checkpoint(t, log, uint64(len(want)), fmt.Sprint("round ", round))
		wantEntries(t, log, 1, uint64(len(want)), strings.Join(want, " "))
		l = b.Again(t, l)
	}
	log := open(t, l, "default", 0)
	wantState(t, log, 79, 60, "round 2")
	wantState(t, log, 80, 80, "round 3")
}

func fenced(t *testing.T, b Backend) {
	if !b.Fenced {
		t.Skip("this backend has one process")
	}
	l := b.New(t)
	before := open(t, l, "default", 3)
	add(t, before, "a")
	if err := before.Flush(t.Context()); err != nil { // it may lose what is not durable yet
		t.Fatal(err)
	}
	after := open(t, l, "default", 5)
	add(t, after, "b")
	sequence, err := before.Append([]byte("c"))
	if err == nil {
		err = before.Await(t.Context(), sequence)
	}
	if err == nil {
		err = before.Flush(t.Context())
	}
	wantErr(t, "a writer that was overtaken", err, ledger.ErrFenced)
	wantErr(t, "its checkpoint", before.Checkpoint(t.Context(), 1, []byte("a")), ledger.ErrFenced)
	add(t, after, "d")
	wantEntries(t, after, 1, 3, "1:a 2:b 3:d")
	if err := after.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = l.Open(t.Context(), "default", 4)
	wantErr(t, "opening with a lower fence", err, ledger.ErrFenced)
	wantEntries(t, open(t, l, "default", 6), 1, 3, "1:a 2:b 3:d")
}
