package mockserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/traffic"
)

// ErrLedger says that a sandbox can't go on from the ledger, or not be written down. The
// text says why, and what to do.
var ErrLedger error = &problem.Reason{Status: http.StatusServiceUnavailable, Kind: "ledger", Text: "the ledger can't be used"}

// begin makes the first instance: a new one, or one that goes on from the ledger.
func (b *Sandbox) begin() error {
	l := b.server.options.Ledger
	if l == nil || b.apart {
		return b.beginAnew()
	}
	ctx := context.Background()
	var fence uint64
	if b.grant != nil {
		fence = b.grant.fence
		if b.grant.taking != nil {
			ctx = b.grant.taking
		}
	}
	log, err := l.Open(ctx, b.Name(), fence)
	if err == nil {
		if err = b.goOn(ctx, log); err != nil {
			err = errors.Join(err, log.Close(ctx))
		}
	}
	if err != nil {
		b.instance.Store(newInstance(b))
		return fmt.Errorf("%w: sandbox %s: %w", ErrLedger, b.Name(), err)
	}
	return nil
}

// beginAnew makes an instance of a mock that has no ledger.
func (b *Sandbox) beginAnew() error {
	saved := b.beginning()
	if saved != nil {
		b.seed = saved.Seed
	}
	var err error
	b.gate.alone(func() {
		in := newInstance(b)
		b.instance.Store(in)
		if saved != nil {
			err = in.load(*saved)
		}
	})
	if err != nil {
		return err
	}
	if !b.server.options.History || b.apart {
		return nil
	}
	_, err = b.remember()
	return err
}

// goOn makes an instance of what a log has, and writes down what happens from now on.
func (b *Sandbox) goOn(ctx context.Context, log ledger.Log) error {
	p, exchanges, index, err := recall(ctx, log)
	if err != nil {
		return err
	}
	saved := b.beginning()
	if p != nil {
		s, err := p.now()
		if err == nil {
			err = s.fits(b.server.vendors())
		}
		if err != nil {
			return err
		}
		saved = &s
	}
	return b.load(log, saved, exchanges, index)
}

// load begins with a snapshot, or anew where there is none, and with the exchanges that
// came before.
func (b *Sandbox) load(log ledger.Log, saved *snapshot, exchanges []*traffic.Exchange, index []numbered) error {
	if b.resumed = saved != nil; b.resumed {
		b.seed = saved.Seed
		b.begins.Now, b.begins.Frozen, b.begins.Idle = saved.Begins.Now, saved.Begins.Frozen, saved.Begins.Idle
	}
	_, last, checkpointed := log.Held()
	h := &history{sandbox: b, log: log, writing: make(chan struct{}, 1), index: index}
	h.last.Store(last)
	var err error
	b.gate.alone(func() { // deliveries that go on wait here
		b.gate.history.Store(h)
		in := newInstance(b)
		b.instance.Store(in)
		in.outbox.Follow()
		if saved != nil {
			if err = in.load(*saved); err != nil {
				return
			}
		}
		for _, e := range exchanges {
			b.journal.Append(e)
		}
		in.followClock()
		h.before = in.seen()
		if saved != nil && checkpointed { // deliveries that go on have other turns
			h.begin()
			h.end()
		}
		if !checkpointed {
			var c contents
			if c, err = in.contents(); err == nil {
				err = h.writeCheckpoint(last, c)
			}
		}
	})
	if err == nil {
		h.renew()
	}
	return err
}

// remember begins a history in memory where there is none, and returns it.
func (b *Sandbox) remember() (*history, error) {
	b.resets.Lock() // nobody replaces the instance
	defer b.resets.Unlock()
	if h := b.gate.history.Load(); h != nil {
		return h, nil
	}
	log, err := ledger.NewMemory().Bounded(b.bound(maxPassing)).Open(context.Background(), b.Name(), 0)
	if err != nil {
		return nil, err
	}
	h := &history{sandbox: b, log: log, writing: make(chan struct{}, 1), passing: true}
	b.gate.alone(func() {
		in := b.current()
		in.outbox.Follow()
		var c contents
		if c, err = in.contents(); err == nil {
			err = h.writeCheckpoint(0, c)
		}
		if err != nil {
			return
		}
		in.followClock()
		h.before = in.seen()
		h.began.Store(h.before.numbered)
		b.gate.history.Store(h)
	})
	return h, err
}

// followClock makes a step of each change of the clock.
func (in *instance) followClock() {
	in.clock.Follow(func() {
		if gate := &in.sandbox.gate; in.sandbox.current() == in {
			gate.leave(gate.enter())
		}
	})
}

// Durable waits until all that was done in the sandbox is as durable as Options.Ledger makes
// it, and may be told. The error wraps ErrLedger.
func (b *Sandbox) Durable(ctx context.Context) error {
	h := b.gate.history.Load()
	if h == nil {
		return nil
	}
	if err := h.durable(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrLedger, err)
	}
	return nil
}

// Refuses says why the sandbox takes no call: what it does can't be written down.
func (b *Sandbox) Refuses(ctx context.Context) error {
	h := b.gate.history.Load()
	if h == nil {
		return nil
	}
	if err := h.refuses(ctx); err != nil {
		return fmt.Errorf("%w: %w; the mock goes on when it can be written again", ErrLedger, err)
	}
	return nil
}

// endHistory closes the log, and removes it where the sandbox was removed; the error says
// that it is still there. What could not be written the ledger says when it is closed.
func (b *Sandbox) endHistory(ctx context.Context) error {
	h := b.gate.history.Load()
	if h == nil {
		return nil
	}
	removed := b.users.Load() < 0
	if removed {
		ctx = context.Background()
	}
	h.close(ctx)
	switch {
	case !removed || h.passing:
		return nil
	case b.grant != nil && !b.grant.valid():
		return ErrNotOwned
	}
	if err := b.server.options.Ledger.Remove(ctx, b.Name()); err != nil {
		return fmt.Errorf("%w: %w; remove the sandbox again", ErrLedger, err)
	}
	return nil
}
