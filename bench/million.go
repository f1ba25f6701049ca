package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// bounded is a million exchanges into a journal of the default bounds: 5,000
// exchanges and 64 MiB.
func bounded(ctx context.Context, w *workload, binary, self string) error {
	const all, few = 1_000_000, 100_000
	var heaps [2]float64
	for i, one := range []struct {
		name, binary string
		args         func(string) []string
		requests     int
	}{{"floor", self, floorArgs, few}, {"parley serve", binary, w.serve, all}} {
		p, _, err := start(ctx, one.name, one.binary, one.args, "GODEBUG=gctrace=1")
		if err != nil {
			return err
		}
		defer p.stop()
		idle := p.memory("VmRSS")
		if err := pour(w, p.addr, few); err != nil {
			return err
		}
		early := p.memory("VmHWM")
		if err := pour(w, p.addr, one.requests-few); err != nil {
			return err
		}
		late, used := p.memory("VmHWM"), p.cpu()
		if i == 1 {
			if err := withinBounds(p.addr, all); err != nil {
				return err
			}
		}
		p.stop()
		if heaps[i], err = liveHeap(p.errors.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		fmt.Printf("  %-12s  %5.1f MiB resident at first, %5.1f at most after %d requests, %5.1f after %d (ratio %.2f); live heap at most %.0f MiB; collecting took %.1f %% of its processor time\n",
			one.name, idle, early, few, late, one.requests, late/early, heaps[i], 100*collecting(p.errors.Bytes()).Seconds()/used.Seconds())
	}
	const bound = 64
	fmt.Printf("  live heap of parley beside the floor's: %.0f MiB more (the journal's bound is %d MiB and 5000 exchanges; it was kept)\n", heaps[1]-heaps[0], bound)
	if heaps[1]-heaps[0] > bound {
		return fmt.Errorf("the live heap grew by %.0f MiB, more than the journal's bound", heaps[1]-heaps[0])
	}
	return nil
}

// pour sends requests, many at once on each connection, so that a million do not
// take the better part of a minute.
func pour(w *workload, addr string, requests int) error {
	const connections, atOnce = 8, 32
	return together(connections, func(int) error {
		connection, err := net.Dial("tcp", addr)
		if err != nil {
			return err
		}
		defer connection.Close()
		reader := bufio.NewReader(connection)
		var batch []byte
		for left := requests / connections; left > 0; left -= atOnce {
			batch = batch[:0]
			for range min(left, atOnce) {
				batch = w.request(batch, addr, "")
			}
			if _, err := connection.Write(batch); err != nil {
				return err
			}
			for range min(left, atOnce) {
				if err := answered(reader, addr); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// withinBounds asks the mock what its journal holds.
func withinBounds(addr string, added int) error {
	response, err := http.Get("http://" + addr + "/_parley/journal?limit=1")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Stats struct {
			Kept, Bytes, Added int
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if s := answer.Stats; s.Kept > 5000 || s.Bytes > 64<<20 || s.Added < added {
		return fmt.Errorf("the journal of %d exchanges holds %d of %d in %d bytes; its bounds are 5000 and 64 MiB", added, s.Kept, s.Added, s.Bytes)
	}
	return nil
}

// gcLine finds, in what GODEBUG=gctrace=1 prints, what processor time a collection took, and
// the live heap after it.
var gcLine = regexp.MustCompile(`(?m)^gc \d+ .* clock, ([0-9.+/]+) ms cpu, \d+->\d+->(\d+) MB`)

// collecting is what processor time all collections took.
func collecting(trace []byte) time.Duration {
	var sum float64
	for _, found := range gcLine.FindAllSubmatch(trace, -1) {
		for _, part := range strings.FieldsFunc(string(found[1]), func(r rune) bool { return r == '+' || r == '/' }) {
			ms, _ := strconv.ParseFloat(part, 64) // digits and a point
			sum += ms
		}
	}
	return time.Duration(sum * float64(time.Millisecond))
}

// liveHeap is the largest live heap after any collection, in MiB.
func liveHeap(trace []byte) (float64, error) {
	most := -1
	for _, found := range gcLine.FindAllSubmatch(bytes.TrimSpace(trace), -1) {
		n, _ := strconv.Atoi(string(found[2])) // digits
		most = max(most, n)
	}
	if most < 0 {
		return 0, fmt.Errorf("no collection was traced: %.200s", trace)
	}
	return float64(most), nil
}
