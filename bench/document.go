package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"
)

// largeDocument is GitHub's, which make tools installs for the tests.
const largeDocument = "independent/node_modules/@octokit/openapi/generated/api.github.com.json"

// documentCalls are those that both mocks answer with an example of the document.
var documentCalls = []struct {
	title, method, path, body string
	status                    int
}{
	{"GET of a label", http.MethodGet, "/repos/octocat/hello/labels/bug", "", http.StatusOK},
	{"POST of an issue", http.MethodPost, "/repos/octocat/hello/issues", `{"title":"Found a bug","body":"It says so.","labels":["bug"]}`, http.StatusCreated},
}

// player is a mock server that plays the document.
type player struct {
	title, binary string
	args          func(addr string) []string
	started, cost []time.Duration
	memory        []float64
	*process
}

// document lets Prism and parley play GitHub's document, and prints both with the ratios.
func document(ctx context.Context, binary string, length time.Duration, rounds int) error {
	if _, err := os.Stat(largeDocument); err != nil {
		fmt.Println("  not measured: GitHub's document is not there; make tools installs it")
		return nil
	}
	players := []*player{{title: "parley serve", binary: binary, args: func(addr string) []string {
		return []string{"serve", largeDocument, "--quiet", "--addr", addr}
	}}}
	if err := installPeers(ctx, peers); err != nil {
		absent("Prism", err)
	} else {
		players = append(players, &player{title: versioned("Prism", prismPackage) + " (one process, nothing logged)", binary: "node", args: prismArgs(largeDocument)})
	}
	if err := documentStarts(ctx, players, min(rounds, 3)); err != nil {
		return err
	}
	defer func() {
		for _, p := range players {
			p.stop()
		}
	}()
	for i := range documentCalls {
		if err := documentCalled(ctx, players, i, length, rounds); err != nil {
			return err
		}
	}
	return nil
}

// documentStarts starts the players some times, and leaves the last ones running.
func documentStarts(ctx context.Context, players []*player, times int) error {
	for i := range times {
		for _, p := range players {
			started, took, err := startAsking(ctx, p.title, p.binary, documentCalls[0].path, time.Minute, p.args)
			if err != nil {
				return err
			}
			p.started, p.cost, p.memory = append(p.started, took), append(p.cost, started.cpu()), append(p.memory, started.memory("VmHWM"))
			if p.process = started; i < times-1 {
				p.stop()
			}
		}
	}
	for _, p := range players {
		fmt.Printf("  %7.0f ms to the first answer  %6.0f ms CPU  %4.0f MiB at most   %s\n", millis(median(p.started)), millis(median(p.cost)), median(p.memory), p.title)
	}
	if len(players) > 1 {
		fmt.Printf("  ratio %.1f by time to the first answer (aim 10)\n", float64(median(players[1].started))/float64(median(players[0].started)))
	}
	return nil
}

// documentCalled lets the players take turns at one call.
func documentCalled(ctx context.Context, players []*player, which int, length time.Duration, rounds int) error {
	call := documentCalls[which]
	rates, costs := make([][]float64, len(players)), make([][]float64, len(players))
	sizes := make([]int64, len(players))
	for range rounds {
		for i, p := range players {
			request := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\n", call.method, call.path, p.addr)
			if call.body != "" {
				request = fmt.Appendf(request, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(call.body))
			}
			request = append(append(request, "\r\n"...), call.body...)
			cpu, began := p.cpu(), time.Now()
			n, size, err := reads(ctx, p.addr, request, call.status, length)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", call.title, p.title, err)
			}
			sizes[i] = size
			rates[i] = append(rates[i], float64(n)/time.Since(began).Seconds())
			costs[i] = append(costs[i], float64((p.cpu()-cpu).Microseconds())/float64(n))
		}
	}
	for i, p := range players {
		fmt.Printf("  %7.0f requests/s  %7.1f µs CPU each  %5d bytes   %s, %s\n", median(rates[i]), median(costs[i]), sizes[i], call.title, p.title)
	}
	if len(players) > 1 {
		fmt.Printf("  ratio %.1f by throughput (aim 10), %.1f by CPU\n", median(rates[0])/median(rates[1]), median(costs[1])/median(costs[0]))
	}
	return nil
}
