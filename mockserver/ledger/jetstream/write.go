package jetstream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger"
)

// acknowledged is how long a message is waited for before it is sent again.
const acknowledged = 2 * time.Second

// codeFull begins what the server answers when a stream has all that it may have.
const codeFull jetstream.ErrorCode = 10077

// batch is what goes into one message.
type batch struct {
	items []waiting
	piece piece
	body  []byte // nil: not written yet
}

// work sends what waits until nothing does.
func (o *log) work() {
	failed := false
	for {
		b := o.next(failed)
		if b == nil {
			return
		}
		err := o.send(b)
		for ; err != nil && o.running(); err = o.send(b) {
			o.noteFailure(err)
			if o.running() {
				o.rest(o.ledger.options.Retry)
			}
		}
		if failed = err != nil; !failed {
			o.noteSent(b)
		}
	}
}

// next is what is sent next, when it is time; nil: nothing waits, or the log has ended.
func (o *log) next(failed bool) *batch {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) > 0 && o.over == nil && o.ledger.options.Durability != ledger.Step && o.sent >= o.urgent {
		o.mu.Unlock()
		o.rest(o.ledger.options.Every)
		o.mu.Lock()
	}
	if len(o.waiting) == 0 || o.over != nil {
		o.working = false
		return nil
	}
	n, size := 1, len(o.waiting[0].text)
	for n < len(o.waiting) && o.waiting[0].kind == isEntries && o.waiting[n].kind == isEntries {
		if size += min(len(o.waiting[n].text), o.alone()) + 10; size > o.room() {
			break
		}
		n++
	}
	b := &batch{items: o.waiting[:n:n]}
	o.waiting = o.waiting[n:]
	first, last := b.items[0], b.items[n-1]
	b.piece = piece{kind: first.kind, fence: o.fence, writer: o.writer, first: first.sequence, last: last.sequence}
	if first.kind == isState {
		b.piece.last = o.durable
	}
	return b
}

// rest waits, unless somebody is in a hurry or the log ends.
func (o *log) rest(pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-o.hurry:
	case <-o.life.Done():
	}
}

// room is how many bytes go into a message beside its header; what is larger than alone
// does not go into a message with others.
func (o *log) room() int  { return int(min(o.ledger.nc.MaxPayload(), 1<<20)) - 1024 }
func (o *log) alone() int { return o.room() / 4 }

// send publishes a batch, its parts first.
func (o *log) send(b *batch) error {
	if b.body == nil {
		if err := o.write(b); err != nil {
			return err
		}
	}
	number, err := o.publish(o.life, b.piece, b.body, o.tail)
	if conflict(err) {
		number, err = o.settle(b, err)
	}
	if err == nil {
		b.piece.number, o.tail = number, number
	}
	return err
}

// write makes the text of a batch's message.
func (o *log) write(b *batch) error {
	var body []byte
	for _, item := range b.items {
		t := text{bytes: item.text}
		if len(item.text) > o.alone() {
			parts, err := o.upload(item.text)
			if err != nil {
				return err
			}
			t.parts = parts
			if b.piece.part == 0 {
				b.piece.part = parts[0]
			}
		}
		body = t.append(body)
	}
	b.body = body
	return nil
}

// upload sends what is too large for a message in parts, and returns their numbers.
func (o *log) upload(all []byte) ([]uint64, error) {
	var parts []uint64
	for len(all) > 0 {
		n := min(len(all), o.room())
		ctx, cancel := context.WithTimeout(o.life, acknowledged)
		ack, err := o.ledger.js.Publish(ctx, partSubject(o.ledger.options.Cluster, encode(o.sandbox)), all[:n])
		cancel()
		if err != nil {
			return nil, o.full(err)
		}
		parts, all = append(parts, ack.Sequence), all[n:]
	}
	return parts, nil
}

// publish sends one message of the log, which must come after the one with that number.
func (o *log) publish(ctx context.Context, p piece, body []byte, after uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, acknowledged)
	defer cancel()
	ack, err := o.ledger.js.PublishMsg(ctx, &nats.Msg{Subject: o.subject, Header: p.header(), Data: body}, jetstream.WithExpectLastSequencePerSubject(after))
	if err != nil {
		return 0, o.full(err)
	}
	return ack.Sequence, nil
}

// full says so of a stream that takes no more, and leaves other errors as they are.
func (o *log) full(err error) error {
	var api *jetstream.APIError
	if errors.As(err, &api) && (api.ErrorCode == codeFull || strings.Contains(api.Description, "maximum bytes exceeded")) {
		return fmt.Errorf("%w: stream %s takes no more; give it more room, or remove sandboxes: %w", ledger.ErrFull, streamName(o.ledger.options.Cluster), err)
	}
	return err
}

// conflict tells that a subject's newest message is another one than was expected. Servers
// say so with one of two numbers.
func conflict(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// settle finds out why a message was not the next one: it is there already and the
// acknowledgment was lost, the subject is empty because of its age, or somebody else
// writes the log.
func (o *log) settle(b *batch, refused error) (uint64, error) {
	ctx, cancel := context.WithTimeout(o.life, acknowledged)
	defer cancel()
	newest, err := o.newest(ctx)
	switch {
	case err != nil:
		return 0, err
	case newest.number == 0:
		o.tail = 0
		return 0, refused
	case newest.writer == o.writer && newest.kind == b.piece.kind && newest.first == b.piece.first && newest.last == b.piece.last && newest.number > o.tail:
		return newest.number, nil
	case newest.number <= o.tail:
		return 0, refused // a leader that does not know everything yet
	}
	o.end(fmt.Errorf("%w: somebody opened the log of sandbox %s with fence %d, and this one is %d", ledger.ErrFenced, o.sandbox, newest.fence, o.fence))
	return 0, refused
}

// noteFailure keeps the reason of a failed try for those who wait.
func (o *log) noteFailure(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed, o.refused = o.wrong("can't be written", err), errors.Is(err, ledger.ErrFull)
	o.turn()
}

// noteSent notes that a batch is acknowledged.
func (o *log) noteSent(b *batch) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed, o.refused = nil, false
	b.piece.at = time.Now()
	o.held = append(o.held, b.piece)
	if most := o.ledger.options.MaxPieces; most > 0 && int64(len(o.held)) > most {
		o.held = o.held[1:] // as the server does
	}
	o.sent += uint64(len(b.items))
	for _, item := range b.items {
		o.bytes -= len(item.text)
	}
	if b.piece.kind == isEntries {
		o.durable = b.piece.last
	}
	o.turn()
}
