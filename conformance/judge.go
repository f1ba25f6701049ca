package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/parleykit/parley/traffic"
)

// grace is how long a check may go on after its context has ended.
const grace = 3 * time.Second

// decide runs a check to its end, and gives it up when it does not end.
func decide(ctx context.Context, c Check, p *Partner, grace time.Duration) *Deviation {
	inside, cancel := context.WithTimeout(ctx, p.timing.Check)
	defer cancel()
	done := make(chan *Deviation, 1)
	go func() { done <- guarded(inside, c, p) }()
	var d *Deviation
	select {
	case d = <-done:
	case <-inside.Done():
		select {
		case d = <-done:
		case <-time.After(grace):
			d = &Deviation{Verdict: VerdictCouldNotRun, Actual: "the check goes on all the same and was given up"}
		}
	}
	return inTime(ctx, inside, d, p.timing.Check)
}

// inTime keeps a verdict only when the check ended by itself: one that was cut
// short may have seen less than it should, and so may pass or fail wrongly.
func inTime(ctx, inside context.Context, d *Deviation, limit time.Duration) *Deviation {
	if inside.Err() == nil {
		return d
	}
	why := "the run was interrupted during this check"
	if ctx.Err() == nil || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		why = fmt.Sprintf("the check did not end within %s, the limit of a whole check", limit)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		why = "the deadline of the whole run passed during this check"
	}
	cut := &Deviation{Verdict: VerdictCouldNotRun, Actual: why}
	if d != nil {
		cut.Exchanges = d.Exchanges
		if text := d.Error(); text != "" && ctx.Err() == nil {
			cut.Actual += "; at that moment: " + text
		}
	}
	return cut
}

// guarded runs a check; a panic could not run.
func guarded(ctx context.Context, c Check, p *Partner) (d *Deviation) {
	defer func() {
		if v := recover(); v != nil {
			d = &Deviation{Verdict: VerdictCouldNotRun, Actual: fmt.Sprintf("the check panicked: %v%s", v, panicPlace())}
		}
	}()
	if c.Run == nil {
		return &Deviation{Verdict: VerdictCouldNotRun, Actual: "the check has no Run"}
	}
	return DeviationOf(c.Run(ctx, p))
}

// panicPlace is where a panic that was just recovered from began.
func panicPlace() string {
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			file := frame.File[strings.LastIndexByte(frame.File, '/')+1:]
			return fmt.Sprintf(" (%s:%d)", file, frame.Line)
		}
		if !more {
			return ""
		}
	}
}

// harnessFailure is the verdict when Parley was wrong during a check: the mock
// broke its contract, or could not do what the check asked for.
func harnessFailure(p *Partner, during []*traffic.Exchange, d *Deviation) *Deviation {
	var wrong []string
	var seen []*traffic.Exchange
	p.mu.Lock()
	wrong = append(wrong, p.broken...)
	p.mu.Unlock()
	for _, e := range during {
		for _, f := range e.Findings {
			if f.Severity == traffic.HarnessError {
				wrong = append(wrong, fmt.Sprintf("the mock's part of %s: %s", e.ID, FindingText(f)))
				seen = append(seen, e)
			}
		}
	}
	if len(wrong) == 0 {
		return d
	}
	failure := &Deviation{Verdict: VerdictHarnessError, Actual: strings.Join(wrong, "; "), Exchanges: seen,
		Hint: "This is a defect of Parley's, not of the partner. Please report it with this report."}
	if d != nil {
		failure.Actual += fmt.Sprintf(" (without that the verdict would be %s: %s)", d.Verdict, d.Error())
	}
	return failure
}
