package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/traffic"
)

// Await returns the partner's calls since the check began that match, as soon as
// there are n of them. It waits for Timing.Answer, or for Timing.Stimulus once
// Provoke was called, and no longer than ctx. What was asked for in vain before is
// waited for only as long as Timing.Quiet. With the error, a verdict could_not_run
// that says what was seen instead, it returns what matched so far.
func (p *Partner) Await(ctx context.Context, n int, match func(*traffic.Exchange) bool) ([]*traffic.Exchange, error) {
	p.mu.Lock()
	limit, ask := p.timing.Answer, p.provoked
	p.mu.Unlock()
	if ask == "" {
		return p.AwaitFor(ctx, limit, n, match)
	}
	limit = p.timing.Stimulus
	if p.asking.wasInVain(ask) {
		limit = min(limit, p.timing.Quiet)
	}
	found, err := p.AwaitFor(ctx, limit, n, match)
	switch d := DeviationOf(err); {
	case len(p.Calls(nil)) > 0:
		p.asking.answered(ask)
	case d != nil && d.Verdict == VerdictCouldNotRun && ctx.Err() == nil:
		p.asking.waited(ask)
		err = CouldNotRun(p.asking.inVain(ask, fmt.Sprintf("asked to act (%q), the partner made no call at all within %s", ask, limit)))
	}
	return found, err
}

// AwaitFor is Await with a limit of the caller's, for example Timing().Retry.
func (p *Partner) AwaitFor(ctx context.Context, limit time.Duration, n int, match func(*traffic.Exchange) bool) ([]*traffic.Exchange, error) {
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(end).Round(time.Millisecond))
	}
	short, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found, err := p.sandbox.Journal().Wait(short, n, p.since(match))
	if err == nil {
		return found, nil
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return found, ctx.Err()
	}
	seen := p.Calls(nil)
	return found, CouldNotRun(missing(n, len(found), limit, seen), seen...)
}

// Quiet waits for the whole window, or until ctx ends, and then returns the
// partner's calls since the check began that match: a repetition is among them
// even when it came before Quiet was called.
func (p *Partner) Quiet(ctx context.Context, window time.Duration, match func(*traffic.Exchange) bool) []*traffic.Exchange {
	timer := time.NewTimer(window)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return p.Calls(match)
}

// Calls returns the partner's calls since the check began that match (nil: all),
// without waiting.
func (p *Partner) Calls(match func(*traffic.Exchange) bool) []*traffic.Exchange {
	return p.sandbox.Journal().Find(p.since(match))
}

// CallsOfRun is Calls since the run began, so that a check may use what the
// partner did in earlier ones.
func (p *Partner) CallsOfRun(match func(*traffic.Exchange) bool) []*traffic.Exchange {
	return p.sandbox.Journal().Find(func(e *traffic.Exchange) bool {
		return isCall(e) && !p.earlier[e] && (match == nil || match(e))
	})
}

func (p *Partner) since(match func(*traffic.Exchange) bool) func(*traffic.Exchange) bool {
	return func(e *traffic.Exchange) bool {
		return isCall(e) && !p.before[e] && (match == nil || match(e))
	}
}

// shownCalls is how many calls an error names.
const shownCalls = 5

func missing(n, found int, limit time.Duration, seen []*traffic.Exchange) string {
	wanted := "the call"
	if n > 1 {
		wanted = fmt.Sprintf("%d calls", n)
	}
	if len(seen) == 0 {
		return fmt.Sprintf("waited %s for %s of the partner, and it made none at all", limit, wanted)
	}
	var lines []string
	for _, e := range slices.Backward(seen) {
		if len(lines) == shownCalls {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, describe(e))
	}
	return fmt.Sprintf("waited %s for %s of the partner; %d came that matched. Seen, latest first: %s", limit, wanted, found, strings.Join(lines, "; "))
}

// describe is a call in one line, with its worst finding.
func describe(e *traffic.Exchange) string {
	what := e.Operation
	if what == "" {
		what = e.Request.Method + " " + e.Request.URL + " (no operation of the contract)"
	}
	text := fmt.Sprintf("%s answered %d (%s)", what, e.Status(), e.ID)
	for _, f := range e.Findings {
		if f.Severity == e.Worst() && f.Severity.AtLeast(traffic.Warn) {
			return text + ": " + FindingText(f)
		}
	}
	return text
}
