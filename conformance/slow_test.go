package conformance_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
)

// told is a place for progress that says when something came.
type told struct {
	mu   sync.Mutex
	text strings.Builder
	came chan struct{} // closed once something came
	once sync.Once
}

func (t *told) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.once.Do(func() { close(t.came) })
	return t.text.Write(data)
}

func (t *told) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// TestASlowCheckIsReported: a check that goes on for longer than any of its waits says
// what it has seen, and one that does not says nothing.
func TestASlowCheckIsReported(t *testing.T) {
	progress := &told{came: make(chan struct{})}
	hangs := check("hangs", func(ctx context.Context, _ *conformance.Partner) error {
		select {
		case <-progress.came:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	o := scene(t, &testvendor.Partner{}, hangs)
	o.Progress = progress
	o.Timing.Answer, o.Timing.Retry, o.Timing.Stimulus = time.Second, time.Millisecond, time.Millisecond
	if r := judge(t.Context(), t, o).Results[0]; r.Verdict != conformance.VerdictPass {
		t.Errorf("%s %s", r.Verdict, r.Actual)
	}
	if !strings.HasPrefix(progress.String(), "still at it: check tiny/hook/hangs has seen 0 calls of the partner's\n") {
		t.Errorf("told %q", progress)
	}

	quick := &told{came: make(chan struct{})}
	o = scene(t, &testvendor.Partner{}, check("pings", ping))
	o.Progress = quick
	judge(t.Context(), t, o)
	if quick.String() != "" {
		t.Errorf("a quick check is reported: %q", quick)
	}
}
