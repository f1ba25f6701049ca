package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// replicas are those of one mock, on NATS servers.
type replicas struct {
	binary  string
	name    string // of the cluster
	w       *workload
	servers *natstest.Processes
	all     []*process
}

// clustered prints what it costs that several replicas are one mock.
func clustered(ctx context.Context, w *workload, binary string, length time.Duration, rounds int) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	servers, err := natstest.Run(ctx, 3, folder)
	if err != nil {
		return err
	}
	defer servers.End()
	three, one := &replicas{binary: binary, name: "three", w: w, servers: servers}, &replicas{binary: binary, name: "one", w: w, servers: servers}
	defer three.stop()
	defer one.stop()
	if err := three.join(ctx, 3); err != nil {
		return err
	}
	if err := three.hop(ctx, length, rounds); err != nil {
		return err
	}
	if err := three.failover(ctx); err != nil {
		return err
	}
	if err := one.join(ctx, 1); err != nil {
		return err
	}
	if err := onOneAndThree(ctx, one, three, length, rounds); err != nil {
		return err
	}
	one.stop()
	if err := three.crowd(ctx); err != nil {
		return err
	}
	three.stop()
	return leases(ctx, servers, length)
}

// join starts more replicas.
func (r *replicas) join(ctx context.Context, n int) error {
	for range n {
		p, _, err := startAsking(ctx, "parley serve --cluster", r.binary, "/_parley/ready", joining, func(addr string) []string {
			return append(r.w.serve(addr), replicaArgs(r.servers, r.name, "interval")...)
		})
		if err != nil {
			return err
		}
		r.all = append(r.all, p)
	}
	return nil
}

func (r *replicas) stop() {
	for _, p := range r.all {
		p.stop()
	}
	r.all = nil
}

// kill ends a replica without a word.
func (r *replicas) kill(p *process) {
	p.stop()
	r.all = slices.DeleteFunc(r.all, func(one *process) bool { return one == p })
}

// owned is how many sandboxes a replica has.
func (r *replicas) owned(p *process) (int, error) {
	n, err := metric(p.addr, "parley_replica_sandboxes")
	return int(n), err
}

// owner is the replica that has the default sandbox, where there is no other one, and
// another replica.
func (r *replicas) owner() (owner, other *process, err error) {
	if err := r.call(r.all[0]); err != nil {
		return nil, nil, err
	}
	for _, p := range r.all {
		n, err := r.owned(p)
		if err != nil {
			return nil, nil, err
		}
		if n > 0 {
			owner = p
		} else {
			other = p
		}
	}
	if owner == nil || other == nil {
		return nil, nil, fmt.Errorf("of %d replicas it is not clear which has the sandbox", len(r.all))
	}
	return owner, other, nil
}

// call makes one call on a new connection.
func (r *replicas) call(p *process) error {
	connection, err := net.Dial("tcp", p.addr)
	if err != nil {
		return err
	}
	defer connection.Close()
	return ask(r.w, connection, bufio.NewReader(connection), p.addr)
}

func (r *replicas) cpu() (sum time.Duration) {
	for _, p := range r.all {
		sum += p.cpu()
	}
	return sum
}

// hop compares calls at the owner with calls that another replica sends on.
func (r *replicas) hop(ctx context.Context, length time.Duration, rounds int) error {
	owner, other, err := r.owner()
	if err != nil {
		return err
	}
	sides := []*process{owner, other}
	var costs [2][]float64
	var waits [2][]time.Duration
	for range rounds {
		for i, p := range sides {
			before := r.cpu()
			n, err := load(ctx, r.w, p.addr, 8, length)
			if err != nil {
				return err
			}
			costs[i] = append(costs[i], float64((r.cpu()-before).Microseconds())/float64(n))
			soon, cancel := context.WithTimeout(ctx, length/4)
			times, err := timed(soon, r.w, p.addr, 0, 1)
			cancel()
			if err != nil {
				return err
			}
			waits[i] = append(waits[i], times...)
		}
	}
	for i, title := range []string{"a call at the owner", "a call at another replica, which sends it on"} {
		fmt.Printf("  %6.1f µs CPU of all replicas, %.2f × at the owner; on one connection %4.0f µs until the answer   %s\n",
			median(costs[i]), median(costs[i])/median(costs[0]), float64(median(waits[i]).Nanoseconds())/1000, title)
	}
	return nil
}

// failovers is how often an owner is killed.
const failovers = 7

// failover measures how long a call waits that is made right after its sandbox's owner was
// killed.
func (r *replicas) failover(ctx context.Context) error {
	var took []time.Duration
	for range failovers {
		owner, other, err := r.owner()
		if err != nil {
			return err
		}
		began := time.Now()
		r.kill(owner)
		if err := r.call(other); err != nil {
			return err
		}
		took = append(took, time.Since(began))
		if err := r.join(ctx, 1); err != nil {
			return err
		}
	}
	fmt.Printf("  %4.2f s from SIGKILL of the owner to the answer of the next call, median of %d; %.2f to %.2f s\n",
		median(took).Seconds(), failovers, slices.Min(took).Seconds(), slices.Max(took).Seconds())
	return nil
}
