package jetstream_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// TestLostServer: the server that leads the stream goes, and no acknowledged entry with it.
func TestLostServer(t *testing.T) {
	servers := natstest.Start(t, 3, nil)
	o := jetstream.Options{Cluster: "a", Durability: ledger.Step, Replicas: 3, Retry: 20 * time.Millisecond}
	l := open(t, connect(t, servers), o)
	log, err := l.Open(t.Context(), "default", 7)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		if i == 10 {
			servers.Stop(servers.Leader("parley-a"))
		}
		sequence, err := log.Append(fmt.Appendf(nil, "entry %d", i+1))
		if err == nil {
			err = log.Await(t.Context(), sequence)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	next, err := open(t, connect(t, servers), o).Open(t.Context(), "default", 8)
	if err != nil {
		t.Fatal(err)
	}
	n := uint64(0)
	err = next.Entries(t.Context(), 1, 30, func(sequence uint64, entry []byte) error {
		if n++; string(entry) != fmt.Sprintf("entry %d", sequence) || sequence != n {
			t.Errorf("entry %d is %q", sequence, entry)
		}
		return nil
	})
	if n != 30 || err != nil {
		t.Errorf("%d entries came back, %v", n, err)
	}
}
