package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net"
	"strconv"
)

// manySandboxes is how many there are at once: as many as a mock keeps. A test makes
// some calls in its own.
const (
	manySandboxes = 1_000
	someCalls     = 10
)

// sandboxesFull fills many sandboxes step by step, and prints what they cost. The
// last two steps are beyond all bounds: between them nothing may grow.
func sandboxesFull(ctx context.Context, binary string, w *workload, steps []int) error {
	p, _, err := start(ctx, "parley serve", binary, func(addr string) []string { return []string{"serve", "--quiet", "--addr", addr} })
	if err != nil {
		return err
	}
	defer p.stop()
	before, last, calls := p.memory("VmRSS"), 0.0, 0
	fmt.Printf("  %s\n  %6.1f MiB resident without named sandboxes, all vendors played\n", w.title, before)
	for _, each := range steps {
		for ; calls < each; calls++ {
			if err := callAll(w, p.addr, manySandboxes); err != nil {
				return err
			}
		}
		now := p.memory("VmHWM")
		aim := ""
		if each == someCalls {
			aim = " (aim 150 MiB)"
		}
		fmt.Printf("  %6.1f MiB at most after %d calls in each of %d sandboxes%s: %.1f KiB per sandbox, ratio %.2f to the step before\n",
			now, each, manySandboxes, aim, (now-before)*1024/manySandboxes, now/cmp.Or(last, before))
		last = now
	}
	return nil
}

// callAll makes manySandboxes calls on one connection, in so many sandboxes by turns.
func callAll(w *workload, addr string, sandboxes int) error {
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
			batch = w.request(batch, addr, "bench-"+strconv.Itoa((first+i)%sandboxes))
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
