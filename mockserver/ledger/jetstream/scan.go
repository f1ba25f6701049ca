package jetstream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger"
)

// index finds what the log holds, without reading it.
func (o *log) index(ctx context.Context) error {
	err := o.read(ctx, 0, o.writer, true, func(p piece, _ []byte) (bool, error) {
		if last, ok := o.lastHeld(); ok && p.kind == isEntries && p.first != last+1 {
			o.held = nil // what is older was let go by the server
		}
		o.held = append(o.held, p)
		return true, nil
	})
	if last, ok := o.lastHeld(); err == nil && ok && last != o.appended {
		return fmt.Errorf("entry %d is missing: %w", last+1, ledger.ErrGone)
	}
	return err
}

// lastHeld is the sequence of the last entry that is held; false: none is.
func (o *log) lastHeld() (uint64, bool) {
	for _, p := range slices.Backward(o.held) {
		if p.kind == isEntries {
			return p.last, true
		}
	}
	return 0, false
}

// few is how many messages are asked for one by one, before a consumer is made for the rest.
// A consumer costs more than some questions, and for minutes after a server was lost without
// a word some are given to that one, and never answer.
const few = 32

// read visits the messages of the log from one number to another that is there, until
// visit returns false. What the servers let go meanwhile is ErrGone.
func (o *log) read(ctx context.Context, from, to uint64, headers bool, visit func(piece, []byte) (more bool, err error)) error {
	for range few {
		m, err := o.following(ctx, from, to)
		if err != nil {
			return err
		}
		p, err := pieceOf(m.Sequence, m.Header)
		if err != nil {
			return err
		}
		p.at = m.Time
		if more, err := visit(p, m.Data); err != nil || !more || m.Sequence == to {
			return err
		}
		from = m.Sequence + 1
	}
	for patience := acknowledged / 8; ; patience = min(2*patience, acknowledged) {
		next, err := o.readOn(ctx, from, to, headers, patience, visit)
		switch {
		case err != nil && !unanswered(err) && !errors.Is(err, errCut):
			return err
		case err == nil && next == 0:
			return nil
		case err == nil: // the server that was asked has less than that: it lags, or the end was let go
			if _, err := o.get(ctx, to); err != nil {
				return err
			}
		}
		if from = next; !pause(ctx) {
			return errors.Join(ctx.Err(), err)
		}
	}
}

// following is the first message of the log from one number on, not after another.
func (o *log) following(ctx context.Context, from, to uint64) (*jetstream.RawStreamMsg, error) {
	m, err := again(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return o.ledger.stream.GetMsg(ctx, max(from, 1), jetstream.WithGetMsgSubject(o.subject))
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && m.Sequence > to {
		return nil, fmt.Errorf("message %d: %w", to, ledger.ErrGone)
	}
	return m, err
}

// get is one message.
func (o *log) get(ctx context.Context, number uint64) (*jetstream.RawStreamMsg, error) {
	m, err := again(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return o.ledger.stream.GetMsg(ctx, number)
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, fmt.Errorf("message %d: %w", number, ledger.ErrGone)
	}
	return m, err
}

// errCut says that a consumer came to its end before the log did.
var errCut = errors.New("the reader of the log was cut off")

// readOn reads with one consumer, which servers have so long to make. It returns the number
// from which to go on when the end was not reached, else 0. The client library's ordered
// consumer would make itself anew for ever where the server that it is given is lost.
func (o *log) readOn(ctx context.Context, from, to uint64, headers bool, patience time.Duration, visit func(piece, []byte) (bool, error)) (uint64, error) {
	config := jetstream.ConsumerConfig{
		FilterSubject: o.subject, HeadersOnly: headers, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: max(from, 1),
		AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, Replicas: 1, InactiveThreshold: time.Minute,
	}
	soon, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	consumer, err := o.ledger.stream.CreateConsumer(soon, config)
	if err != nil {
		return from, err
	}
	defer func() { // else it stays for a minute
		soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), acknowledged)
		defer cancel()
		o.ledger.stream.DeleteConsumer(soon, consumer.CachedInfo().Name)
	}()
	if consumer.CachedInfo().NumPending == 0 {
		return max(from, 1), nil
	}
	messages, err := consumer.Messages(jetstream.PullExpiry(time.Second), jetstream.PullHeartbeat(500*time.Millisecond)) // a new consumer may miss the first pull, which two heartbeats tell
	if err != nil {
		return from, err
	}
	defer messages.Stop()
	for delivered := uint64(1); ; delivered++ {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return from, fmt.Errorf("%w: %w", errCut, err)
		}
		meta, err := m.Metadata()
		if err != nil {
			return 0, err
		}
		if meta.Sequence.Consumer != delivered {
			return from, fmt.Errorf("%w: it missed a message before message %d", errCut, meta.Sequence.Stream)
		}
		number := meta.Sequence.Stream
		p, err := pieceOf(number, m.Headers())
		if err != nil {
			return 0, err
		}
		p.at = meta.Timestamp
		more, err := visit(p, m.Data())
		switch {
		case err != nil || !more || number >= to:
			return 0, err
		case meta.NumPending == 0:
			return number + 1, nil
		}
		from = number + 1
	}
}
