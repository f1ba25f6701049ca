package main

import (
	"context"
	"fmt"
	"time"
)

// contender is a server that takes a workload's requests, beside others.
type contender struct {
	title string
	*process
	rates []float64 // requests a second
	costs []float64 // µs of CPU for a request
}

// throughput lets floors, a mock written by hand and parley take turns and prints the ratios.
func throughput(ctx context.Context, w *workload, binary, self string, length time.Duration, rounds int) error {
	var list []*contender
	defer func() {
		for _, c := range list {
			c.stop()
		}
	}()
	add := func(title, binary string, args func(addr string) []string) error {
		p, _, err := start(ctx, title, binary, args)
		if err == nil {
			list = append(list, &contender{title: title, process: p})
		}
		return err
	}
	if err := add("parley serve: routed, authorised, validated, stored, journalled", binary, w.serve); err != nil {
		return err
	}
	idle := list[0].memory("VmRSS")
	if err := add("bare: gorilla/mux, body read, fixed answer", self, bareArgs); err != nil {
		return err
	}
	if err := add("decode: bare, and encoding/json decodes the body", self, floorArgs); err != nil {
		return err
	}
	others, err := peersOf(ctx, w)
	if err != nil {
		return err
	}
	list = append(list, others...)
	for range rounds {
		for _, c := range list {
			if _, err := c.measure(ctx, w, length); err != nil {
				return err
			}
		}
	}
	for _, c := range list {
		fmt.Printf("  %7.0f requests/s  %5.1f µs CPU each  %5.2f × bare   %s\n", median(c.rates), median(c.costs), median(c.costs)/median(list[1].costs), c.title)
	}
	ours := median(list[0].costs)
	fmt.Printf("  ratio %.2f times the CPU of bare (aim %.1f), %.2f of decode", ours/median(list[1].costs), w.aim, ours/median(list[2].costs))
	for _, peer := range others {
		fmt.Printf(", %.2f of %s (aim 1)", ours/median(peer.costs), peer.name)
	}
	fmt.Printf("\n  resident memory of parley: %.0f MiB idle, %.0f MiB at most under load (aim 40), after %d requests\n", idle, list[0].memory("VmHWM"), w.sent.Load())
	return nil
}

// measure keeps it busy for a while, and returns how many requests it answered.
func (c *contender) measure(ctx context.Context, w *workload, length time.Duration) (int64, error) {
	const connections = 8
	cpu, began := c.cpu(), time.Now()
	n, err := load(ctx, w, c.addr, connections, length)
	if err != nil {
		return n, err
	}
	c.rates = append(c.rates, float64(n)/time.Since(began).Seconds())
	c.costs = append(c.costs, float64((c.cpu()-cpu).Microseconds())/float64(n))
	return n, nil
}

// peersOf starts what is measured beside Parley with the first workload: a mock written by
// hand, and one that plays any document.
func peersOf(ctx context.Context, w *workload) ([]*contender, error) {
	if w.name != workloads[0].name {
		return nil, nil
	}
	if err := installPeers(ctx, peers); err != nil {
		absent("fastify + ajv", err)
		absent("Prism", err)
		return nil, nil
	}
	hand, _, err := start(ctx, "fastify", "node", fastifyArgs)
	if err != nil {
		return nil, err
	}
	prism, err := startPeer(ctx, "Prism", prismArgs(w.document()))
	if err != nil {
		hand.stop()
		return nil, err
	}
	return []*contender{
		{title: versioned("fastify", fastifyPackage) + " + ajv, written by hand (validated, authorised, stored, journalled)", process: hand},
		{title: versioned("Prism", prismPackage) + ", silent (routed, validated)", process: prism},
	}, nil
}
