package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/visible"
)

const (
	// stopGrace is how long a program may take to end after SIGTERM.
	stopGrace = 5 * time.Second
	// startPause lies between two looks whether the target answers.
	startPause = 50 * time.Millisecond
	// programLog is the file of a report folder that has what the program printed.
	programLog = "partner.log"
	// hungUp is what a result says of a partner that went away instead of answering.
	hungUp = "closed the connection without an answer"
)

// program is the partner that Parley started.
type program struct {
	cmd     *exec.Cmd
	printed *tail
	log     io.Closer
	ended   chan struct{}
	err     error // of the program; set before ended is closed
	quoted  bool
	release func() // what would end it in Parley's place
}

// startProgram starts the partner and waits until it answers: at the target, or
// where the stimulus goes, or not at all when neither is given.
func (c *conforming) startProgram(ctx context.Context, m *conformMock) (*program, error) {
	answers := cmp.Or(c.target, c.stimulusURL)
	if answers != "" && c.there(ctx, answers, time.Second) == nil {
		return nil, environment("something answers at %s already, before %s was started: it would be judged instead; stop it, or choose another port", answers, c.program[0])
	}
	survivePipe() // the program is to be stopped also when nobody reads our output
	p := &program{printed: &tail{}, ended: make(chan struct{})}
	out, err := c.programOutput(p)
	if err != nil {
		return nil, err
	}
	p.cmd = exec.Command(c.program[0], c.program[1:]...)
	p.cmd.Env, p.cmd.Dir = m.environ(), c.programDir
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.WaitDelay = time.Second // for children that keep its output open
	if p.release, err = startGuarded(p.cmd); err != nil {
		return nil, environment("the program behind -- cannot be started: %w", err)
	}
	go func() {
		p.err = p.cmd.Wait()
		out.flush()
		close(p.ended)
	}()
	if err := c.awaitAnswer(ctx, p, answers); err != nil {
		p.stop(io.Discard)
		return nil, err
	}
	return p, nil
}

// programOutput is where the program's output goes: the last lines are kept in
// any case.
func (c *conforming) programOutput(p *program) (*lines, error) {
	writers := []io.Writer{p.printed}
	if c.report != "" {
		file, err := files.Create(filepath.Join(c.report, programLog))
		if err != nil {
			return nil, environment("--report: %w", err)
		}
		p.log = file
		writers = append(writers, file)
	}
	if c.verbose {
		writers = append(writers, &prefixed{out: c.err, prefix: visible.Line(filepath.Base(c.program[0])) + " | "})
	}
	redact := c.redactor()
	return &lines{to: func(line string) {
		line = redact.Text(line)
		for _, w := range writers {
			visible.Fprintf(w, "%s\n", visible.Lines(line))
		}
	}}, nil
}

// awaitAnswer waits until something answers at a URL.
func (c *conforming) awaitAnswer(ctx context.Context, p *program, url string) error {
	if url == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.startTimeout)
	defer cancel()
	ticker := time.NewTicker(startPause)
	defer ticker.Stop()
	seen := "no answer"
	for {
		err := c.there(ctx, url, c.timing.Answer)
		var usage *conformance.UsageError
		if err == nil || errors.As(err, &usage) {
			return err
		}
		var unreachable *conformance.Unreachable
		if errors.As(err, &unreachable) {
			seen = unreachable.Reason
		}
		select {
		case <-p.ended:
			return environment("%s ended before %s answered: %s%s", c.program[0], url, p.exit(), p.printed.lastLines())
		case <-ctx.Done():
			if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return exitOf(ctx.Err())
			}
			return environment("%s was started, but %s did not answer within %s (--start-timeout): %s%s", c.program[0], url, c.startTimeout, seen, p.printed.lastLines())
		case <-ticker.C:
		}
	}
}

// there makes sure that something answers at the target. A stimulus is never called
// unasked: it is enough that something listens there.
func (c *conforming) there(ctx context.Context, url string, limit time.Duration) error {
	if url == c.target {
		return conformance.Preflight(ctx, url, limit)
	}
	return conformance.Listens(ctx, url, limit)
}

// exit says how the program ended. It has ended.
func (p *program) exit() string {
	if p.err == nil {
		return "exit status 0"
	}
	return p.err.Error()
}

// quote shows below a result what the program printed last, once: when it went
// away instead of answering, or has ended. There may be no program.
func (p *program) quote(out io.Writer, r conformance.Result) {
	if p == nil || p.quoted || r.Verdict == conformance.VerdictPass {
		return
	}
	why := ""
	select {
	case <-p.ended:
		why = "the program has ended: " + p.exit()
	default:
		if !strings.Contains(r.Actual, hungUp) {
			return
		}
		why = "the program " + hungUp
	}
	p.quoted = true
	visible.Fprintf(out, "%s%s\n", why, p.printed.lastLines())
}

// stop ends the program and its children. It says so when the program had ended
// by itself.
func (p *program) stop(notes io.Writer) {
	select {
	case <-p.ended:
		visible.Fprintf(notes, "parley: the program ended during the run: %s%s\n", p.exit(), p.printed.lastLines())
	default:
		terminateGroup(p.cmd.Process.Pid)
		select {
		case <-p.ended:
		case <-time.After(stopGrace):
		}
	}
	killGroup(p.cmd.Process.Pid) // also children that outlived it
	<-p.ended
	p.release()
	if p.log != nil {
		p.log.Close()
	}
}
