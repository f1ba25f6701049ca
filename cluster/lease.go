package cluster

import (
	"context"
	"sync"
	"time"
)

// margin is how long before the end of a lease, as the owner's clock counts it, the owner
// takes it for lost: clocks may run up to a tenth differently.
const margin = TTL / 6

// Lease is the right to own a sandbox, until it ends or is lost. An owner that could not
// renew it stops before anybody else can have it.
type Lease struct {
	// Fence is the revision with which the lease was taken: higher than that of every
	// lease before it.
	Fence uint64

	bucket Bucket
	key    string
	value  []byte
	now    func() time.Time

	writing sync.Mutex // one write at a time, since each needs the revision of the one before

	mu       sync.Mutex
	dropped  bool
	revision uint64
	until    time.Time // by the owner's own clock
}

// take takes the lease of a key, or fails with ErrTaken.
func take(ctx context.Context, b Bucket, key string, value []byte, now func() time.Time) (*Lease, error) {
	sent := now() // the value lives longer than TTL from here on, never shorter
	revision, err := b.Create(ctx, key, value)
	if err != nil {
		return nil, err
	}
	return &Lease{Fence: revision, bucket: b, key: key, value: value, now: now, revision: revision, until: sent.Add(TTL - margin)}, nil
}

// Valid tells whether the owner may still act.
func (l *Lease) Valid() bool { return l.left() > 0 }

// left is how long the owner may act.
func (l *Lease) left() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until.Sub(l.now())
}

// renew prolongs a lease, unless it was dropped. After ErrTaken it is lost.
func (l *Lease) renew(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	if l.dropped {
		l.mu.Unlock()
		return nil
	}
	revision, sent := l.revision, l.now()
	valid := l.until.After(sent)
	l.mu.Unlock()
	if !valid { // who was silent so long may have been told to be gone
		return ErrTaken
	}
	next, err := l.bucket.Update(ctx, l.key, l.value, revision)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		return err
	}
	l.revision = next
	if l.until.After(l.now()) { // one that ended meanwhile stays ended
		l.until = sent.Add(TTL - margin)
	}
	return nil
}

// drop ends a lease, so that another owner need not wait for its end.
func (l *Lease) drop(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	revision := l.revision
	l.dropped, l.until = true, time.Time{}
	l.mu.Unlock()
	return l.bucket.Delete(ctx, l.key, revision)
}
