package cluster

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	natsjetstream "github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// TestBucket is a bucket of real servers, one and three of them, which report a conflict
// with different numbers.
func TestBucket(t *testing.T) {
	for _, n := range []int{1, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			nc, err := jetstream.Connect(natstest.Start(t, n, nil).URLs(), t.Name())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			testBucket(t, bucketOf(t, nc, "a", n))
		})
	}
}

// bucketOf takes the bucket of a cluster as a replica does: servers that choose leaders still
// do not answer, and are asked again.
func bucketOf(t *testing.T, nc *nats.Conn, cluster string, replicas int) Bucket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // on a machine that has other things to do
	defer cancel()
	for {
		soon, done := context.WithTimeout(ctx, TTL)
		b, err := NewBucket(soon, nc, cluster, replicas)
		done()
		if err == nil {
			return b
		}
		if errors.Is(err, ErrConfiguration) || ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

func testBucket(t *testing.T, b Bucket) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := make(chan string, 10)
	ended := make(chan error, 1)
	go func() {
		ended <- b.Watch(ctx, func(key string, value []byte, gone bool) { told <- fmt.Sprint(key, " ", string(value), " ", gone) }, func() { told <- "ready" })
	}()
	want := func(text string) {
		t.Helper()
		if got := <-told; got != text {
			t.Errorf("told %q, want %q", got, text)
		}
	}
	want("ready")
	first, err := b.Create(ctx, "k", []byte("one"))
	for errors.Is(err, natsjetstream.ErrNoStreamResponse) && ctx.Err() == nil { // they choose a leader still
		first, err = b.Create(ctx, "k", []byte("one"))
	}
	if err != nil {
		t.Fatal(err)
	}
	want("k one false")
	if _, err := b.Create(ctx, "k", []byte("two")); !errors.Is(err, ErrTaken) {
		t.Errorf("created twice: %v", err)
	}
	next, err := b.Update(ctx, "k", []byte("one, again"), first)
	if err != nil || next <= first {
		t.Fatalf("revision %d after %d, %v", next, first, err)
	}
	want("k one, again false")
	if _, err := b.Update(ctx, "k", []byte("late"), first); !errors.Is(err, ErrTaken) {
		t.Errorf("updated with an old revision: %v", err)
	}
	if err := b.Delete(ctx, "k", first); !errors.Is(err, ErrTaken) {
		t.Errorf("deleted with an old revision: %v", err)
	}
	if err := b.Delete(ctx, "k", next); err != nil {
		t.Fatal(err)
	}
	want("k  true")
	again, err := b.Create(ctx, "k", []byte("three"))
	if err != nil || again <= next {
		t.Errorf("revision %d after %d, %v", again, next, err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the watch ended with %v", err)
	}
}
