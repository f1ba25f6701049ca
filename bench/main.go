// Command bench measures what Parley costs, always beside a named floor and in
// the same run, because machines are noisy: read the ratios, not the figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

func main() {
	natstest.Main()
	floor := flag.String("floor", "", "serve the floor on this address (used by the benchmark itself)")
	undecoded := flag.Bool("bare", false, "with -floor: read bodies without decoding them")
	behind := flag.String("upstream", "", "serve what the proxies stand before on this address (likewise)")
	bare := flag.String("proxy", "", "serve the bare proxy on this address, to -to (likewise)")
	to := flag.String("to", "", "URL behind -proxy")
	readers := flag.String("follow", "", "read -number streams and waits of the mock at this address (likewise)")
	streams := flag.String("streams", "", "what -follow streams")
	waits := flag.String("waits", "", "what -follow waits for")
	number := flag.Int("number", 0, "how many of each")
	only := flag.String("only", "", "measure one part: "+strings.Join(names(partsOf(context.Background(), settings{})), ", "))
	binary := flag.String("parley", "bin/parley", "the built binary to measure")
	seconds := flag.Float64("seconds", 1.4, "length of each round of load")
	rounds := flag.Int("rounds", 5, "rounds, the servers taking turns")
	flag.Parse()
	switch {
	case *floor != "":
		fail(serveFloor(*floor, *undecoded))
		return
	case *behind != "":
		fail(http.ListenAndServe(*behind, upstream()))
		return
	case *readers != "":
		fail(readWatched(*readers, *streams, *waits, *number, os.Stdin, os.Stdout))
		return
	case *bare != "":
		fail(serveBareProxy(*bare, *to))
		return
	}
	self, err := os.Executable()
	fail(err)
	fail(runParts(partsOf(context.Background(), settings{*binary, self, time.Duration(*seconds * float64(time.Second)), *rounds}), *only))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are those of a run.
type settings struct {
	binary, self string        // the built parley, and this program
	length       time.Duration // of each round of load
	rounds       int
}

// partsOf lists what can be measured.
func partsOf(ctx context.Context, s settings) []part {
	binary, self, length, rounds := s.binary, s.self, s.length, s.rounds
	parts := []part{{"start", "Start to first answer", func() error { return startup(ctx, binary) }}}
	for _, w := range workloads {
		parts = append(parts, part{w.name, "Over HTTP, " + w.title + ", 8 connections", func() error { return throughput(ctx, w, binary, self, length, rounds) }})
	}
	parts = append(parts, part{"ticket", "Over HTTP, the read of one ticket, 8 connections", func() error { return ticketRead(ctx, binary, self, length, rounds) }})
	parts = append(parts,
		part{"log", "What log and recording cost, 8 connections", func() error { return logging(ctx, binary, length, rounds) }},
		part{"connections", "Over HTTP, " + workloads[0].title + ", few and many connections and sandboxes", func() error { return connections(ctx, workloads[0], binary, self) }},
		part{"idle", "Connections that ask once and then nothing", func() error { return idling(ctx, workloads[0], binary, self) }},
		part{"memory", "One million exchanges, " + workloads[0].title, func() error { return bounded(ctx, workloads[0], binary, self) }},
		part{"flat", "What there is beside a request, " + workloads[0].title, func() error { return flat(ctx, workloads[0], binary, self, rounds) }},
		part{"watched", "Watched by many streams and waits, " + workloads[0].title, func() error { return watched(ctx, workloads[0], binary, self, length, rounds) }},
		part{"sandboxes", fmt.Sprintf("%d sandboxes", manySandboxes), func() error {
			if err := sandboxesFull(ctx, binary, workloads[0], []int{1, someCalls, 100, 600, 700}); err != nil {
				return err
			}
			return sandboxesFull(ctx, binary, outgoing, []int{1, someCalls})
		}})
	parts = append(parts, part{"fork", fmt.Sprintf("A sandbox forked from one with %d messages", forkedMessages), func() error { return forked(ctx, workloads[0]) }})
	parts = append(parts,
		part{"ledger", "What the ledger costs, " + workloads[0].title + ", 8 connections", func() error { return ledgers(ctx, workloads[0], binary, length, rounds) }},
		part{"cluster", "Several replicas on three NATS servers, " + workloads[0].title, func() error { return clustered(ctx, workloads[0], binary, length, rounds) }})
	parts = append(parts, part{"proxy", "Through a proxy, " + workloads[0].title + ", 8 connections", func() error { return proxied(ctx, binary, self, length, rounds) }})
	parts = append(parts, part{"checks", "Checks of a partner on this machine, one after another", func() error { return judged(ctx, workloads[0], binary, 4*rounds) }})
	parts = append(parts, part{"capture", fmt.Sprintf("A capture of %d MiB (HAR)", captureSize>>20), func() error { return captured(ctx, workloads[0], binary) }})
	parts = append(parts, part{"document", "GitHub's OpenAPI document, 8 connections", func() error { return document(ctx, binary, length, rounds) }})
	parts = append(parts, part{"bodies", "From the bytes of a body to the verdict, in process", bodies})
	for _, w := range workloads {
		parts = append(parts, part{"inprocess", "In process, " + w.title, func() error { return inProcess(w) }})
	}
	return parts
}

// part is a part of the benchmark.
type part struct {
	name, title string
	run         func() error
}

// names are those of parts, each once.
func names(parts []part) (list []string) {
	for _, part := range parts {
		if !slices.Contains(list, part.name) {
			list = append(list, part.name)
		}
	}
	return list
}

// runParts runs those of a name, or all for "".
func runParts(parts []part, only string) error {
	measured := false
	for _, part := range parts {
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
		return fmt.Errorf("-only %q is no part; there are %s", only, strings.Join(names(parts), ", "))
	}
	return nil
}
