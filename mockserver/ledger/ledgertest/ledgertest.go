// Package ledgertest holds the tests that every backend of ledger.Ledger passes.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
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

func wantHolds(t *testing.T, l ledger.Ledger, sandbox string, want bool) {
	t.Helper()
	if holds, err := l.Holds(t.Context(), sandbox); holds != want || err != nil {
		t.Errorf("whether there is a sandbox %s: %t, %v", sandbox, holds, err)
	}
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}
