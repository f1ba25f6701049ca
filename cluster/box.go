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
}

// turn lets those look again who wait. The lock is held.
func (r *Replica) turn() {
	close(r.turned)
	r.turned = make(chan struct{})
}

// loading is how long a mock may take to make a sandbox ready.
const loading = time.Minute

// take takes a sandbox that nobody has. It fails with ErrTaken when somebody was faster.
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
	if r.boxes[sandbox] != b {
		return ErrTaken // it was lost meanwhile
	}
	if err != nil {
		b.stop()
		b.end()
		delete(r.boxes, sandbox)
		return err
	}
	b.state = owned
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
		return fmt.Errorf("sandbox %s can't be taken up: %w", b.sandbox, errors.Join(err, lease.drop(ctx)))
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

// lose ends a box that somebody else may have.
func (r *Replica) lose(b *box) {
	r.mu.Lock()
	if r.boxes[b.sandbox] != b {
		r.mu.Unlock()
		return
	}
	b.stop()
	b.end()
	delete(r.boxes, b.sandbox)
	r.turn()
	r.mu.Unlock()
	r.options.Mock.Lost(b.sandbox)
}

// leave hands a box over: requests in it end, new ones wait, then it is free.
func (r *Replica) leave(ctx context.Context, b *box) error {
	r.mu.Lock()
	for r.boxes[b.sandbox] == b && b.state == taking && ctx.Err() == nil {
		r.waitTurn(ctx)
	}
	if r.boxes[b.sandbox] != b || b.state != owned {
		r.mu.Unlock()
		return ctx.Err()
	}
	b.state = leaving
	r.turn()
	stop := r.options.After(r.options.Grace, b.end)
	for b.inside > 0 && r.boxes[b.sandbox] == b && ctx.Err() == nil {
		r.waitTurn(ctx)
	}
	here := r.boxes[b.sandbox] == b
	r.mu.Unlock()
	stop()
	if !here || ctx.Err() != nil { // it was lost, or requests do not end
		return ctx.Err()
	}
	err := r.options.Mock.LetGo(ctx, b.sandbox)
	err = errors.Join(err, b.lease.drop(ctx))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.boxes[b.sandbox] == b {
		b.stop()
		b.end()
		delete(r.boxes, b.sandbox)
		r.view.forget(keyOf(leasePrefix, b.sandbox))
		r.turn()
	}
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

// renewAll renews the leases of all boxes.
func (r *Replica) renewAll(ctx context.Context) {
	r.mu.Lock()
	var all []*box
	for _, b := range r.boxes {
		if b.lease != nil {
			all = append(all, b)
		}
	}
	r.mu.Unlock()
	each(all, func(b *box) {
		err := b.lease.renew(ctx)
		if errors.Is(err, ErrTaken) {
			r.lose(b)
		} else if err != nil {
			r.options.Failed(fmt.Errorf("renewing the lease of sandbox %s: %w", b.sandbox, err))
		}
	})
}

// share takes what this replica should have and nobody has, and hands over what another
// should have.
func (r *Replica) share(ctx context.Context) error {
	replicas := r.view.members(true)
	r.mu.Lock()
	var away []*box
	for _, b := range r.boxes {
		if best := choose(b.sandbox, replicas); b.state == owned && best != "" && best != r.options.ID {
			away = append(away, b)
		}
	}
	r.mu.Unlock()
	for _, b := range away {
		leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.options.Grace+TTL)
		r.done.Go(func() { // leases are renewed meanwhile
			defer cancel()
			if err := r.leave(leaving, b); err != nil {
				r.options.Failed(err)
			}
		})
	}
	held, err := r.options.Mock.Held(ctx)
	if err != nil {
		return fmt.Errorf("the sandboxes of the ledger: %w", err)
	}
	each(held, func(sandbox string) {
		if choose(sandbox, replicas) == r.options.ID && r.view.owner(sandbox) == "" {
			if err := r.take(ctx, sandbox); err != nil && !errors.Is(err, ErrTaken) {
				r.options.Failed(err)
			}
		}
	})
	return nil
}

// place is where a request is served.
type place struct {
	replica string // "": here
	url     string
	over    context.Context // ends when the request must
	release func()
}

// find says where a request for a sandbox is served, and takes the sandbox where that is
// this replica's share. A request that came from another replica is served here or not at
// all, so that it does not go in circles.
func (r *Replica) find(ctx context.Context, sandbox string, forwarded bool) (place, error) {
	for {
		r.mu.Lock()
		b, turned, draining := r.boxes[sandbox], r.turned, r.draining
		if b != nil && b.state == owned && b.lease.Valid() {
			b.inside++
			r.mu.Unlock()
			return place{over: b.over, release: func() { r.left(b) }}, nil
		}
		r.mu.Unlock()
		if b == nil {
			owner := r.view.owner(sandbox)
			switch {
			case forwarded && (draining || owner != "" && owner != r.options.ID):
				return place{}, errMisdirected
			case forwarded:
				owner = r.options.ID
			case owner == "" || owner == r.options.ID:
				owner = choose(sandbox, r.view.members(true))
			}
			if url := r.view.url(owner); owner != r.options.ID && url != "" {
				return place{replica: owner, url: url}, nil
			}
			if owner == r.options.ID {
				if err := r.take(ctx, sandbox); err == nil {
					continue
				} else if !errors.Is(err, ErrTaken) {
					return place{}, err
				}
			}
		}
		if r.pause(ctx, turned); ctx.Err() != nil {
			return place{}, fmt.Errorf("%w: sandbox %s", errNobody, sandbox)
		}
	}
}

// left notes that a request is no longer in a box.
func (r *Replica) left(b *box) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.inside--; b.inside == 0 {
		r.turn()
	}
}

var (
	errMisdirected = errors.New("another replica has this sandbox")
	errNobody      = errors.New("no replica has it, or the one that has it does not answer")
)
