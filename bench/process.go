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
	for time.Since(began) < 10*time.Second {
		response, err := client.Get("http://" + addr + "/_parley/health")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return p, time.Since(began), nil
			}
		}
		time.Sleep(200 * time.Microsecond) // a poll interval, not a wait for luck
	}
	p.stop()
	return nil, 0, fmt.Errorf("%s did not answer on %s within 10 s", name, addr)
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

// memory reads a line such as VmRSS from /proc, in MiB.
func (p *process) memory(key string) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, key+":"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

func floorArgs(addr string) []string { return []string{"-floor", addr} }

// startup prints how long both servers take to their first answer.
func startup(ctx context.Context, binary, self string) error {
	const times = 11
	var ours, floors []time.Duration
	for range times {
		for _, one := range []struct {
			into   *[]time.Duration
			binary string
			args   func(string) []string
		}{{&ours, binary, workloads[0].serve}, {&floors, self, floorArgs}} {
			p, took, err := start(ctx, one.binary, one.binary, one.args)
			if err != nil {
				return err
			}
			p.stop()
			*one.into = append(*one.into, took)
		}
	}
	fmt.Printf("  parley serve   median %s of %d starts (aim 30 ms)\n", median(ours).Round(100*time.Microsecond), times)
	fmt.Printf("  floor          median %s (a bare gorilla/mux server)\n", median(floors).Round(100*time.Microsecond))
	return nil
}

func median[T int | float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
