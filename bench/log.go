package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// logging lets a quiet mock and one that prints each exchange take turns, with every
// workload, and prints what the log costs: written to /dev/null, and to a file.
func logging(ctx context.Context, binary string, length time.Duration, rounds int) error {
	file, err := os.CreateTemp("", "parley-bench-*.log")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer nowhere.Close()
	for _, w := range workloads {
		loud := func(addr string) []string {
			return slices.DeleteFunc(w.serve(addr), func(arg string) bool { return arg == "--quiet" })
		}
		sides := []*printing{{title: "quiet", args: w.serve, to: nowhere}, {title: "log to /dev/null", args: loud, to: nowhere}, {title: "log to a file", args: loud, to: file}}
		if err := loggedWork(ctx, w, binary, sides, length, rounds); err != nil {
			return err
		}
	}
	return nil
}

// printing is a mock and where it prints.
type printing struct {
	title string
	args  func(addr string) []string
	to    *os.File
	costs []float64
}

func loggedWork(ctx context.Context, w *workload, binary string, sides []*printing, length time.Duration, rounds int) error {
	var running []*process
	for _, s := range sides {
		p, _, err := startInto(ctx, s.title, binary, s.to, s.args)
		if err != nil {
			return err
		}
		defer p.stop()
		running = append(running, p)
	}
	for range rounds {
		for i, s := range sides {
			p := running[i]
			before := p.cpu()
			n, err := load(ctx, w, p.addr, 8, length)
			if err != nil {
				return err
			}
			s.costs = append(s.costs, float64((p.cpu()-before).Microseconds())/float64(n))
		}
	}
	for _, s := range sides {
		fmt.Printf("  %5.1f µs CPU each, %.2f times quiet (aim 1.20)   %s, %s\n", median(s.costs), median(s.costs)/median(sides[0].costs), w.title, s.title)
	}
	return nil
}
