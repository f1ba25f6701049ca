package cluster

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/jetstream"
)

// PlaceOptions say which cluster a replica is of.
type PlaceOptions struct {
	Servers    []string // of NATS, some of them; credentials may be in their URLs
	Cluster    string   // its name
	Secret     string   // what all its replicas are given, and nobody else
	Seed       uint64   // of the mock: the replicas of a cluster have the same
	ID         string   // of the replica
	Durability ledger.Durability
	Age        time.Duration // how long what happened is held; 0: no bound. The replicas of a cluster have the same
	Bytes      int64         // how much is, of all sandboxes together; 0: no bound. Likewise
}

// mostMessages is how many messages a sandbox may have, of which the oldest go. A mock lets
// go by itself what comes before its last 50,000 steps, of which each is a message at most,
// and there is a checkpoint after each 500: the rest is for those, and for its moves.
const mostMessages = 1 << 16

// Place is what NATS servers hold for a cluster: what happens in its sandboxes, and who
// owns them.
type Place struct {
	Ledger *jetstream.Ledger
	Bucket Bucket
	Secret []byte // with which replicas prove to each other that they are some
	nc     *nats.Conn
}

// Connect takes the place of a cluster, which is made when it is not there: held by three
// servers where the servers form a cluster of their own, else by one. It fails with what
// jetstream.Connect and jetstream.Open fail with, and for the rest tries again until the
// context ends. No error has credentials in it.
func Connect(ctx context.Context, o PlaceOptions) (*Place, error) {
	p := &Place{Secret: derived(o.Secret, "hop of "+o.Cluster)}
	var err error
	if p.nc, err = jetstream.Connect(o.Servers, o.ID); err != nil {
		return nil, err
	}
	for {
		if err = p.take(ctx, o); err == nil {
			return p, nil
		}
		again := time.NewTimer(100 * time.Millisecond)
		select {
		case <-again.C:
		case <-ctx.Done():
		}
		if again.Stop(); ctx.Err() != nil || final(err) {
			p.nc.Close()
			return nil, err
		}
	}
}

// take takes ledger and bucket.
func (p *Place) take(ctx context.Context, o PlaceOptions) error {
	replicas := 1
	if p.nc.ConnectedClusterName() != "" {
		replicas = 3
	}
	identity := derived(o.Secret, fmt.Sprintf("identity of %s, seed %d", o.Cluster, o.Seed))
	soon, cancel := context.WithTimeout(ctx, TTL)
	defer cancel()
	var err error
	p.Ledger, err = jetstream.Open(soon, p.nc, jetstream.Options{Cluster: o.Cluster, Identity: hex.EncodeToString(identity[:16]), Replicas: replicas, Durability: o.Durability, MaxAge: o.Age, MaxBytes: o.Bytes, MaxPieces: mostMessages})
	if err == nil {
		p.Bucket, err = NewBucket(soon, p.nc, o.Cluster, replicas)
	}
	return err
}

// final tells an error that stays.
func final(err error) bool {
	for _, one := range []error{jetstream.ErrCredentials, jetstream.ErrConfiguration, jetstream.ErrFormat, jetstream.ErrNoJetStream, ErrConfiguration} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

// derived is a secret of a secret, for one use.
func derived(secret, use string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("parley cluster: " + use))
	return mac.Sum(nil)
}

// Close makes durable what was appended, and ends the connection.
func (p *Place) Close(ctx context.Context) error {
	err := p.Ledger.Close(ctx)
	p.nc.Close()
	return err
}
