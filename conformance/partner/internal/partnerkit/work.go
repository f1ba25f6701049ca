package partnerkit

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Work is what a partner does that outlives the request that began it: retries,
// replies, what is passed on.
type Work struct {
	Ctx context.Context // ends with the partner

	stop    context.CancelFunc
	after   func(time.Duration) <-chan time.Time
	client  *http.Client
	mu      sync.Mutex // none begins once it was waited for
	running sync.WaitGroup
}

// NewWork returns the work of a partner with that clock and that client.
func NewWork(after func(time.Duration) <-chan time.Time, client *http.Client) *Work {
	w := &Work{after: after, client: client}
	w.Ctx, w.stop = context.WithCancel(context.Background())
	return w
}

// Begin lets something be done that Close waits for; false when the partner has ended.
func (w *Work) Begin(do func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.Ctx.Err() != nil {
		return false
	}
	w.running.Go(do)
	return true
}

// Wait returns after that time, or earlier when ctx or the partner has ended.
func (w *Work) Wait(ctx context.Context, d time.Duration) {
	select {
	case <-w.after(d):
	case <-ctx.Done():
	case <-w.Ctx.Done():
	}
}

// Close ends the work and waits until all of it has stopped.
func (w *Work) Close() {
	w.mu.Lock()
	w.stop()
	w.mu.Unlock()
	w.running.Wait()
	w.client.CloseIdleConnections()
}
