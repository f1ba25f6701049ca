package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/memory"
)

// process is a server under test.
type process struct {
	name string
	addr string
	cmd  *exec.Cmd
	said tail
	done chan struct{} // closed when it has ended
}

// start runs the built binary with arguments, in which ADDR stands for a free address
// of this machine, and returns it when it answers. Another program may take an
// address that was free; then it tries another one.
func (s *soak) start(name string, arguments ...string) (p *process, err error) {
	for range 5 {
		if p, err = s.startOnce(name, slices.Clone(arguments)); err == nil || !strings.Contains(err.Error(), "cannot listen") {
			break
		}
	}
	return p, err
}

func (s *soak) startOnce(name string, arguments []string) (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := listener.Addr().String()
	listener.Close()
	for i, a := range arguments {
		arguments[i] = strings.ReplaceAll(a, "ADDR", addr)
	}
	p := &process{name: name, addr: addr, cmd: exec.Command(s.binary, arguments...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.cmd.Wait() // how it ended is in ProcessState
		close(p.done)
	}()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	late := time.After(time.Minute)
	for {
		if connection, err := net.Dial("tcp", addr); err == nil {
			connection.Close()
			return p, nil
		}
		select {
		case <-look.C:
		case <-p.done:
			return nil, fmt.Errorf("%s ended at once: %s", name, &p.said)
		case <-late:
			p.kill()
			return nil, fmt.Errorf("%s does not answer on %s within a minute", name, addr)
		}
	}
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.done
}

// interrupt ends it as Ctrl-C does; it must follow within a minute.
func (p *process) interrupt() error {
	p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.done:
		return nil
	case <-time.After(time.Minute):
		p.kill()
		return fmt.Errorf("%s does not end within a minute of an interrupt", p.name)
	}
}

// broken is what is wrong with a process that should be serving: "" for nothing.
func (p *process) broken() string {
	select {
	case <-p.done:
		return fmt.Sprintf("%s has ended (%s): %s", p.name, p.cmd.ProcessState, &p.said)
	default:
	}
	if text := p.said.String(); panicked.MatchString(text) {
		return p.name + " panicked: " + text
	}
	return ""
}

var panicked = regexp.MustCompile(`(?m)^panic: |http: panic serving|^goroutine \d+ \[|^fatal error: |DATA RACE`)

// memory is what the process takes (VmRSS) or took at most (VmHWM), in MiB.
func (p *process) memory(line string) float64 { return memory.Of(p.cmd.Process.Pid, line) }

// tail keeps the end of what a process says, and its first lines.
type tail struct {
	mu         sync.Mutex
	head, rest bytes.Buffer
}

// Write never fails.
func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.head.Len() < 8<<10 {
		return t.head.Write(text)
	}
	if t.rest.Len() > 64<<10 {
		t.rest.Next(32 << 10)
	}
	return t.rest.Write(text)
}

// String is what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.head.String() + t.rest.String()
}

// client gives up, so that nothing waits for ever.
var client = &http.Client{
	Timeout:       20 * time.Second,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
