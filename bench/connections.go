package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"
)

// spreads are the numbers of connections and of sandboxes that their calls go to;
// one sandbox is the default one.
var spreads = []struct{ connections, sandboxes int }{{1, 1}, {16, 1}, {256, 1}, {1, 100}, {16, 100}, {256, 100}}

// connections lets floor and mock take turns with few and many connections and
// sandboxes, and prints throughput and latency beside each other.
func connections(ctx context.Context, w *workload, binary, self string) error {
	const length, rounds = 700 * time.Millisecond, 3
	floor, ours, stop, err := side(ctx, binary, self, w.serve)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Println("  connections  sandboxes    floor/s   parley/s  ratio     p50 floor/parley (µs)     p99 floor/parley (µs)")
	for _, s := range spreads {
		var rates, middles, lates [2][]float64
		for range rounds {
			for i, p := range []*process{floor, ours} {
				times, err := spread(ctx, w, p.addr, s.connections, s.sandboxes, length)
				if err != nil {
					return err
				}
				rates[i] = append(rates[i], float64(len(times))/length.Seconds())
				middles[i] = append(middles[i], micros(times[len(times)/2]))
				lates[i] = append(lates[i], micros(times[len(times)*99/100]))
			}
		}
		fmt.Printf("  %11d  %9d  %9.0f  %9.0f  %5.2f  %9.0f /%7.0f (%.2f)  %9.0f /%7.0f (%.2f)\n", s.connections, s.sandboxes,
			median(rates[0]), median(rates[1]), median(rates[1])/median(rates[0]),
			median(middles[0]), median(middles[1]), median(middles[0])/median(middles[1]),
			median(lates[0]), median(lates[1]), median(lates[0])/median(lates[1]))
	}
	fmt.Println("  ratios above 1 are faster than the floor; with many connections latency is the queue for two processors that client and server share")
	fmt.Printf("  resident memory of parley at most: %.0f MiB with the default sandbox and 100 of at most 1 MiB of exchanges each\n", ours.memory("VmHWM"))
	return nil
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// spread keeps connections busy for a while, each call in the next sandbox, and
// returns how long each took, sorted.
func spread(ctx context.Context, w *workload, addr string, connections, sandboxes int, length time.Duration) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	times := make([][]time.Duration, connections)
	err := together(connections, func(i int) (err error) {
		times[i], err = timed(ctx, w, addr, i, sandboxes)
		return err
	})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	if len(all) == 0 {
		return nil, fmt.Errorf("%s answered nothing within %s", addr, length)
	}
	return all, nil
}

// timed asks on one connection until the context ends.
func timed(ctx context.Context, w *workload, addr string, first, sandboxes int) ([]time.Duration, error) {
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	var times []time.Duration
	var request []byte
	for n := first; ctx.Err() == nil; n++ {
		sandbox := ""
		if sandboxes > 1 {
			sandbox = "bench-" + strconv.Itoa(n%sandboxes)
		}
		request = w.request(request[:0], addr, sandbox)
		began := time.Now()
		if _, err := connection.Write(request); err != nil {
			return nil, err
		}
		if err := answered(reader, addr); err != nil {
			return nil, err
		}
		times = append(times, time.Since(began))
	}
	return times, nil
}
