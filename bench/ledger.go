package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// kept is a mock with a ledger, or without.
type kept struct {
	title   string
	args    []string
	servers *natstest.Processes // nil: it needs none
	running *process
	// By round: microseconds of the mock's processor time and of its servers' for one call,
	// and calls per second.
	costs, servings, rates []float64
}

// ledgers lets mocks take turns that keep what happens in different places, and prints what
// one call costs them.
func ledgers(ctx context.Context, w *workload, binary string, length time.Duration, rounds int) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	sides := []*kept{{title: "without a ledger"}}
	for _, durability := range []string{"interval", "step"} {
		sides = append(sides, &kept{title: "file, " + durability, args: []string{"--data", filepath.Join(folder, durability), "--durability", durability}})
	}
	for i, many := range []string{"one NATS server", "three NATS servers"} {
		n := 2*i + 1
		servers, err := natstest.Run(ctx, n, filepath.Join(folder, fmt.Sprint("nats-", n)))
		if err != nil {
			return err
		}
		defer servers.End()
		for _, durability := range []string{"interval", "step"} {
			sides = append(sides, &kept{title: fmt.Sprintf("JetStream on %s (R%d), %s", many, n, durability), args: replicaArgs(servers, durability, durability), servers: servers})
		}
	}
	for _, s := range sides {
		s.running, _, err = startAsking(ctx, s.title, binary, "/_parley/ready", joining, func(addr string) []string { return append(w.serve(addr), s.args...) })
		if err != nil {
			return err
		}
		defer s.running.stop()
	}
	for range rounds {
		for _, s := range sides {
			if err := s.measure(ctx, w, length); err != nil {
				return fmt.Errorf("%s: %w", s.title, err)
			}
		}
	}
	for _, s := range sides {
		fmt.Printf("  %6.1f µs CPU each, %.2f × without; %6.1f µs of the NATS servers; %6.0f requests/s   %s\n",
			median(s.costs), median(s.costs)/median(sides[0].costs), median(s.servings), median(s.rates), s.title)
	}
	return nil
}

func (s *kept) measure(ctx context.Context, w *workload, length time.Duration) error {
	began, mock, servers := time.Now(), s.running.cpu(), s.serving()
	n, err := load(ctx, w, s.running.addr, 8, length)
	if err != nil {
		return err
	}
	s.rates = append(s.rates, float64(n)/time.Since(began).Seconds())
	s.costs = append(s.costs, float64((s.running.cpu()-mock).Microseconds())/float64(n))
	s.servings = append(s.servings, float64((s.serving()-servers).Microseconds())/float64(n))
	return nil
}

// serving is the processor time of the NATS servers.
func (s *kept) serving() time.Duration {
	if s.servers == nil {
		return 0
	}
	return cpuOf(s.servers.PIDs()...)
}

// benchToken is what replicas know each other by.
const benchToken = "bench"

// joining is how long a replica may take to become ready.
const joining = time.Minute

// replicaArgs let a mock be a replica of a cluster.
func replicaArgs(servers *natstest.Processes, cluster, durability string) []string {
	return []string{"--cluster", strings.Join(servers.URLs(), ","), "--cluster-name", cluster, "--control-token", benchToken, "--durability", durability}
}
