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

// What a log holds.

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
