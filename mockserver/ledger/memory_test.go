package ledger_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/ledgertest"
)

func TestMemory(t *testing.T) {
	ledgertest.Run(t, ledgertest.Backend{
		New:    func(*testing.T) ledger.Ledger { return ledger.NewMemory() },
		Fenced: true,
	})
}

// TestABoundedMemory keeps the newest checkpoint however long it is, and forgets no entry
// after the oldest that it keeps.
func TestABoundedMemory(t *testing.T) {
	ctx := t.Context()
	log, err := ledger.NewMemory().Bounded(100).Open(ctx, "default", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		states, entries int // bytes of a checkpoint, and of each of two entries after it
		oldest          uint64
	}{{10, 20, 0}, {10, 20, 0}, {10, 20, 2}, {90, 5, 6}, {300, 50, 8}, {10, 10, 10}} {
		_, last, _ := log.Held()
		if err := log.Checkpoint(ctx, last, make([]byte, step.states)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := log.Append(make([]byte, step.entries)); err != nil {
				t.Fatal(err)
			}
		}
		oldest, last, _ := log.Held()
		if oldest != step.oldest {
			t.Errorf("after a checkpoint of %d bytes at %d the oldest is at %d, want %d", step.states, last-2, oldest, step.oldest)
		}
		if err := log.Entries(ctx, oldest+1, last, func(uint64, []byte) error { return nil }); err != nil {
			t.Error(err)
		}
	}
}

func ExampleMemory() {
	ctx := context.Background()
	log, _ := ledger.NewMemory().Open(ctx, "default", 0)
	log.Checkpoint(ctx, 0, []byte("nothing"))
	for _, step := range []string{"a message", "its answer"} {
		log.Append([]byte(step))
	}
	at, state, _ := log.State(ctx, 2)
	fmt.Printf("%s, and then\n", state)
	log.Entries(ctx, at+1, 2, func(sequence uint64, entry []byte) error {
		fmt.Printf("%d %s\n", sequence, entry)
		return nil
	})
	// Output:
	// nothing, and then
	// 1 a message
	// 2 its answer
}
