package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strconv"
)

// manySandboxes is how many there are at once: as many as a mock keeps.
const manySandboxes = 1_000

// sandboxesFull fills many sandboxes step by step, and prints what they cost.
func sandboxesFull(ctx context.Context, binary string, w *workload) error {
	p, _, err := start(ctx, "parley serve", binary, func(addr string) []string { return []string{"serve", "--quiet", "--addr", addr} })
	if err != nil {
		return err
	}
	defer p.stop()
	before, calls := p.memory("VmRSS"), 0
	fmt.Printf("  %6.1f MiB resident without named sandboxes, all vendors played\n", before)
	for _, each := range []int{1, 10, 100, 1_000, 2_000} {
		for ; calls < each; calls++ {
			if err := callAll(w, p.addr); err != nil {
				return err
			}
		}
		now := p.memory("VmRSS")
		fmt.Printf("  %6.1f MiB after %d calls in each of %d sandboxes: %.1f KiB per sandbox\n", now, each, manySandboxes, (now-before)*1024/manySandboxes)
	}
	return nil
}

// callAll calls once in each sandbox, on one connection.
func callAll(w *workload, addr string) error {
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	const atOnce = 20
	var batch []byte
	for first := 0; first < manySandboxes; first += atOnce {
		batch = batch[:0]
		for i := range atOnce {
			batch = w.request(batch, addr, "bench-"+strconv.Itoa(first+i))
		}
		if _, err := connection.Write(batch); err != nil {
			return err
		}
		for range atOnce {
			if err := answered(reader, addr); err != nil {
				return err
			}
		}
	}
	return nil
}
