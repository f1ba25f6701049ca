// Package cluster lets several replicas be one mock: each sandbox has one owner at a time,
// who holds a lease, and every replica leads a request to the owner of its sandbox. What
// it needs of a mock is a few functions.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// TTL is how long a value of a bucket lives after it was written last.
const TTL = 3 * time.Second

// ErrTaken says that a key has another value than the one that was to be replaced.
var ErrTaken = errors.New("somebody else has it")

// ErrConfiguration says that the bucket of a cluster is set up in another way.
var ErrConfiguration = errors.New("the cluster's bucket is another one")

// Bucket is values that vanish when nobody writes them for TTL. Revisions grow, over all
// keys and for ever.
type Bucket interface {
	// Create writes a value where there is none, or fails with ErrTaken.
	Create(ctx context.Context, key string, value []byte) (revision uint64, err error)
	// Update replaces the value of a revision, or fails with ErrTaken.
	Update(ctx context.Context, key string, value []byte, revision uint64) (next uint64, err error)
	// Delete removes the value of a revision, or fails with ErrTaken.
	Delete(ctx context.Context, key string, revision uint64) error
	// Watch tells all values, and then what changes, until its context ends. Ready is
	// called when all have been told. What vanishes need not be told.
	Watch(ctx context.Context, told func(key string, value []byte, gone bool), ready func()) error
}

// keyValue is a Bucket of NATS. It has one TTL for all keys: one of its own is lost when a
// key is updated.
type keyValue struct{ kv jetstream.KeyValue }

// NewBucket takes the bucket of a cluster, which is made when it is not there; replicas is
// how many servers hold it.
func NewBucket(ctx context.Context, nc *nats.Conn, cluster string, replicas int) (Bucket, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	name := "parley-" + cluster + "-leases"
	kv, err := js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, Description: "who owns the sandboxes of the Parley cluster " + cluster, History: 1, TTL: TTL, Replicas: max(replicas, 1)})
	if errors.Is(err, jetstream.ErrBucketExists) {
		return nil, fmt.Errorf("%w: %s is set up in another way than with a TTL of %v and %d servers; name the cluster differently, or remove the bucket: %w", ErrConfiguration, name, TTL, max(replicas, 1), err)
	}
	if err != nil {
		return nil, fmt.Errorf("the bucket %s: %w", name, err)
	}
	return keyValue{kv}, nil
}

func (b keyValue) Create(ctx context.Context, key string, value []byte) (uint64, error) {
	revision, err := b.kv.Create(ctx, key, value)
	return revision, taken(err)
}

func (b keyValue) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	next, err := b.kv.Update(ctx, key, value, revision)
	return next, taken(err)
}

func (b keyValue) Delete(ctx context.Context, key string, revision uint64) error {
	return taken(b.kv.Delete(ctx, key, jetstream.LastRevision(revision)))
}

// taken turns the servers' ways to say so into ErrTaken.
func taken(err error) error {
	if errors.Is(err, jetstream.ErrKeyExists) || errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return fmt.Errorf("%w: %w", ErrTaken, err)
	}
	return err
}

// begun is how long servers may take to begin a watch. One that was lost without a word is
// given some for minutes, and never answers; the next try may be another's.
const begun = TTL / 2

func (b keyValue) Watch(ctx context.Context, told func(string, []byte, bool), ready func()) error {
	watching, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.AfterFunc(begun, cancel)
	watcher, err := b.kv.WatchAll(watching)
	if err == nil {
		defer watcher.Stop()
	}
	switch {
	case !late.Stop() && ctx.Err() == nil:
		return fmt.Errorf("the servers did not begin it within %v", begun)
	case err != nil:
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case entry, ok := <-watcher.Updates():
			switch {
			case !ok:
				return errors.New("the servers end the watch")
			case entry == nil:
				ready()
			default:
				told(entry.Key(), entry.Value(), entry.Operation() != jetstream.KeyValuePut)
			}
		}
	}
}
