package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// record is a value of a bucket that is kept alive.
type record struct {
	mu       sync.Mutex
	revision uint64
	left     bool // it is not written again
}

// watch follows what all replicas say, until the replica ends.
func (r *Replica) watch(ready func()) {
	for r.life.Err() == nil {
		ctx, cancel := context.WithCancel(r.life)
		r.mu.Lock()
		r.watchAnew = cancel
		r.mu.Unlock()
		err := r.options.Bucket.Watch(ctx, r.view.tell, ready)
		if ctx.Err() == nil {
			r.options.Failed(fmt.Errorf("watching the replicas: %w", err))
		}
		cancel()
		r.pause(r.life, nil)
	}
}

// announce writes what the replica says of itself.
func (r *Replica) announce(ctx context.Context) error {
	err := r.write(ctx)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.there = r.options.Now()
	}
	return err
}

func (r *Replica) write(ctx context.Context) error {
	r.own.mu.Lock()
	defer r.own.mu.Unlock()
	if r.own.left {
		return nil
	}
	r.mu.Lock()
	text, err := json.Marshal(member{r.options.URL, r.draining})
	r.mu.Unlock()
	if err != nil {
		return err
	}
	key := keyOf(memberPrefix, r.options.ID)
	if r.own.revision > 0 {
		next, err := r.options.Bucket.Update(ctx, key, text, r.own.revision)
		if !errors.Is(err, ErrTaken) {
			r.own.revision = max(next, r.own.revision)
			return err
		}
		r.own.revision = 0 // it was away for so long that it vanished
	}
	r.own.revision, err = r.options.Bucket.Create(ctx, key, text)
	return err
}

// members are the replicas that may have sandboxes. That this one may it knows by itself,
// also while it is told nothing.
func (r *Replica) members() []string {
	all := r.view.members(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.draining && r.present() && !slices.Contains(all, r.options.ID) {
		all = append(all, r.options.ID)
		slices.Sort(all)
	}
	return all
}

// present reports whether the others may know of the replica. The lock is held.
func (r *Replica) present() bool { return !r.there.IsZero() && r.options.Now().Sub(r.there) < TTL }

// Ready says why the replica should get no traffic: the others do not know of it.
func (r *Replica) Ready() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.present() {
		return errors.New("the replica takes no part in its cluster: it can't reach the NATS servers, or has not yet")
	}
	return nil
}

// Owned is how many sandboxes the replica has, and Taken how many it ever took.
func (r *Replica) Owned() (now int, taken uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.boxes {
		if b.state == owned {
			now++
		}
	}
	return now, r.taken
}
