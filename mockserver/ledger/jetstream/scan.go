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

// read visits the messages of the log from one number to another that is there, until
// visit returns false. What the servers let go meanwhile is ErrGone.
func (o *log) read(ctx context.Context, from, to uint64, headers bool, visit func(piece, []byte) (more bool, err error)) error {
	for {
		next, err := o.readOn(ctx, from, to, headers, visit)
		if unanswered(err) && pause(ctx) {
			from = next
			continue
		}
		if err != nil || next == 0 {
			return err
		}
		// The server that was asked has less than that: it lags, or the end was let go.
		if _, err := o.get(ctx, to); err != nil {
			return err
		}
		from = next
	}
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

// readOn reads with one consumer. It returns the number from which to go on when the end
// was not reached, else 0.
func (o *log) readOn(ctx context.Context, from, to uint64, headers bool, visit func(piece, []byte) (bool, error)) (uint64, error) {
	config := jetstream.OrderedConsumerConfig{FilterSubjects: []string{o.subject}, HeadersOnly: headers, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: max(from, 1), InactiveThreshold: time.Minute}
	soon, cancel := context.WithTimeout(ctx, acknowledged)
	defer cancel()
	consumer, err := o.ledger.stream.OrderedConsumer(soon, config)
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
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return from, err
		}
		meta, err := m.Metadata()
		if err != nil {
			return 0, err
		}
		number := meta.Sequence.Stream
		p, err := pieceOf(number, m.Headers())
		if err != nil {
			return 0, err
		}
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
