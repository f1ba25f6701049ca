package mockserver_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	nats "github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// TestWhatServersDrop of a sandbox that does nothing is gone, and not the sandbox: another
// mock goes on with it.
func TestWhatServersDrop(t *testing.T) {
	t.Parallel()
	nc, err := jetstream.Connect(natstest.Start(t, 1, nil).URLs(), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	open := func() *jetstream.Ledger {
		l, err := jetstream.Open(t.Context(), nc, jetstream.Options{Cluster: "a", MaxAge: 4 * time.Second, MaxPieces: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a := share(t, open())
	a.take(t, "team", 1)
	for range 3 {
		a.get("/~team/tickets/T-1")
	}
	b := a.Existing("team")
	if err := b.AddState("", json.RawMessage(`[7]`)); err != nil {
		t.Fatal(err)
	}
	first := b.Journal().Oldest().ID
	if _, err := b.StateAt(t.Context(), first); err != nil {
		t.Errorf("before it was dropped: %v", err)
	}
	if err := b.Durable(t.Context()); err != nil {
		t.Fatal(err)
	}
	js, err := nats.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), "parley-a")
	if err != nil {
		t.Fatal(err)
	}
	last := stream.CachedInfo().State.LastSeq
	mocktest.Until(t, func() bool {
		info, err := stream.Info(t.Context())
		return err == nil && info.State.FirstSeq > last
	})
	if _, err := b.StateAt(t.Context(), first); !errors.Is(err, mockserver.ErrNotHeld) {
		t.Errorf("what was dropped: %v", err)
	}
	if err := a.LetGo(t.Context(), "team"); err != nil {
		t.Fatal(err)
	}
	next := share(t, open()).take(t, "team", 2)
	if next == nil {
		t.Fatal("the sandbox is gone")
	}
	if got := fmt.Sprint(next.State()["acme"]); got != "[7]" {
		t.Errorf("the state is %s", got)
	}
}
