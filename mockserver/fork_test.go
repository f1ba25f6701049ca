package mockserver_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
)

// TestAForkGoesOnAsTheOriginalDid: with the same calls it has the same state and IDs, at
// the time that its clock showed; and it sends nothing that the original sends.
func TestAForkGoesOnAsTheOriginalDid(t *testing.T) {
	kept := ledger.NewMemory()
	s := ledgered(t, kept)
	box := s.Sandbox()
	if _, err := box.AddFault(fault.Rule{Event: "changed", Delay: "1h"}); err != nil {
		t.Fatal(err)
	}
	calls(s, box, "POST", "/tickets/1/notes", `{"text":"x"}`)
	if err := box.Clock().Advance(mocktest.Soon(t), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	calls(s, box, "POST", "/tickets/1/notes", `{"text":"x"}`)
	at, seed := box.Journal().Find(nil)[1].ID, box.Seed()
	then := box.Clock().Now()
	calls(s, box, "POST", "/tickets/1/notes", `{"text":"x"}`)
	before, err := box.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	fork, err := s.Fork(t.Context(), box, at, mockserver.SandboxOptions{Name: "retry"})
	if err != nil {
		t.Fatal(err)
	}
	if !fork.Clock().Now().Equal(then) || fork.Seed() != seed || fork.Journal().Stats().Kept != 0 {
		t.Errorf("the fork is at %s with seed %d and %d exchanges", fork.Clock().Now(), fork.Seed(), fork.Journal().Stats().Kept)
	}
	for _, d := range fork.Deliveries() {
		if d.State != outbox.Cancelled || d.Error != "the sandbox was forked from default, which sends this one; a retry sends it from here too" {
			t.Errorf("delivery %s is %s: %s", d.ID, d.State, d.Error)
		}
	}
	if n := len(fork.Deliveries()); n != 2 {
		t.Errorf("the fork has %d deliveries, want 2", n)
	}
	calls(s, fork, "POST", "/tickets/1/notes", `{"text":"x"}`)
	if got, want := fmt.Sprint(fork.State()), fmt.Sprint(box.State()); got != want {
		t.Errorf("the fork went on to %s, and the original to %s", got, want)
	}
	if after, err := box.Snapshot(); err != nil || string(after) != string(before) {
		t.Errorf("the original is another: %s, %v", after, err)
	}
	s.Close(atOnce(t))
	had := fmt.Sprint(fork.State())
	again := ledgered(t, kept)
	defer again.Close(atOnce(t))
	sameAsReplayed(t, again.Existing("retry"), "a restart")
	if got := fmt.Sprint(again.Existing("retry").State()); got != had {
		t.Errorf("after a restart the fork has %s, and had %s", got, had)
	}
}

// TestAForkOfTheNewestIsThatOfTheLedger: what is copied from the sandbox as it is, and what
// follows from the ledger once something happened, are the same.
func TestAForkOfTheNewestIsThatOfTheLedger(t *testing.T) {
	s := ledgered(t, nil)
	defer s.Close(atOnce(t))
	box := s.Sandbox()
	if _, err := box.StateAt(t.Context(), ""); err != nil { // from now on what was is kept
		t.Fatal(err)
	}
	if _, err := box.AddFault(fault.Rule{Event: "changed", Delay: "1h"}); err != nil {
		t.Fatal(err)
	}
	for range 9 {
		calls(s, box, "POST", "/tickets/1/notes", `{"text":"x"}`)
	}
	all := box.Journal().Find(nil)
	forked := func(name, exchange string) string {
		fork, err := s.Fork(t.Context(), box, exchange, mockserver.SandboxOptions{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		text, err := fork.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	now, newest := forked("now", ""), forked("newest", all[len(all)-1].ID)
	box.ClearFaults()
	if then := forked("then", all[len(all)-1].ID); newest != then || now != then {
		t.Errorf("the fork of the newest is\n %s\nof now\n %s\nand later\n %s", newest, now, then)
	}
	calls(s, s.Existing("newest"), "POST", "/tickets/1/notes", `{"text":"x"}`)
	if again := forked("again", all[len(all)-1].ID); again != now {
		t.Errorf("what a fork did changed its origin: %s", again)
	}
}

func atOnce(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
