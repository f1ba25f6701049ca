package main

import (
	"context"
	"fmt"
)

// pair is the same mock twice, with few of something and with many.
type pair struct {
	few, many string
	args      []string                                    // of the side that has few
	ask       func(side int, addr string) error           // makes flatRequests requests
	watch     func(many *process) (end func(), err error) // nil: nobody does
}

// flatRequests is how many requests make one measurement.
const flatRequests = 16_000

// flat prints what one request costs the mock, by its processor time, where there is one
// of something and where there are many: both take turns, and the ratio is to the one.
func flat(ctx context.Context, w *workload, binary, self string, rounds int) error {
	plain := func(_ int, addr string) error { return pour(w, addr, flatRequests) }
	watchers := min(manyWatchers, (descriptors()-200)/2)
	for _, one := range []pair{
		{few: "1 exchange in the journal", many: "5,000", args: []string{"--journal-exchanges", "1"}, ask: plain},
		{few: "1 sandbox", many: fmt.Sprintf("%d, in turn", manySandboxes), ask: func(side int, addr string) error {
			for range flatRequests / manySandboxes {
				if err := callAll(w, addr, []int{1, manySandboxes}[side]); err != nil {
					return err
				}
			}
			return nil
		}},
		{few: "nobody watches", many: fmt.Sprintf("%d streams and %d waits of something else", watchers, watchers), ask: plain,
			watch: func(many *process) (func(), error) {
				f, err := follow(ctx, self, many, watchings[0].streams, watchings[0].waits, watchers)
				if err != nil {
					return nil, err
				}
				return func() { f.end() }, nil
			}},
	} {
		if err := one.measure(ctx, w, binary, rounds); err != nil {
			return err
		}
	}
	return nil
}

func (one pair) measure(ctx context.Context, w *workload, binary string, rounds int) error {
	var sides [2]*process
	for i, args := range [][]string{one.args, nil} {
		p, _, err := start(ctx, "parley serve", binary, func(addr string) []string { return append(w.serve(addr), args...) })
		if err != nil {
			return err
		}
		defer p.stop()
		sides[i] = p
		if err := one.ask(i, p.addr); err != nil { // what fills journal and state
			return err
		}
	}
	if one.watch != nil {
		end, err := one.watch(sides[1])
		if err != nil {
			return err
		}
		defer end()
	}
	var costs [2][]float64
	for range rounds {
		for i, p := range sides {
			before := p.cpu()
			if err := one.ask(i, p.addr); err != nil {
				return err
			}
			costs[i] = append(costs[i], float64((p.cpu()-before).Microseconds())/flatRequests)
		}
	}
	few, many := median(costs[0]), median(costs[1])
	fmt.Printf("  %5.1f µs CPU each, %s; %5.1f, %s: ratio %.2f (aim 1.00)\n", few, one.few, many, one.many, many/few)
	return nil
}
