package ledgertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/ledger"
)

// How logs and ledgers begin and end.

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
	wantHolds(t, l, "run-1", true)
	for range 2 { // the second time there is none
		if err := l.Remove(t.Context(), "run-1"); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := l.Sandboxes(t.Context()); len(names) > 0 || err != nil {
		t.Errorf("there are %v, %v", names, err)
	}
	wantHolds(t, l, "run-1", false)
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
	_, err = l.Holds(t.Context(), "default")
	wantErr(t, "whether a closed ledger has a sandbox", err, ledger.ErrClosed)
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
