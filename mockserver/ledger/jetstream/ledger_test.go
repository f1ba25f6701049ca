package jetstream_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
	"github.com/parleykit/parley/mockserver/ledger/ledgertest"
)

func connect(t *testing.T, servers *natstest.Servers, options ...nats.Option) *nats.Conn {
	t.Helper()
	nc, err := jetstream.Connect(servers.URLs(), t.Name(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

func open(t *testing.T, nc *nats.Conn, o jetstream.Options) *jetstream.Ledger {
	t.Helper()
	l, err := jetstream.Open(t.Context(), nc, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLedger is the suite of all backends, on one server and on three, with both ways to
// be durable.
func TestLedger(t *testing.T) {
	for _, n := range []int{1, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			servers := natstest.Start(t, n, nil)
			for _, durability := range []ledger.Durability{ledger.Step, ledger.Interval} {
				t.Run(string(durability), func(t *testing.T) { suite(t, servers, jetstream.Options{Durability: durability, Replicas: n}) })
			}
		})
	}
}

func suite(t *testing.T, servers *natstest.Servers, o jetstream.Options) {
	var clusters atomic.Int64
	nc := connect(t, servers)
	ledgertest.Run(t, ledgertest.Backend{
		New: func(t *testing.T) ledger.Ledger {
			o := o
			o.Cluster = fmt.Sprintf("%s-%d", o.Durability, clusters.Add(1))
			return open(t, nc, o)
		},
		Again: func(t *testing.T, l ledger.Ledger) ledger.Ledger {
			if err := l.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			o := o
			o.Cluster = fmt.Sprintf("%s-%d", o.Durability, clusters.Load())
			return open(t, nc, o)
		},
		Fenced: true,
	})
}
