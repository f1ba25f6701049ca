package checktest

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Watch tells when a reference partner has nothing more on its way: no call, and no
// pause after which it would call. It is the partner's transport and its clock.
type Watch struct {
	http.RoundTripper // nil: http.DefaultTransport
	busy              atomic.Int64
}

// RoundTrip makes a call.
func (w *Watch) RoundTrip(r *http.Request) (*http.Response, error) {
	w.busy.Add(1)
	defer w.busy.Add(-1)
	if w.RoundTripper == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return w.RoundTripper.RoundTrip(r)
}

// After is time.After.
func (w *Watch) After(d time.Duration) <-chan time.Time {
	w.busy.Add(1)
	ended := make(chan time.Time, 1)
	time.AfterFunc(d, func() {
		ended <- time.Now()
		w.busy.Add(-1)
	})
	return ended
}

// AwaitIdle waits until the partner was seen idle several times in a row: between a
// call and the pause after it, it is for a moment too. On a busy machine whoever
// looks has to wait as long as the partner does.
func (w *Watch) AwaitIdle() {
	for seen := 0; seen < 4; seen++ {
		<-time.After(15 * time.Millisecond)
		if w.busy.Load() > 0 {
			seen = -1
		}
	}
}
