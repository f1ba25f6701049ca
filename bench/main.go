// Command bench measures what Parley costs, always beside a named floor and in
// the same run, because machines are noisy: read the ratios, not the figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	floor := flag.String("floor", "", "serve the floor on this address (used by the benchmark itself)")
	binary := flag.String("parley", "bin/parley", "the built binary to measure")
	seconds := flag.Float64("seconds", 2, "length of each round of load")
	rounds := flag.Int("rounds", 5, "rounds, the servers taking turns")
	flag.Parse()
	if *floor != "" {
		fail(serveFloor(*floor))
		return
	}
	fail(measure(context.Background(), *binary, time.Duration(*seconds*float64(time.Second)), *rounds))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, binary string, length time.Duration, rounds int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Println("Start to first answer")
	if err := startup(ctx, binary, self); err != nil {
		return err
	}
	fmt.Println("\nOne documented message over HTTP, 8 connections")
	if err := throughput(ctx, binary, self, length, rounds); err != nil {
		return err
	}
	fmt.Println("\nIn process, one documented message")
	return inProcess()
}
