package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// manyWatchers is how many event streams, and how many waits, there are at once.
const manyWatchers = 2_000

// watchings are what streams and waits ask for. None of the waits ends.
var watchings = []struct{ title, streams, waits string }{
	{"streams and waits of something else", "journal/stream?operation=events/userInfo", "journal/wait?operation=events/userInfo&timeout=5m"},
	{"streams of every exchange, waits for none of them", "journal/stream", "journal/wait?status=599&timeout=5m"},
	{"streams of every message in the state, waits for more", "state/stream?path=/messages", "state/wait?path=/messages&n=10000&timeout=5m"},
}

// watched lets one caller post, one after another, while nobody watches and while
// many do, and prints what a call costs it.
func watched(ctx context.Context, w *workload, binary, self string, length time.Duration, rounds int) error {
	number := min(manyWatchers, (descriptors()-200)/2)
	if number < manyWatchers {
		fmt.Printf("  this system allows %d open files per process (ulimit -Hn), so that there are %d streams and waits instead of %d each\n", descriptors(), number, manyWatchers)
	}
	fmt.Printf("  one caller, alone and beside %d streams and %d waits whose readers are a process of their own\n", number, number)
	for _, row := range watchings {
		p, _, err := start(ctx, "parley serve", binary, w.serve)
		if err != nil {
			return err
		}
		defer p.stop()
		if err := watchedRow(ctx, w, p, self, row.title, row.streams, row.waits, number, length, rounds); err != nil {
			return fmt.Errorf("%s: %w", row.title, err)
		}
		p.stop()
	}
	return nil
}

func watchedRow(ctx context.Context, w *workload, p *process, self, title, streams, waits string, number int, length time.Duration, rounds int) error {
	if err := pour(w, p.addr, 10_000); err != nil { // journal and state are full in both cases
		return err
	}
	var middles, means, lates [2][]float64
	var sent, told int64
	var memory float64
	for range rounds {
		for i := range 2 {
			var f *followers
			if i == 1 {
				var err error
				if f, err = follow(ctx, self, p, streams, waits, number); err != nil {
					return err
				}
			}
			times, err := timedFor(ctx, w, p.addr, length)
			if err != nil {
				return err
			}
			var all time.Duration
			for _, one := range times {
				all += one
			}
			slices.Sort(times)
			middles[i] = append(middles[i], micros(times[len(times)/2]))
			lates[i] = append(lates[i], micros(times[len(times)*99/100]))
			means[i] = append(means[i], micros(all)/float64(len(times)))
			if f == nil {
				continue
			}
			memory = p.memory("VmRSS")
			n, err := f.end()
			if err != nil {
				return err
			}
			sent, told = sent+int64(len(times)), told+n
			if err := atRest(p); err != nil {
				return err
			}
		}
	}
	fmt.Printf("  %s\n", title)
	fmt.Printf("    per POST alone %6.0f µs (median %.0f, p99 %.0f), watched %6.0f µs (median %.0f, p99 %.0f): ratio %.2f, by the median %.2f (aim at most 2)\n",
		median(means[0]), median(middles[0]), median(lates[0]), median(means[1]), median(middles[1]), median(lates[1]),
		median(means[1])/median(means[0]), median(middles[1])/median(middles[0]))
	fmt.Printf("    %d calls, %d events told to streams meanwhile; %.0f MiB resident while watched\n", sent, told, memory)
	return nil
}

// timedFor asks on one connection for a while and returns how long each call took.
func timedFor(ctx context.Context, w *workload, addr string, length time.Duration) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	times, err := timed(ctx, w, addr, 0, 1)
	if err == nil && len(times) == 0 {
		err = errors.New("nothing was answered")
	}
	return times, err
}

// followers is the process that reads streams and waits.
type followers struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// follow starts readers and returns when they are all there and the mock is at rest.
func follow(ctx context.Context, self string, p *process, streams, waits string, number int) (*followers, error) {
	cmd := exec.CommandContext(ctx, self, "-follow", p.addr, "-streams", streams, "-waits", waits, "-number", strconv.Itoa(number))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	f := &followers{cmd: cmd, in: in, out: bufio.NewReader(out)}
	if line, err := f.out.ReadString('\n'); err != nil || line != "ready\n" {
		return nil, fmt.Errorf("the readers said %q, %w", line, errors.Join(err, cmd.Wait()))
	}
	return f, atRest(p)
}

// end tells the readers to go, and returns how many events they were told.
func (f *followers) end() (int64, error) {
	f.in.Close()
	line, err := f.out.ReadString('\n')
	if err := errors.Join(err, f.cmd.Wait()); err != nil {
		return 0, fmt.Errorf("the readers said %q: %w", line, err)
	}
	return strconv.ParseInt(strings.TrimSpace(line), 10, 64)
}

// atRest waits until a process has used no processor time for a while.
func atRest(p *process) error {
	const quiet, limit = 300 * time.Millisecond, time.Minute
	began, since, used := time.Now(), time.Now(), p.cpu()
	for time.Since(since) < quiet {
		time.Sleep(10 * time.Millisecond) // a poll interval
		if now := p.cpu(); now != used {
			since, used = time.Now(), now
		}
		if time.Since(began) > limit {
			return fmt.Errorf("%s is not at rest after %s", p.name, limit)
		}
	}
	return nil
}

// readWatched opens streams and waits, says so, and reads until its input ends. It
// prints how many events the streams were told.
func readWatched(addr, streams, waits string, number int, in io.Reader, out io.Writer) error {
	var events atomic.Int64
	var open []net.Conn
	var group sync.WaitGroup
	for _, path := range []string{streams, waits} {
		for range number {
			connection, err := net.Dial("tcp", addr)
			if err != nil {
				return err
			}
			open = append(open, connection)
			if _, err := fmt.Fprintf(connection, "GET /_parley/%s HTTP/1.1\r\nHost: %s\r\n\r\n", path, addr); err != nil {
				return err
			}
			if path == streams {
				if err := begun(connection); err != nil {
					return err
				}
			}
			group.Go(func() { countEvents(connection, &events) })
		}
	}
	fmt.Fprintln(out, "ready")
	io.Copy(io.Discard, in)
	fmt.Fprintln(out, events.Load())
	for _, c := range open {
		c.Close()
	}
	group.Wait()
	return nil
}

// begun reads the status line of a stream.
func begun(connection net.Conn) error {
	head := make([]byte, len("HTTP/1.1 200"))
	if _, err := io.ReadFull(connection, head); err != nil || !strings.HasSuffix(string(head), "200") {
		return fmt.Errorf("a stream begins with %q, %w", head, err)
	}
	return nil
}

// countEvents counts what is read, as cheaply as can be: an event has one id, or
// it is an element.
func countEvents(from io.Reader, events *atomic.Int64) {
	buffer := make([]byte, 4<<10)
	for {
		n, err := from.Read(buffer)
		text := string(buffer[:n])
		events.Add(int64(strings.Count(text, "event: exchange") + strings.Count(text, "event: element")))
		if err != nil {
			return
		}
	}
}
