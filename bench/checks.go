package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// checksWait is --quiet-wait of the checks that are measured: so short that next to nothing
// of their time is waiting that they ask for.
const checksWait = time.Millisecond

// judged lets parley conform judge a partner on this machine some times, and prints what
// checks cost beside what they wait for.
func judged(ctx context.Context, w *workload, binary string, times int) error {
	partner, _, err := startAsking(ctx, "parley partner", binary, "/health", 10*time.Second, func(addr string) []string {
		return []string{"partner", w.vendor, "--addr", addr, "--token", "confirm"}
	})
	if err != nil {
		return err
	}
	defer partner.stop()
	var number int
	var took, whole, used []time.Duration
	for range times {
		cmd := exec.CommandContext(ctx, binary, "conform", w.vendor+"/webhook", "--target", "http://"+partner.addr+"/webhook", "--token", "confirm", "--quiet-wait", checksWait.String())
		began := time.Now()
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("parley conform: %w: %.300s", err, out)
		}
		whole, used = append(whole, time.Since(began)), append(used, (&process{cmd: cmd}).used())
		n, one, err := checksIn(out)
		if err != nil {
			return err
		}
		number, took = n, append(took, one)
	}
	fmt.Printf("  %5.0f ms for %d checks that all pass, %.0f ms from the start of parley conform to its end, %.0f ms CPU (median of %d runs)\n",
		millis(median(took)), number, millis(median(whole)), millis(median(used)), times)
	fmt.Printf("  %5.0f ms for 100 checks beyond the waits that they ask for (aim 150)\n", millis(median(took)-checksWait)*100/float64(number))
	return nil
}

// checksLine is how parley conform says how long checks took.
var checksLine = regexp.MustCompile(`(?m)^(\d+) checks in (\S+): (\d+) pass$`)

// checksIn reads how many checks passed and how long they took. Any other verdict is an
// error: a check that ends early would be no measurement.
func checksIn(out []byte) (number int, took time.Duration, err error) {
	found := checksLine.FindSubmatch(out)
	if found == nil || string(found[1]) != string(found[3]) {
		return 0, 0, fmt.Errorf("parley conform does not say that all checks passed: %.300s", out)
	}
	number, _ = strconv.Atoi(string(found[1])) // digits
	took, err = time.ParseDuration(string(found[2]))
	return number, took, err
}
