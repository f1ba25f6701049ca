package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/cluster"
	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// leaseWriters renew leases at once, as a replica does.
const leaseWriters = 16

// leases measures how many leases the servers can renew, with few replicas that watch and
// with many: each renewal is told to all of them.
func leases(ctx context.Context, servers *natstest.Processes, length time.Duration) error {
	nc, err := jetstream.Connect(servers.URLs(), "bench")
	if err != nil {
		return err
	}
	defer nc.Close()
	bucket, err := cluster.NewBucket(ctx, nc, "bench", 3)
	if err != nil {
		return err
	}
	for _, watchers := range []int{1, 10, 30} {
		if err := leasesWatched(ctx, servers, bucket, watchers, length); err != nil {
			return err
		}
	}
	return nil
}

func leasesWatched(ctx context.Context, servers *natstest.Processes, bucket cluster.Bucket, watchers int, length time.Duration) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	for range watchers {
		ready := make(chan struct{})
		failed := make(chan error, 1)
		go func() { failed <- bucket.Watch(watching, func(string, []byte, bool) {}, func() { close(ready) }) }()
		select {
		case <-ready:
		case err := <-failed:
			return err
		}
	}
	before, began := cpuOf(servers.PIDs()...), time.Now()
	ending, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var renewed atomic.Int64
	err := together(leaseWriters, func(i int) error {
		key, value := fmt.Sprintf("lease.%d.%d", watchers, i), []byte(`{"replica":"parley-0-1a2b3c4d"}`)
		revision, err := bucket.Create(ctx, key, value)
		for ; err == nil && ending.Err() == nil; renewed.Add(1) {
			revision, err = bucket.Update(ctx, key, value, revision)
		}
		return err
	})
	if err != nil {
		return err
	}
	n := float64(renewed.Load())
	fmt.Printf("  %6.0f leases renewed a second at most, %5.0f µs CPU of the NATS servers each, where %2d replicas watch\n",
		n/time.Since(began).Seconds(), float64((cpuOf(servers.PIDs()...)-before).Microseconds())/n, watchers)
	return nil
}
