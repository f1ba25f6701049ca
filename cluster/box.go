package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What a box is.
type state int

const (
	taking state = iota
	owned
	leaving
)

// box is a sandbox that the replica owns, or just takes or leaves.
type box struct {
	sandbox string
	state   state
	lease   *Lease
	inside  int             // requests
	over    context.Context // ends when requests must
	end     context.CancelFunc
	stop    func() // the timer that looks whether the lease has ended
	lost    bool   // somebody else may have it
}

// turn lets those look again who wait. The lock is held.
func (r *Replica) turn() {
	close(r.turned)
	r.turned = make(chan struct{})
}

// loading is how long a mock may take to make a sandbox ready.
const loading = time.Minute

// errUnanswered says that it can't be known whether somebody has a sandbox: while servers
// choose another leader none says so.
var errUnanswered = errors.New("the servers do not say who has it")

// take takes a sandbox that nobody has. It fails with ErrTaken when somebody was faster, and
// with errUnanswered.
func (r *Replica) take(ctx context.Context, sandbox string) error {
	r.mu.Lock()
	if r.boxes[sandbox] != nil || r.draining {
		r.mu.Unlock()
		return ErrTaken
	}
	b := &box{sandbox: sandbox, stop: func() {}}
	b.over, b.end = context.WithCancel(context.Background())
	r.boxes[sandbox] = b
	r.mu.Unlock()
	err := r.takeUp(context.WithoutCancel(ctx), b) // the end of who asked is no reason to leave things half done
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.turn()
	if err == nil && b.lost {
		r.mu.Unlock()
		r.options.Mock.Lost(sandbox)
		r.mu.Lock()
		err = ErrTaken
	}
	if err != nil {
		b.stop()
		b.end()
		delete(r.boxes, sandbox)
		return err
	}
	b.state = owned
	r.taken++
	return nil
}

// takeUp takes the lease of a box, and has the mock make it ready.
func (r *Replica) takeUp(ctx context.Context, b *box) error {
	value, err := json.Marshal(holder{r.options.ID})
	if err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, TTL)
	defer cancel()
	lease, err := take(asking, r.options.Bucket, keyOf(leasePrefix, b.sandbox), value, r.options.Now)
	if err != nil && !errors.Is(err, ErrTaken) {
		err = fmt.Errorf("sandbox %s: %w: %w", b.sandbox, errUnanswered, err)
	}
	if err != nil {
		return err
	}
	r.mu.Lock()
	b.lease = lease
	r.watchOver(b)
	r.mu.Unlock()
	ctx, cancel = context.WithTimeout(ctx, loading)
	defer cancel()
	if err := r.options.Mock.TakeUp(ctx, b.sandbox, lease.Fence, lease.Valid); err != nil {
		dropping, cancel := context.WithTimeout(context.WithoutCancel(ctx), TTL)
		defer cancel()
		return fmt.Errorf("sandbox %s can't be taken up: %w", b.sandbox, errors.Join(err, lease.drop(dropping)))
	}
	if !lease.Valid() { // it was lost before there was anything to end
		r.options.Mock.Lost(b.sandbox)
		return ErrTaken
	}
	return nil
}

// watchOver takes a box away when its lease has ended without being renewed. The lock is
// held.
func (r *Replica) watchOver(b *box) {
	b.stop = r.options.After(max(b.lease.left(), 0), func() {
		if !b.lease.Valid() {
			r.lose(b)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.boxes[b.sandbox] == b {
			r.watchOver(b)
		}
	})
}

// lose ends a box that somebody else may have. It is there until the mock has ended it, so
// that nobody takes it up before.
func (r *Replica) lose(b *box) {
	r.mu.Lock()
	if r.boxes[b.sandbox] != b || b.lost {
		r.mu.Unlock()
		return
	}
	b.stop()
	b.end()
	b.lost = true
	taken := b.state != taking // else who takes it sees that the lease has ended
	r.turn()
	r.mu.Unlock()
	if !taken {
		return
	}
	r.options.Mock.Lost(b.sandbox)
	r.gone(b)
}

// gone takes out a box that has ended.
func (r *Replica) gone(b *box) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.boxes[b.sandbox] == b {
		b.stop()
		b.end()
		delete(r.boxes, b.sandbox)
		r.turn()
	}
}

// leave hands a box over: requests in it end, new ones wait, then it is free. It returns
// when that is done, also where somebody else began with it. Requests that do not end in
// time get an error from the mock.
func (r *Replica) leave(ctx context.Context, b *box) error {
	r.mu.Lock()
	for r.boxes[b.sandbox] == b && b.state != owned && ctx.Err() == nil {
		r.waitTurn(ctx)
	}
	if r.boxes[b.sandbox] != b || b.state != owned || b.lost {
		r.mu.Unlock()
		return ctx.Err()
	}
	b.state = leaving
	r.turn()
	stop := r.options.After(r.options.Grace, b.end)
	ending, cancel := context.WithTimeout(ctx, 2*r.options.Grace)
	defer cancel()
	for b.inside > 0 && !b.lost && ending.Err() == nil {
		r.waitTurn(ending)
	}
	lost := b.lost
	r.mu.Unlock()
	stop()
	if lost {
		return nil
	}
	last, done := context.WithTimeout(context.WithoutCancel(ctx), r.options.Grace+TTL)
	defer done()
	err := r.options.Mock.LetGo(last, b.sandbox)
	err = errors.Join(err, b.lease.drop(last))
	r.view.forget(keyOf(leasePrefix, b.sandbox))
	r.gone(b)
	if err != nil {
		return fmt.Errorf("handing over sandbox %s: %w", b.sandbox, err)
	}
	return nil
}

// waitTurn waits for a change. The lock is held.
func (r *Replica) waitTurn(ctx context.Context) {
	turned := r.turned
	r.mu.Unlock()
	defer r.mu.Lock()
	select {
	case <-turned:
	case <-ctx.Done():
	}
}
