package suite_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/conformance/suite"
)

// text is a buffer that Ginkgo may write to while a test reads it.
type text struct {
	mu   sync.Mutex
	b    strings.Builder
	seen chan struct{} // closed once it was said what the check waits for
	once sync.Once
}

func (t *text) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.b.Write(data)
	if strings.Contains(t.b.String(), "has seen") {
		t.once.Do(func() { close(t.seen) })
	}
	return n, err
}

func (t *text) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}

// TestAHangingCheckIsReported: Ginkgo says what a check does that goes on for longer
// than any of its waits, and says nothing else.
func TestAHangingCheckIsReported(t *testing.T) {
	told := &text{seen: make(chan struct{})}
	hangs := check("hangs", func(ctx context.Context, _ *conformance.Partner) error {
		select {
		case <-told.seen:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	o := options(t, &testvendor.Partner{}, hook(hangs))
	o.Progress = told
	o.Timing.Answer, o.Timing.Retry, o.Timing.Stimulus = time.Second, time.Millisecond, time.Millisecond
	report, err := suite.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r := report.Results[2]; r.Verdict != conformance.VerdictPass {
		t.Errorf("%s %s", r.Verdict, r.Actual)
	}
	if !strings.Contains(told.String(), "check tiny/hook/hangs has seen 0 calls of the partner's") || strings.Contains(told.String(), "Running Suite") {
		t.Errorf("Ginkgo told:\n%s", told)
	}
}
