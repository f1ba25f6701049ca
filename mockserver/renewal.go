package mockserver

import (
	"sync"
	"time"

	"github.com/parleykit/parley/mockserver/ledger"
)

// renewal has checkpoints made of a sandbox that does too little for them, so that a ledger
// that drops what is old always has one.
type renewal struct {
	mu    sync.Mutex
	timer *time.Timer // nil: the ledger drops nothing, or the log has ended
}

// renewPause is how long is waited at least before another try.
const renewPause = time.Second

// renew begins, where the ledger drops something.
func (h *history) renew() {
	log, ok := h.log.(ledger.Dropping)
	if !ok || log.Due().IsZero() {
		return
	}
	r := &h.renewal
	r.mu.Lock()
	defer r.mu.Unlock()
	rest := func() time.Duration { return max(time.Until(log.Due()), renewPause) }
	r.timer = time.AfterFunc(rest(), func() {
		if !time.Now().Before(log.Due()) {
			h.sandbox.gate.alone(h.checkpoint)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.timer != nil {
			r.timer.Reset(rest())
		}
	})
}

// end lets no further checkpoint begin. One that has begun goes on.
func (r *renewal) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
}
