package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/visible"
)

// byHandDeadline is how long a person may take, unless a flag says otherwise.
const byHandDeadline = 2 * time.Minute

// stimulate returns what makes the partner act: a command, a URL, or a person.
func (c *conforming) stimulate(m *conformMock) conformance.Stimulus {
	limit := c.timing.Stimulus
	if limit == 0 {
		limit = c.timing.Answer
	}
	var act conformance.Stimulus
	switch {
	case c.stimulus != "":
		act = func(ctx context.Context, ask string) error {
			return runStimulus(ctx, c.stimulus, c.programDir, m.environ("PARLEY_ASK="+ask))
		}
	case c.stimulusURL != "":
		act = conformance.StimulusAt(c.stimulusURL)
	default:
		return func(_ context.Context, ask string) error {
			_, err := visible.Fprintf(c.out, "\n>> Please act, within %s: %s\n>> Your integration calls %s\n\n", limit, ask, m)
			return err
		}
	}
	return func(ctx context.Context, ask string) error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		err := act(ctx, ask)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return fmt.Errorf("it did not end within %s (--stimulus-deadline)", limit)
		}
		return err
	}
}

// runStimulus runs a command in a shell, in a folder or, with "", in this one; what it printed is in the error.
func runStimulus(ctx context.Context, command, dir string, environ []string) error {
	var printed tail
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env, cmd.Dir = environ, dir
	cmd.Stdout, cmd.Stderr = &printed, &printed
	cmd.WaitDelay = time.Second
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	release, err := startGuarded(cmd)
	if err == nil {
		defer release()
		err = cmd.Wait()
	}
	if err != nil {
		return fmt.Errorf("`%s`: %w%s", command, err, printed.lastLines())
	}
	return nil
}
