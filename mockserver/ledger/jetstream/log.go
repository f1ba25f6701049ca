package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger"
)

// log is a ledger.Log. What is appended waits for a goroutine to send it, which lives as
// long as something waits.
type log struct {
	ledger  *Ledger
	sandbox string
	subject string
	fence   uint64
	writer  uint64 // number of the message that opened it
	tail    uint64 // number of the subject's newest message; of the goroutine alone

	mu       sync.Mutex
	held     []piece // oldest first, all acknowledged
	appended uint64  // sequence of the last entry
	durable  uint64  // of the last entry that is acknowledged
	waiting  []waiting
	bytes    int    // of them, and of what is just being sent
	asked    uint64 // how many ever waited
	sent     uint64 // how many of them are acknowledged
	urgent   uint64 // up to this one nothing is gathered any longer
	working  bool   // the goroutine lives
	failed   error  // of the last try
	refused  bool   // that failure lasts until somebody makes room
	over     error  // why the log can't be used any more
	turned   chan struct{}

	hurry chan struct{}   // holds one
	life  context.Context // ends with the log
	kill  context.CancelFunc
}

// waiting is an entry, or the state after one.
type waiting struct {
	kind     string
	sequence uint64
	text     []byte
}

// openLog writes who owns the log now, and then finds what it holds.
func openLog(ctx context.Context, l *Ledger, sandbox string, fence uint64) (*log, error) {
	o := &log{
		ledger: l, sandbox: sandbox, subject: logSubject(l.options.Cluster, encode(sandbox)), fence: fence,
		turned: make(chan struct{}), hurry: make(chan struct{}, 1),
	}
	for {
		before, err := o.newest(ctx)
		if err != nil {
			return nil, o.wrong("can't be opened", err)
		}
		if before.fence > fence {
			return nil, fmt.Errorf("%w: the log of sandbox %s was opened with fence %d, and this one is %d", ledger.ErrFenced, sandbox, before.fence, fence)
		}
		opening := piece{kind: isOpening, fence: fence, first: before.last + 1, last: before.last}
		number, err := o.publish(ctx, opening, nil, before.number)
		if conflict(err) || unanswered(err) && pause(ctx) {
			continue // somebody else was faster, or it may be there or not: look who and what is
		}
		if err != nil {
			return nil, o.wrong("can't be opened", err)
		}
		o.writer, o.tail, o.appended = number, number, before.last
		break
	}
	o.durable = o.appended
	if err := o.index(ctx); err != nil {
		return nil, o.wrong("can't be read", err)
	}
	o.life, o.kill = context.WithCancel(context.Background())
	return o, nil
}

func (o *log) wrong(what string, err error) error {
	return fmt.Errorf("the log of sandbox %s %s: %w", o.sandbox, what, err)
}

// newest is the newest message of the log, as the leader of the stream knows it. Last is
// the last entry even where that message has none.
func (o *log) newest(ctx context.Context) (piece, error) {
	m, err := again(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return o.ledger.stream.GetLastMsgForSubject(ctx, o.subject)
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return piece{}, nil
	}
	if err != nil {
		return piece{}, err
	}
	return pieceOf(m.Sequence, m.Header)
}

// turn lets those look again who wait. The lock is held.
func (o *log) turn() {
	close(o.turned)
	o.turned = make(chan struct{})
}

func (o *log) running() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.over == nil
}

// end keeps everybody from using the log.
func (o *log) end(why error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over == nil {
		o.over = why
		o.kill()
		o.turn()
	}
}

// Append adds an entry.
func (o *log) Append(entry []byte) (uint64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.over != nil:
		return 0, o.over
	case o.bytes > 0 && o.bytes+len(entry) > o.ledger.options.Waiting:
		return 0, fmt.Errorf("%w: %d bytes of sandbox %s wait for the NATS servers (%v)", ledger.ErrFull, o.bytes, o.sandbox, o.failed)
	}
	o.appended++
	o.wait(waiting{isEntries, o.appended, bytes.Clone(entry)})
	return o.appended, nil
}

// wait puts an entry or a state behind all others. The lock is held.
func (o *log) wait(w waiting) {
	o.waiting = append(o.waiting, w)
	o.asked++
	o.bytes += len(w.text)
	if !o.working {
		o.working = true
		go o.work()
	}
}

// Await returns when an entry is acknowledged, or at once with Interval.
func (o *log) Await(ctx context.Context, sequence uint64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.over != nil:
		return o.over
	case sequence > o.appended:
		return fmt.Errorf("entry %d: %w", sequence, ledger.ErrGone)
	case o.ledger.options.Durability != ledger.Step:
		return o.refusal()
	}
	return o.until(ctx, func() bool { return o.durable >= sequence })
}

// refusal is the failure of the last try when it lasts until somebody makes room.
func (o *log) refusal() error {
	if o.refused {
		return o.failed
	}
	return nil
}

// until waits for a condition. It does not wait for room in a full stream, but as long as
// the context for servers that are away. The lock is held.
func (o *log) until(ctx context.Context, done func() bool) error {
	for !done() {
		if o.over != nil {
			return o.over
		}
		if err := o.refusal(); err != nil {
			return err
		}
		turned := o.turned
		o.mu.Unlock()
		select {
		case <-turned:
			o.mu.Lock()
		case <-ctx.Done():
			o.mu.Lock()
			return errors.Join(ctx.Err(), o.failed)
		}
	}
	return nil
}

// Flush makes durable all that was appended.
func (o *log) Flush(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.flushed(ctx)
}

// flushed sends at once what waits. The lock is held.
func (o *log) flushed(ctx context.Context) error {
	if o.over != nil {
		return o.over
	}
	until := o.asked
	o.urgent = max(o.urgent, until)
	select {
	case o.hurry <- struct{}{}:
	default:
	}
	return o.until(ctx, func() bool { return o.sent >= until })
}

// Checkpoint notes the state after an entry.
func (o *log) Checkpoint(ctx context.Context, sequence uint64, state []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.over != nil:
		return o.over
	case sequence > o.appended || sequence+1 < o.first():
		return fmt.Errorf("a checkpoint after entry %d: %w", sequence, ledger.ErrGone)
	}
	o.wait(waiting{isState, sequence, bytes.Clone(state)})
	return o.flushed(ctx)
}

// Close makes durable what was appended, and ends the log.
func (o *log) Close(ctx context.Context) error {
	err := o.Flush(ctx)
	if errors.Is(err, ledger.ErrClosed) || errors.Is(err, ledger.ErrFenced) {
		err = nil
	}
	o.end(ledger.ErrClosed)
	o.ledger.ended(o)
	return err
}
