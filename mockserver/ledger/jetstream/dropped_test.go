package jetstream

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	nats "github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger"
)

// TestWhatServersDropIsGone, for the log that is open and for the next one, and not empty.
func TestWhatServersDropIsGone(t *testing.T) {
	o := openOne(t, Options{Cluster: "a", Durability: ledger.Step, MaxAge: time.Hour})
	add := func(from, to int) {
		t.Helper()
		for i := from; i <= to; i++ {
			if _, err := o.Append(fmt.Appendf(nil, "entry %d", i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	state := func(sequence uint64) {
		t.Helper()
		if err := o.Checkpoint(t.Context(), sequence, fmt.Appendf(nil, "state %d", sequence)); err != nil {
			t.Fatal(err)
		}
	}
	state(0)
	add(1, 3)
	state(3)
	add(4, 5)
	o.mu.Lock()
	oldest := o.held[slices.IndexFunc(o.held, func(p piece) bool { return p.kind == isState && p.first == 3 })]
	o.mu.Unlock()
	// What the servers do at the end of an age, at a moment that the test chooses.
	if err := o.ledger.stream.Purge(t.Context(), nats.WithPurgeSubject(o.subject), nats.WithPurgeSequence(oldest.number)); err != nil {
		t.Fatal(err)
	}
	gone := func(log ledger.Log) {
		t.Helper()
		none := func(uint64, []byte) error { return nil }
		if err := log.Entries(t.Context(), 2, 5, none); !errors.Is(err, ledger.ErrGone) {
			t.Errorf("entries that were dropped: %v", err)
		}
		if _, _, err := log.State(t.Context(), 2); !errors.Is(err, ledger.ErrGone) {
			t.Errorf("a state that was dropped: %v", err)
		}
		if at, text, err := log.State(t.Context(), 5); at != 3 || string(text) != "state 3" || err != nil {
			t.Errorf("the state that is held is %d %q, %v", at, text, err)
		}
		if err := log.Entries(t.Context(), 4, 5, none); err != nil {
			t.Errorf("entries that are held: %v", err)
		}
	}
	gone(o)
	if err := o.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	next, err := o.ledger.Open(t.Context(), "Team.A", 4)
	if err != nil {
		t.Fatal(err)
	}
	gone(next)
	if oldest, last, checkpointed := next.Held(); oldest != 3 || last != 5 || !checkpointed {
		t.Errorf("held is %d to %d, %t", oldest, last, checkpointed)
	}
}

// TestDue: a checkpoint is wanted in half of the time, or of the messages, that are held.
func TestDue(t *testing.T) {
	written := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	state, entries := piece{kind: isState, at: written}, piece{kind: isEntries, at: written.Add(time.Hour)}
	for title, test := range map[string]struct {
		age  time.Duration
		most int64
		held []piece
		want time.Time
	}{
		"no bound":            {0, 0, []piece{state, entries}, time.Time{}},
		"no checkpoint":       {time.Hour, 4, []piece{entries}, time.Time{}},
		"age":                 {20 * time.Hour, 0, []piece{state, entries, entries}, written.Add(10 * time.Hour)},
		"few messages":        {0, 8, []piece{state, entries, entries}, time.Time{}},
		"half of them":        {0, 8, []piece{state, entries, entries, entries, entries}, written},
		"a newer checkpoint":  {0, 4, []piece{state, entries, entries, state, entries}, time.Time{}},
		"the age comes first": {time.Minute, 8, []piece{state, entries}, written.Add(30 * time.Second)},
	} {
		o := &log{ledger: &Ledger{options: Options{MaxAge: test.age, MaxPieces: test.most}}, held: test.held}
		if got := o.Due(); !got.Equal(test.want) {
			t.Errorf("%s: it is due at %v, want %v", title, got, test.want)
		}
	}
}
