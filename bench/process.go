package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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
	peer bool // it has no health route: any answer says that it is there

	out, errors bytes.Buffer // what it printed; to be read when it has ended
}

// start runs a server on a free port and returns it with the time that passed
// until it first answered its health route with 200.
// Environment is added to its environment.
func start(ctx context.Context, name, binary string, args func(addr string) []string, environment ...string) (*process, time.Duration, error) {
	return startAsking(ctx, name, binary, "/_parley/health", 10*time.Second, args, environment...)
}

// startInto is start with a file for what is printed.
func startInto(ctx context.Context, name, binary string, to *os.File, args func(addr string) []string) (*process, time.Duration, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, 0, err
	}
	p := &process{name: name, addr: addr, cmd: exec.CommandContext(ctx, binary, args(addr)...)}
	p.cmd.Stdout, p.cmd.Stderr = to, &p.errors
	return p.begin("/_parley/health", 10*time.Second)
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
	return p.begin(path, patience)
}

// startPeer is start for a program that has no health route, and takes its time.
func startPeer(ctx context.Context, name string, args func(addr string) []string) (*process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p := &process{name: name, addr: addr, cmd: exec.CommandContext(ctx, "node", args(addr)...), peer: true}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.errors
	p, _, err = p.begin("/", time.Minute)
	return p, err
}

// begin starts a process and waits for its first answer.
func (p *process) begin(path string, patience time.Duration) (*process, time.Duration, error) {
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for time.Since(began) < patience {
		response, err := client.Get("http://" + p.addr + path)
		if err == nil {
			response.Body.Close()
			if p.peer || response.StatusCode == http.StatusOK {
				return p, time.Since(began), nil
			}
		}
		time.Sleep(200 * time.Microsecond) // a poll interval, not a wait for luck
	}
	p.stop()
	return nil, 0, fmt.Errorf("%s did not answer on %s within %s", p.name, p.addr, patience)
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
func (p *process) cpu() time.Duration { return cpuOf(p.cmd.Process.Pid) }

// cpuOf is that of some processes together.
func cpuOf(pids ...int) (sum time.Duration) {
	for _, pid := range pids {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
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
		sum += time.Duration(user+system) * 10 * time.Millisecond // the kernel's 100 ticks a second
	}
	return sum
}

// memory is what the process takes (VmRSS) or took at most (VmHWM), in MiB.
func (p *process) memory(line string) float64 { return memory.Of(p.cmd.Process.Pid, line) }

func floorArgs(addr string) []string { return []string{"-floor", addr} }

func bareArgs(addr string) []string { return []string{"-floor", addr, "-bare"} }

// startup prints how long the servers take to their first answer, and commands that
// serve nothing to their end, beside a program of net/http alone. The floor of the
// other parts is not the least: it is this program, with all that it links.
func startup(ctx context.Context, binary string) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	bare := filepath.Join(folder, "bare")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", bare, "./bench/bare")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building ./bench/bare: %w: %s", err, out)
	}
	const times = 15
	serving := []*starting{
		{title: "bare net/http", binary: bare, args: func(addr string) []string { return []string{addr} }},
		{title: "parley serve, one vendor", binary: binary, args: workloads[0].serve},
		{title: "parley serve, all vendors (aim 20 ms)", binary: binary, args: func(addr string) []string { return []string{"serve", "--quiet", "--addr", addr} }},
	}
	ending := []*starting{
		{title: "bare net/http, to its end", binary: bare},
		{title: "parley --help, to its end (aim 2 times bare)", binary: binary, args: func(string) []string { return []string{"--help"} }},
		{title: "parley version, to its end", binary: binary, args: func(string) []string { return []string{"version"} }},
	}
	for range times {
		for _, row := range serving {
			p, took, err := start(ctx, row.title, row.binary, row.args)
			if err != nil {
				return err
			}
			p.stop()
			row.took, row.cost = append(row.took, took), append(row.cost, p.used())
		}
		for _, row := range ending {
			var args []string
			if row.args != nil {
				args = row.args("")
			}
			p := &process{name: row.title, cmd: exec.CommandContext(ctx, row.binary, args...)}
			began := time.Now()
			if err := p.cmd.Run(); err != nil {
				return fmt.Errorf("%s: %w", row.title, err)
			}
			row.took, row.cost = append(row.took, time.Since(began)), append(row.cost, p.used())
		}
	}
	for _, rows := range [][]*starting{serving, ending} {
		for _, row := range rows {
			row.print(rows[0])
		}
	}
	return nil
}

// starting is a program whose starts are measured.
type starting struct {
	title, binary string
	args          func(addr string) []string
	took, cost    []time.Duration
}

// print prints medians, and how many times those of the floor they are.
func (s *starting) print(floor *starting) {
	took, cost := median(s.took), median(s.cost)
	fmt.Printf("  %5.1f ms (%.1f to %.1f), %.1f × bare  %5.1f ms CPU, %.1f × bare   %s\n", millis(took), millis(slices.Min(s.took)), millis(slices.Max(s.took)),
		float64(took)/float64(median(floor.took)), millis(cost), float64(cost)/float64(median(floor.cost)), s.title)
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

// metric is one of those that a mock shows.
func metric(addr, name string) (float64, error) {
	request, err := http.NewRequest(http.MethodGet, "http://"+addr+"/_parley/metrics", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+benchToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("%s has no metric %s: %s", addr, name, response.Status)
}
