package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/memory"
)

// process is a server under measurement.
type process struct {
	name string
	addr string
	cmd  *exec.Cmd

	out, errors bytes.Buffer // what it printed; to be read when it has ended
}

// start runs a server on a free port and returns it with the time that passed
// until it first answered its health route with 200.
// Environment is added to its environment.
func start(ctx context.Context, name, binary string, args func(addr string) []string, environment ...string) (*process, time.Duration, error) {
	return startAsking(ctx, name, binary, "/_parley/health", 10*time.Second, args, environment...)
}

// startAsking is start with another route, and so long a patience.
func startAsking(ctx context.Context, name, binary, path string, patience time.Duration, args func(addr string) []string, environment ...string) (*process, time.Duration, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, 0, err
	}
	p := &process{name: name, addr: addr, cmd: exec.CommandContext(ctx, binary, args(addr)...)}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.errors
	p.cmd.Env = append(os.Environ(), environment...)
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for time.Since(began) < patience {
		response, err := client.Get("http://" + addr + path)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return p, time.Since(began), nil
			}
		}
		time.Sleep(200 * time.Microsecond) // a poll interval, not a wait for luck
	}
	p.stop()
	return nil, 0, fmt.Errorf("%s did not answer on %s within %s", name, addr, patience)
}

func freeAddr() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

func (p *process) stop() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// interrupt asks it to end, as Ctrl-C does, and returns what it printed.
func (p *process) interrupt() []byte {
	p.cmd.Process.Signal(os.Interrupt)
	p.cmd.Wait()
	return p.out.Bytes()
}

// cpu is the processor time that the process has used, user and system.
// 0 where /proc does not exist.
func (p *process) cpu() time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // the kernel's 100 ticks a second
}

// memory is what the process takes (VmRSS) or took at most (VmHWM), in MiB.
func (p *process) memory(line string) float64 { return memory.Of(p.cmd.Process.Pid, line) }

func floorArgs(addr string) []string { return []string{"-floor", addr} }

// startup prints how long the servers take to their first answer, and a command
// that serves nothing to its end.
func startup(ctx context.Context, binary, self string) error {
	const times = 15
	rows := []*starting{
		{title: "floor (a bare gorilla/mux server)", binary: self, args: floorArgs},
		{title: "parley serve, one vendor (aim 30 ms)", binary: binary, args: workloads[0].serve},
		{title: "parley serve, all vendors (aim 30 ms)", binary: binary, args: func(addr string) []string { return []string{"serve", "--quiet", "--addr", addr} }},
	}
	var versions []time.Duration
	for range times {
		for _, row := range rows {
			p, took, err := start(ctx, row.title, row.binary, row.args)
			if err != nil {
				return err
			}
			p.stop()
			row.took, row.cost = append(row.took, took), append(row.cost, p.used())
		}
		began := time.Now()
		if err := exec.CommandContext(ctx, binary, "version").Run(); err != nil {
			return err
		}
		versions = append(versions, time.Since(began))
	}
	for _, row := range rows {
		fmt.Printf("  %5.1f ms (%.1f to %.1f)  %5.1f ms CPU  ratio %.2f   %s\n", millis(median(row.took)), millis(slices.Min(row.took)), millis(slices.Max(row.took)),
			millis(median(row.cost)), millis(median(rows[0].took))/millis(median(row.took)), row.title)
	}
	fmt.Printf("  %5.1f ms (%.1f to %.1f)                            parley version, to its end; medians of %d\n",
		millis(median(versions)), millis(slices.Min(versions)), millis(slices.Max(versions)), times)
	return nil
}

// starting is a server whose starts are measured.
type starting struct {
	title, binary string
	args          func(addr string) []string
	took, cost    []time.Duration
}

// used is the processor time of a process that has ended.
func (p *process) used() time.Duration {
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func median[T int | float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
