package control

import (
	"context"
	"sync"
	"time"
)

// What a turn of a stream takes from the time of all of them: for itself, for each
// byte, and so many times what preparing it took. So all streams together write at
// most 20,000 times and 100 MB in a second, and take a part of one processor.
const (
	turnTime  = 50 * time.Microsecond
	byteTime  = 10 * time.Nanosecond
	workTimes = 4
)

// pace spreads the turns of all streams of a mock over time: a call never stands
// behind thousands of them. With few streams nobody waits.
type pace struct {
	mu   sync.Mutex
	next time.Time // when the next turn may be
}

// turn waits for a turn, and returns false when ctx ended before.
func (p *pace) turn(ctx context.Context) bool {
	wait := p.take(turnTime)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// spent says what was done in a turn: bytes that were written, and how long it took
// to prepare them.
func (p *pace) spent(bytes int, work time.Duration) {
	p.take(time.Duration(bytes)*byteTime + workTimes*work)
}

// take reserves time and returns how long it is until then.
func (p *pace) take(length time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(length)
	return at.Sub(now)
}
