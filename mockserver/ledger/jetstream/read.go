package jetstream

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger"
)

// first is the sequence of the first entry that is held, or would be. The lock is held.
func (o *log) first() uint64 {
	for _, p := range o.held {
		if p.kind == isEntries {
			return p.first
		}
	}
	return o.durable + 1
}

// stateAt is the place of the newest checkpoint at or before an entry, that has all
// entries after it; -1: there is none. The lock is held.
func (o *log) stateAt(sequence uint64) int {
	found, first := -1, o.first()
	for i, p := range o.held {
		if p.kind == isState && p.first <= sequence && p.first+1 >= first && (found < 0 || p.first >= o.held[found].first) {
			found = i
		}
	}
	return found
}

// State returns the newest checkpoint at or before a sequence.
func (o *log) State(ctx context.Context, sequence uint64) (uint64, []byte, error) {
	o.mu.Lock()
	err, at, p := o.over, o.stateAt(sequence), piece{}
	if at >= 0 {
		p = o.held[at]
	}
	o.mu.Unlock()
	switch {
	case err != nil:
		return 0, nil, err
	case at < 0:
		return 0, nil, fmt.Errorf("a checkpoint at or before entry %d: %w", sequence, ledger.ErrGone)
	}
	m, err := o.get(ctx, p.number)
	if err != nil {
		return 0, nil, err
	}
	t, _, err := cutText(m.Data)
	if err != nil {
		return 0, nil, fmt.Errorf("message %d: %w", p.number, err)
	}
	state, err := o.whole(ctx, t)
	return p.first, state, err
}

// whole is a text with its parts put together.
func (o *log) whole(ctx context.Context, t text) ([]byte, error) {
	all := t.bytes
	for _, number := range t.parts {
		m, err := o.get(ctx, number)
		if err != nil {
			return nil, err
		}
		all = append(all, m.Data...)
	}
	return all, nil
}

// Entries visits entries, oldest first.
func (o *log) Entries(ctx context.Context, from, to uint64, visit func(uint64, []byte) error) error {
	o.mu.Lock()
	err := o.over
	if err == nil && to > o.durable {
		err = o.flushed(ctx)
	}
	first, last := o.first(), o.durable
	begin, end := o.numbers(from, to)
	o.mu.Unlock()
	switch {
	case err != nil || from > to:
		return err
	case from < first:
		return fmt.Errorf("entry %d: %w", from, ledger.ErrGone)
	}
	next := from
	if end > 0 {
		err = o.read(ctx, begin, end, false, func(p piece, body []byte) (bool, error) {
			if p.kind != isEntries {
				return true, nil
			}
			if p.first > next {
				return false, fmt.Errorf("entry %d: %w", next, ledger.ErrGone)
			}
			return true, o.visit(ctx, p, body, func(sequence uint64, entry []byte) error {
				if sequence != next || sequence > to {
					return nil
				}
				next++
				return visit(sequence, entry)
			})
		})
	}
	if err == nil && to > last {
		err = fmt.Errorf("entry %d: %w", last+1, ledger.ErrGone)
	}
	return err
}

// numbers are those of the first and the last message with entries of a range; 0: there
// is none. The lock is held.
func (o *log) numbers(from, to uint64) (begin, end uint64) {
	for _, p := range o.held {
		if p.kind != isEntries || p.last < from || p.first > to {
			continue
		}
		if begin == 0 {
			begin = p.number
		}
		end = p.number
	}
	return begin, end
}

// visit visits the entries of one message.
func (o *log) visit(ctx context.Context, p piece, body []byte, visit func(uint64, []byte) error) error {
	for sequence := p.first; sequence <= p.last; sequence++ {
		t, rest, err := cutText(body)
		if err != nil {
			return fmt.Errorf("entry %d in message %d: %w", sequence, p.number, err)
		}
		body = rest
		if err := ctx.Err(); err != nil {
			return err
		}
		entry, err := o.whole(ctx, t)
		if err != nil {
			return err
		}
		if err := visit(sequence, entry); err != nil {
			return err
		}
	}
	return nil
}

// Held is what can be asked.
func (o *log) Held() (oldest, last uint64, checkpointed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	first := o.first()
	oldest = first - 1
	for _, p := range o.held {
		if p.kind == isState && p.first+1 >= first && (!checkpointed || p.first < oldest) {
			oldest, checkpointed = p.first, true
		}
	}
	return oldest, o.appended, checkpointed
}

// Due is when another checkpoint should be there: when the newest one has half of the age at
// which it is dropped, or at once when half of the messages came after it that a log may have.
func (o *log) Due() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	age, most := o.ledger.options.MaxAge, o.ledger.options.MaxPieces
	for i, p := range slices.Backward(o.held) {
		switch {
		case p.kind != isState:
		case most > 0 && int64(len(o.held)-i) > most/2:
			return p.at
		case age > 0:
			return p.at.Add(age / 2)
		default:
			return time.Time{}
		}
	}
	return time.Time{}
}

// Forget lets go what is older than a checkpoint.
func (o *log) Forget(ctx context.Context, sequence uint64) error {
	o.mu.Lock()
	err, at := o.over, o.stateAt(sequence)
	if err != nil || at < 0 {
		o.mu.Unlock()
		return err
	}
	state := o.held[at]
	keep := slices.IndexFunc(o.held, func(p piece) bool {
		return p.number == state.number || p.kind == isEntries && p.last > state.first
	})
	o.held = slices.Clone(o.held[keep:])
	from := o.held[0].number
	part := o.firstPart(from)
	o.mu.Unlock()
	stream, cluster, sandbox := o.ledger.stream, o.ledger.options.Cluster, encode(o.sandbox)
	if err := stream.Purge(ctx, jetstream.WithPurgeSubject(o.subject), jetstream.WithPurgeSequence(from)); err != nil {
		return o.wrong("can't forget", err)
	}
	if err := stream.Purge(ctx, jetstream.WithPurgeSubject(partSubject(cluster, sandbox)), jetstream.WithPurgeSequence(part)); err != nil {
		return o.wrong("can't forget", err)
	}
	return nil
}

// firstPart is the number before which no part is needed, when no message is needed before
// another. What is just being sent has parts after the newest message. The lock is held.
func (o *log) firstPart(from uint64) uint64 {
	for _, p := range o.held {
		if p.part > 0 {
			from = min(from, p.part)
		}
	}
	return from
}
