package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// spreadSandboxes is in how many sandboxes one replica and three are compared.
const spreadSandboxes = 30

// onOneAndThree compares what a request costs one replica with what it costs three, where requests
// come to all of them alike.
func onOneAndThree(ctx context.Context, one, three *replicas, length time.Duration, rounds int) error {
	var costs, servings [2][]float64
	for range rounds {
		for i, r := range []*replicas{one, three} {
			if err := r.callAll(spreadSandboxes); err != nil { // all are there
				return err
			}
			before, serving := r.cpu(), cpuOf(r.servers.PIDs()...)
			n, err := r.load(ctx, length)
			if err != nil {
				return err
			}
			costs[i] = append(costs[i], float64((r.cpu()-before).Microseconds())/float64(n))
			servings[i] = append(servings[i], float64((cpuOf(r.servers.PIDs()...)-serving).Microseconds())/float64(n))
		}
	}
	for i, title := range []string{"one replica", "three replicas"} {
		fmt.Printf("  %6.1f µs CPU of all replicas each, %.2f × on one; %6.1f µs of the NATS servers   %d sandboxes on %s\n",
			median(costs[i]), median(costs[i])/median(costs[0]), median(servings[i]), spreadSandboxes, title)
	}
	return nil
}

// load keeps all replicas busy alike, each call in another sandbox, and returns how many
// were answered.
func (r *replicas) load(ctx context.Context, length time.Duration) (int, error) {
	const connections = 9
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var done atomic.Int64
	err := together(connections, func(i int) error {
		times, err := timed(ctx, r.w, r.all[i%len(r.all)].addr, i/len(r.all), spreadSandboxes)
		done.Add(int64(len(times)))
		return err
	})
	return int(done.Load()), err
}

// callAll makes a call in each of some sandboxes, at all replicas alike.
func (r *replicas) callAll(sandboxes int) error {
	const connections = 12
	return together(connections, func(i int) error { return r.callSome(i, connections, sandboxes) })
}

// callSome makes a call in each sandbox of so many, from the first one in steps.
func (r *replicas) callSome(first, step, sandboxes int) error {
	addr := r.all[first%len(r.all)].addr
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for n := first; n < sandboxes; n += step {
		if _, err := connection.Write(r.w.request(nil, addr, "bench-"+strconv.Itoa(n))); err != nil {
			return err
		}
		if err := answered(reader, addr); err != nil {
			return err
		}
	}
	return nil
}

// resting is how long a cluster is watched that nobody asks for anything.
const resting = 10 * time.Second

// crowd fills many sandboxes on three replicas, and loses one of these and adds one.
func (r *replicas) crowd(ctx context.Context) error {
	var before []float64
	for _, p := range r.all {
		before = append(before, p.memory("VmRSS"))
	}
	began := time.Now()
	for calls := range someCalls {
		if err := r.callAll(manySandboxes); err != nil {
			return err
		}
		if calls == 0 {
			fmt.Printf("  %4.1f s until each of %d new sandboxes was taken up and had answered a call\n", time.Since(began).Seconds(), manySandboxes)
		}
	}
	for i, p := range r.all {
		n, err := r.owned(p)
		if err != nil {
			return err
		}
		now := p.memory("VmRSS")
		fmt.Printf("  %6.1f MiB resident with %3d sandboxes after %d calls in each, %.0f KiB more for each   replica %d\n", now, n, someCalls, (now-before[i])*1024/float64(cmp.Or(n, 1)), i+1)
	}
	mocks, servers := r.cpu(), cpuOf(r.servers.PIDs()...)
	time.Sleep(resting) // what is measured
	mocks, servers = r.cpu()-mocks, cpuOf(r.servers.PIDs()...)-servers
	each := func(used time.Duration) float64 {
		return float64(used.Microseconds()) / resting.Seconds() / manySandboxes
	}
	fmt.Printf("  %4.1f %% of a processor for all replicas and %4.1f %% for the NATS servers, while nobody asks for anything: %.0f and %.0f µs a second for each sandbox\n",
		percent(mocks), percent(servers), each(mocks), each(servers))
	lost := r.all[0]
	had, err := r.owned(lost)
	if err != nil {
		return err
	}
	began = time.Now()
	r.kill(lost)
	if err := r.until(func(owned []int) bool { return sum(owned) >= manySandboxes }); err != nil {
		return err
	}
	fmt.Printf("  %4.1f s from SIGKILL of one replica until the others had the %d sandboxes that it had\n", time.Since(began).Seconds(), had)
	began = time.Now()
	if err := r.join(ctx, 1); err != nil {
		return err
	}
	share := manySandboxes / len(r.all) * 4 / 5 // by chance it may be less than a third
	if err := r.until(func(owned []int) bool { return owned[len(owned)-1] >= share && sum(owned) >= manySandboxes }); err != nil {
		return err
	}
	fmt.Printf("  %4.1f s from the start of another replica until it had its share\n", time.Since(began).Seconds())
	return nil
}

func percent(used time.Duration) float64 { return 100 * used.Seconds() / resting.Seconds() }

func sum(all []int) (n int) {
	for _, one := range all {
		n += one
	}
	return n
}

// until looks at how many sandboxes the replicas have until something holds.
func (r *replicas) until(holds func(owned []int) bool) error {
	deadline := time.Now().Add(2 * time.Minute)
	for {
		var owned []int
		for _, p := range r.all {
			n, err := r.owned(p)
			if err != nil {
				return err
			}
			owned = append(owned, n)
		}
		if holds(owned) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the replicas have %s sandboxes, and it does not change", strings.Trim(fmt.Sprint(owned), "[]"))
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
}
