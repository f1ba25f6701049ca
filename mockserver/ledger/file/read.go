package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/parleykit/parley/mockserver/ledger"
)

// Held is what can be asked.
func (o *log) Held() (oldest, last uint64, checkpointed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.held()
}

func (o *log) held() (oldest, last uint64, checkpointed bool) {
	if len(o.segments) > 0 {
		oldest = o.segments[0].first - 1
	}
	first := oldest
	note := func(at uint64) {
		if at >= first && (!checkpointed || at < oldest) {
			oldest, checkpointed = at, true
		}
	}
	for _, s := range o.segments {
		for _, at := range s.states {
			note(at.sequence)
		}
	}
	return oldest, o.appended, checkpointed
}

// stateBefore is the newest checkpoint at or before a sequence, and the place of its
// segment; -1: there is none. The lock is held.
func (o *log) stateBefore(sequence uint64) (in int, found place) {
	in = -1
	for i, s := range o.segments {
		for _, at := range s.states {
			if at.sequence <= sequence && (in < 0 || at.sequence >= found.sequence) {
				in, found = i, at
			}
		}
	}
	return in, found
}

// readable writes what waits, so that it can be read.
func (o *log) readable(ctx context.Context) error {
	if o.closed {
		return ledger.ErrClosed
	}
	return o.flush(ctx)
}

// State returns the newest checkpoint at or before a sequence.
func (o *log) State(ctx context.Context, sequence uint64) (uint64, []byte, error) {
	o.mu.Lock()
	err := o.readable(ctx)
	in, at := o.stateBefore(sequence)
	var s segment
	if in >= 0 {
		s = *o.segments[in]
	}
	o.mu.Unlock()
	if err == nil && in < 0 {
		err = fmt.Errorf("a checkpoint at or before entry %d: %w", sequence, ledger.ErrGone)
	}
	if err != nil {
		return 0, nil, err
	}
	var state []byte
	err = s.visit(at.offset, func(one record) (bool, error) {
		state = slices.Clone(one.text)
		return false, nil
	})
	return at.sequence, state, gone(err)
}

// Entries visits entries, oldest first.
func (o *log) Entries(ctx context.Context, from, to uint64, visit func(uint64, []byte) error) error {
	o.mu.Lock()
	err := o.readable(ctx)
	oldest := o.durable + 1
	var segments []segment
	for _, s := range o.segments {
		oldest = min(oldest, s.first)
		if s.last >= from && s.first <= to {
			segments = append(segments, *s)
		}
	}
	last := o.durable
	o.mu.Unlock()
	switch {
	case err != nil || from > to:
		return err
	case from < oldest:
		return fmt.Errorf("entry %d: %w", from, ledger.ErrGone)
	}
	next := from
	for _, s := range segments {
		err := s.visit(s.before(next), func(one record) (bool, error) {
			if one.kind != isEntry || one.sequence < next {
				return true, nil
			}
			if err := ctx.Err(); err != nil {
				return false, err
			}
			next++
			return next <= to, visit(one.sequence, one.text)
		})
		if err != nil {
			return gone(err)
		}
	}
	if to > last {
		return fmt.Errorf("entry %d: %w", last+1, ledger.ErrGone)
	}
	return nil
}

// gone says so where a file was let go while it was to be read.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ledger.ErrGone
	}
	return err
}
