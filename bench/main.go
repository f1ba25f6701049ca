// Command bench measures what Parley costs, always beside a named floor and in
// the same run, because machines are noisy: read the ratios, not the figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	floor := flag.String("floor", "", "serve the floor on this address (used by the benchmark itself)")
	behind := flag.String("upstream", "", "serve what the proxies stand before on this address (likewise)")
	bare := flag.String("proxy", "", "serve the bare proxy on this address, to -to (likewise)")
	to := flag.String("to", "", "URL behind -proxy")
	only := flag.String("only", "", "measure one part: start, message, proxy or inprocess")
	binary := flag.String("parley", "bin/parley", "the built binary to measure")
	seconds := flag.Float64("seconds", 2, "length of each round of load")
	rounds := flag.Int("rounds", 5, "rounds, the servers taking turns")
	flag.Parse()
	switch {
	case *floor != "":
		fail(serveFloor(*floor))
		return
	case *behind != "":
		fail(http.ListenAndServe(*behind, upstream()))
		return
	case *bare != "":
		fail(serveBareProxy(*bare, *to))
		return
	}
	fail(measure(context.Background(), *only, *binary, time.Duration(*seconds*float64(time.Second)), *rounds))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, only, binary string, length time.Duration, rounds int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	measured := false
	for _, part := range []struct {
		name, title string
		run         func() error
	}{
		{"start", "Start to first answer", func() error { return startup(ctx, binary, self) }},
		{"message", "One documented message over HTTP, 8 connections", func() error { return throughput(ctx, binary, self, length, rounds) }},
		{"proxy", "The same message through a proxy, 8 connections", func() error { return proxied(ctx, binary, self, length, rounds) }},
		{"inprocess", "In process, one documented message", inProcess},
	} {
		if only != "" && only != part.name {
			continue
		}
		if measured {
			fmt.Println()
		}
		measured = true
		fmt.Println(part.title)
		if err := part.run(); err != nil {
			return err
		}
	}
	if !measured {
		return fmt.Errorf("-only %q is no part; it is start, message, proxy or inprocess", only)
	}
	return nil
}
