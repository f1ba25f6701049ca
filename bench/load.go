package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// load keeps the connections busy for a while and returns how many requests were
// answered with 200. Any other answer is an error: it would be no measurement.
func load(ctx context.Context, w *workload, addr string, connections int, length time.Duration) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var done atomic.Int64
	var group sync.WaitGroup
	failures := make(chan error, connections)
	for range connections {
		group.Go(func() {
			if err := client(ctx, w, addr, &done); err != nil {
				failures <- err
			}
		})
	}
	group.Wait()
	close(failures)
	return done.Load(), <-failures
}

// client keeps one connection busy.
func client(ctx context.Context, w *workload, addr string, done *atomic.Int64) error {
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for ctx.Err() == nil {
		if err := ask(w, connection, reader, addr); err != nil {
			return err
		}
		done.Add(1)
	}
	return nil
}

// ask sends one request and reads the answer.
func ask(w *workload, connection net.Conn, reader *bufio.Reader, addr string) error {
	if _, err := connection.Write(w.request(nil, addr, "")); err != nil {
		return err
	}
	return answered(reader, addr)
}

// answered reads one answer.
func answered(reader *bufio.Reader, addr string) error {
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return err
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", addr, response.Status)
	}
	return nil
}

// throughput lets floor and mock take turns and prints the ratio.
func throughput(ctx context.Context, w *workload, binary, self string, length time.Duration, rounds int) error {
	const connections = 8
	floor, ours, stop, err := side(ctx, binary, self, w.serve)
	if err != nil {
		return err
	}
	defer stop()
	idle := ours.memory("VmRSS")
	var rates, costs [2][]float64
	var ratios []float64
	for range rounds {
		for i, p := range []*process{floor, ours} {
			cpu, began := p.cpu(), time.Now()
			n, err := load(ctx, w, p.addr, connections, length)
			if err != nil {
				return err
			}
			rates[i] = append(rates[i], float64(n)/time.Since(began).Seconds())
			costs[i] = append(costs[i], float64((p.cpu()-cpu).Microseconds())/float64(n))
		}
		ratios = append(ratios, rates[1][len(rates[1])-1]/rates[0][len(rates[0])-1])
	}
	for i, name := range []string{"floor (gorilla/mux, decode, fixed answer)", "parley serve (routed, authorised, validated, stored, journalled)"} {
		fmt.Printf("  %7.0f requests/s  %5.1f µs CPU each   %s\n", median(rates[i]), median(costs[i]), name)
	}
	fmt.Printf("  ratio %.2f of the floor's throughput, %.2f by CPU (aim 0.70)\n", median(ratios), median(costs[0])/median(costs[1]))
	fmt.Printf("  resident memory of parley: %.0f MiB idle, %.0f MiB at most under load (aim 40), after %d requests\n",
		idle, ours.memory("VmHWM"), w.sent.Load())
	return nil
}
