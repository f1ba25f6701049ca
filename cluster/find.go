package cluster

import (
	"context"
	"errors"
	"fmt"
)

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
	nobody := fmt.Errorf("%w: sandbox %s", errNobody, sandbox)
	for {
		r.mu.Lock()
		b, turned, draining := r.boxes[sandbox], r.turned, r.draining
		if b != nil && b.state == owned && !b.lost && b.lease.Valid() {
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
				owner = choose(sandbox, r.members())
			}
			if url := r.view.url(owner); owner != r.options.ID && url != "" {
				return place{replica: owner, url: url}, nil
			}
			if owner == r.options.ID {
				switch err := r.take(ctx, sandbox); {
				case err == nil:
					continue
				case errors.Is(err, errUnanswered):
					nobody = fmt.Errorf("%w: %w", errNobody, err)
				case !errors.Is(err, ErrTaken):
					return place{}, err
				}
			}
		}
		if r.pause(ctx, turned); ctx.Err() != nil {
			return place{}, nobody
		}
	}
}

// left notes that a request is no longer in a box. Where none is, and the mock has no such
// sandbox, nobody need have it.
func (r *Replica) left(b *box) {
	r.mu.Lock()
	b.inside--
	empty := b.inside == 0 && b.state == owned && !b.lost
	if b.inside == 0 {
		r.turn()
	}
	r.mu.Unlock()
	if empty && !r.options.Mock.Has(b.sandbox) {
		r.putDown(context.Background(), b)
	}
}

var (
	errMisdirected = errors.New("another replica has this sandbox")
	errNobody      = errors.New("no replica has it, or the one that has it does not answer")
)
