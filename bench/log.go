package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// logging lets a quiet mock, one that prints each exchange and one that records it take
// turns, with every workload, and prints what that costs.
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
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	for _, w := range workloads {
		recorded := func(addr string) []string {
			return append(w.serve(addr), "--record", filepath.Join(folder, w.name+".ndjson"))
		}
		loud := func(addr string) []string {
			return slices.DeleteFunc(w.serve(addr), func(arg string) bool { return arg == "--quiet" })
		}
		sides := []*printing{
			{title: "quiet", args: w.serve, to: nowhere},
			{title: "log to /dev/null", args: loud, to: nowhere, aim: " (aim 1.20)"},
			{title: "log to a file", args: loud, to: file, aim: " (aim 1.20)"},
			{title: "quiet, --record to a file (without secrets)", args: recorded, to: nowhere},
		}
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
	aim   string
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
		fmt.Printf("  %5.1f µs CPU each, %.2f times quiet%s   %s, %s\n", median(s.costs), median(s.costs)/median(sides[0].costs), s.aim, w.title, s.title)
	}
	return nil
}
