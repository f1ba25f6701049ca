package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// renewAll renews the leases of all boxes, that which ends first before the others: where not
// all can be renewed in time, each is in its turn.
func (r *Replica) renewAll(ctx context.Context) {
	r.mu.Lock()
	var all []*box
	for _, b := range r.boxes {
		if b.lease != nil {
			all = append(all, b)
		}
	}
	r.mu.Unlock()
	soonest(all)
	each(all, func(b *box) {
		err := b.lease.renew(ctx)
		if errors.Is(err, ErrTaken) {
			r.lose(b)
		} else if err != nil {
			r.options.Failed(fmt.Errorf("renewing the lease of sandbox %s: %w", b.sandbox, err))
		}
	})
}

// soonest puts that box first whose lease ends first.
func soonest(all []*box) {
	left := map[*box]time.Duration{}
	for _, b := range all {
		left[b] = b.lease.left()
	}
	slices.SortFunc(all, func(a, b *box) int { return cmp.Compare(left[a], left[b]) })
}

// share takes what this replica should have and nobody has, hands over what another should
// have, and puts down what there is no more.
func (r *Replica) share(ctx context.Context) {
	replicas := r.members()
	r.mu.Lock()
	var away []*box
	for _, b := range r.boxes {
		best := choose(b.sandbox, replicas)
		if b.state == owned && (best != "" && best != r.options.ID || b.inside == 0 && !r.options.Mock.Has(b.sandbox)) {
			away = append(away, b)
		}
	}
	r.mu.Unlock()
	for _, b := range away {
		r.putDown(ctx, b)
	}
	held, err := r.names(ctx, replicas)
	if err != nil {
		if ctx.Err() == nil {
			r.options.Failed(fmt.Errorf("the sandboxes of the ledger: %w", err))
		}
		return
	}
	each(held, func(sandbox string) {
		if choose(sandbox, replicas) == r.options.ID && r.view.owner(sandbox) == "" {
			if err := r.take(ctx, sandbox); err != nil && !errors.Is(err, ErrTaken) {
				r.options.Failed(err)
			}
		}
	})
}

// askEvery is after how many ticks the ledger is asked for its sandboxes although nothing
// is known to have changed.
const askEvery = 10

// names are the sandboxes of the ledger. It is asked when replicas or owners have changed,
// and now and then: of many sandboxes the answer is long. One goroutine calls it.
func (r *Replica) names(ctx context.Context, replicas []string) ([]string, error) {
	changes := r.view.changes()
	if r.asked++; r.asked%askEvery != 1 && changes == r.seen && slices.Equal(replicas, r.with) {
		return r.held, nil
	}
	held, err := r.options.Mock.Held(ctx)
	if err != nil {
		r.asked = 0
		return nil, err
	}
	r.held, r.seen, r.with = held, changes, replicas
	return held, nil
}

// putDown hands a box over while other things go on.
func (r *Replica) putDown(ctx context.Context, b *box) {
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.options.Grace+TTL)
	r.done.Go(func() {
		defer cancel()
		if err := r.leave(leaving, b); err != nil {
			r.options.Failed(err)
		}
	})
}
