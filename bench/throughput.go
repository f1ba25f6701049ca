package main

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
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
	if w.name == workloads[0].name {
		err := installPeers(ctx)
		if err == nil {
			err = add("fastify + ajv, written by hand: validated, authorised, stored, journalled", "node", fastify)
		}
		if err != nil {
			fmt.Printf("  fastify is not measured, npm can't install it: %v\n", err)
		}
	}
	for range rounds {
		for _, c := range list {
			if err := c.measure(ctx, w, length); err != nil {
				return err
			}
		}
	}
	for _, c := range list {
		fmt.Printf("  %7.0f requests/s  %5.1f µs CPU each  %5.2f × bare   %s\n", median(c.rates), median(c.costs), median(c.costs)/median(list[1].costs), c.title)
	}
	fmt.Printf("  ratio %.2f times the CPU of bare (aim %.1f), %.2f of decode", median(list[0].costs)/median(list[1].costs), w.aim, median(list[0].costs)/median(list[2].costs))
	if len(list) > 3 {
		fmt.Printf(", %.2f of fastify (aim 1)", median(list[0].costs)/median(list[3].costs))
	}
	fmt.Printf("\n  resident memory of parley: %.0f MiB idle, %.0f MiB at most under load (aim 40), after %d requests\n", idle, list[0].memory("VmHWM"), w.sent.Load())
	return nil
}

func (c *contender) measure(ctx context.Context, w *workload, length time.Duration) error {
	const connections = 8
	cpu, began := c.cpu(), time.Now()
	n, err := load(ctx, w, c.addr, connections, length)
	if err != nil {
		return err
	}
	c.rates = append(c.rates, float64(n)/time.Since(began).Seconds())
	c.costs = append(c.costs, float64((c.cpu()-cpu).Microseconds())/float64(n))
	return nil
}

// fastify is a mock of the first workload's webhook, written by hand for Node.js.
func fastify(addr string) []string {
	w := workloads[0]
	host, port, _ := net.SplitHostPort(addr) // freeAddr wrote it
	return []string{filepath.Join(peers, "fastify.mjs"), w.target, filepath.Join("specs", w.vendor, "schemas", w.payload+".schema.json"), "confirm", host, port}
}
