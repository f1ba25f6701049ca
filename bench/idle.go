package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
)

// idling opens many connections to floor and mock that ask once and then nothing,
// and prints what they cost.
func idling(ctx context.Context, w *workload, binary, self string) error {
	const wanted = 10_000
	number := wanted
	if most := descriptors() - 200; most < number {
		number = most
		fmt.Printf("  this system allows %d open files per process (ulimit -Hn), so that %d connections are measured instead of %d\n", descriptors(), number, wanted)
	}
	if number <= 0 {
		return fmt.Errorf("%d open files are too few to measure connections", descriptors())
	}
	var costs []float64
	for _, one := range []struct {
		name, binary string
		args         func(string) []string
	}{{"floor", self, floorArgs}, {"parley serve", binary, w.serve}} {
		cost, err := idleCost(ctx, w, one.name, one.binary, one.args, number)
		if err != nil {
			return err
		}
		costs = append(costs, cost)
	}
	fmt.Printf("  ratio %.2f of the floor's memory per idle connection\n", costs[1]/costs[0])
	return nil
}

// idleCost returns the resident KiB per idle connection.
func idleCost(ctx context.Context, w *workload, name, binary string, args func(string) []string, number int) (float64, error) {
	p, _, err := start(ctx, name, binary, args)
	if err != nil {
		return 0, err
	}
	defer p.stop()
	before := p.memory("VmRSS")
	open := make([]net.Conn, number)
	defer func() {
		for _, c := range open {
			if c != nil {
				c.Close()
			}
		}
	}()
	const openers = 32
	err = together(openers, func(first int) (err error) {
		for i := first; i < number && err == nil; i += openers {
			open[i], err = asked(w, p.addr)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("%s with many connections: %w", name, err)
	}
	after := p.memory("VmRSS")
	for _, i := range []int{0, number / 2, number - 1} { // it still answers on each of them
		if err := ask(w, open[i], bufio.NewReader(open[i]), p.addr); err != nil {
			return 0, fmt.Errorf("%s with %d connections: %w", name, number, err)
		}
	}
	cost := (after - before) * 1024 / float64(number)
	fmt.Printf("  %6.1f KiB resident for each of %d idle connections (%.0f MiB in all)   %s\n", cost, number, after, name)
	return cost, nil
}

// asked opens a connection on which one request was answered.
func asked(w *workload, addr string) (net.Conn, error) {
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return connection, ask(w, connection, bufio.NewReaderSize(connection, 512), addr)
}
