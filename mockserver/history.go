package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/traffic"
)

// A checkpoint is made after so many steps, or so many bytes of them. No more steps than
// maxSteps are held, however few exchanges are among them.
const (
	checkpointSteps = 500
	checkpointBytes = 8 << 20
	maxSteps        = 50_000
)

// maxPassing is how many bytes a history in memory keeps in the default sandbox; a named
// one keeps a tenth.
const maxPassing = 16 << 20

// history is the log of a sandbox. While there is one, the gate lets in one at a time:
// what one changes while inside is a step.
type history struct {
	sandbox *Sandbox
	log     ledger.Log
	passing bool          // it ends with the process, so that exchanges stay in the journal alone
	began   atomic.Uint64 // number of the last exchange that came before it

	noting  sync.Mutex
	step    *step       // of who is inside the gate
	outside []stepValue // changed while nobody was

	// Of who is inside the gate.
	before written
	since  int  // steps since the last checkpoint was begun
	bytes  int  // of them
	gap    bool // something is missing since the last checkpoint
	owed   step // what a checkpoint does not have of the steps that are missing

	last    atomic.Uint64 // sequence of the last entry
	failed  atomic.Pointer[error]
	missed  atomic.Uint64  // steps that were not appended
	covered atomic.Uint64  // of them that are in a checkpoint that is written
	writing chan struct{}  // holds one while a checkpoint is written
	writers sync.WaitGroup // of checkpoints, and of what was changed outside the gate
	renewal renewal

	mu    sync.Mutex
	index []numbered // the steps that have exchanges, oldest first
}

// numbered is where an exchange is.
type numbered struct{ exchange, sequence uint64 }

// begin lets a step begin, with what was changed while nobody was inside.
func (h *history) begin() {
	h.noting.Lock()
	defer h.noting.Unlock()
	h.step, h.outside = &step{Values: h.outside}, nil
}

// note adds a value that was changed. A goroutine of a behaviour's may change one while
// nobody is inside: that is a step of its own, for which it does not wait, because who
// comes inside meanwhile may wait for what it holds.
func (h *history) note(v stepValue) {
	h.noting.Lock()
	defer h.noting.Unlock()
	if h.step != nil {
		h.step.Values = append(h.step.Values, v)
		return
	}
	if h.outside = append(h.outside, v); len(h.outside) == 1 {
		gate := &h.sandbox.gate
		h.writers.Go(func() { gate.leave(gate.enter()) })
	}
}

// taken ends the step.
func (h *history) taken() *step {
	h.noting.Lock()
	defer h.noting.Unlock()
	s := h.step
	h.step = nil
	return s
}

// cleared notes that all exchanges were forgotten.
func (h *history) cleared() {
	h.step.Cleared, h.step.Exchanges = true, nil
	h.mu.Lock()
	defer h.mu.Unlock()
	h.index = nil
}

// end appends the step, if anything changed.
func (h *history) end() {
	s := h.taken()
	if h.sandbox.current().complete(s, &h.before) {
		h.append(s)
	}
}

func (h *history) append(s *step) {
	if h.gap {
		h.miss(s)
		h.checkpoint() // what is missing is in it
		return
	}
	list := s.Exchanges
	if h.passing {
		s.Exchanges = nil
	}
	text, err := s.encoded()
	var sequence uint64
	if err == nil {
		sequence, err = h.log.Append(text)
	}
	if err != nil {
		h.fail(err)
		s.Exchanges = list
		h.miss(s)
		return
	}
	h.last.Store(sequence)
	h.find(list, sequence)
	h.since++
	if h.bytes += len(text); h.since >= checkpointSteps || h.bytes >= checkpointBytes {
		h.checkpoint()
	}
}

// find lets exchanges be found.
func (h *history) find(list []*traffic.Exchange, sequence uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range list {
		h.index = append(h.index, numbered{numberOf(e.ID), sequence})
	}
}

// whole appends all of the sandbox in the place of what changed. Nobody is inside.
func (h *history) whole(reset bool) {
	in := h.sandbox.current()
	c, err := in.contents()
	var text []byte
	if err == nil {
		text, err = c.encoded()
	}
	if err != nil {
		h.fail(err)
		h.miss(&step{Reset: reset})
		return
	}
	if reset {
		h.mu.Lock()
		h.index = nil
		h.mu.Unlock()
		h.began.Store(0)
	}
	h.before = in.seen()
	h.noting.Lock()
	h.outside = nil // it is in the whole, or was of what is replaced
	h.noting.Unlock()
	in.outbox.Step() // and so is this
	h.append(&step{Time: h.sandbox.server.options.Now().Round(0), Whole: text, Reset: reset})
}

// exchanges are the IDs of those that are held, by the sequence of their step.
func (h *history) exchanges() map[uint64][]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[uint64][]string{}
	for _, n := range h.index {
		all[n.sequence] = append(all[n.sequence], serial.ID("ex-", n.exchange))
	}
	return all
}

// place is where an exchange is in the index, or would be. The lock is held.
func (h *history) place(exchange uint64) (at int, ok bool) {
	return slices.BinarySearchFunc(h.index, exchange, func(n numbered, exchange uint64) int { return cmp.Compare(n.exchange, exchange) })
}

// numberOf is the number in the ID of an exchange; 0: it has none.
func numberOf(id string) uint64 {
	n, _ := strconv.ParseUint(strings.TrimPrefix(id, "ex-"), 10, 64)
	return n
}

func (h *history) fail(err error) { h.failed.Store(&err) }

// durable waits until all that was done is as durable as the ledger makes it. The error
// says why it is not.
func (h *history) durable(ctx context.Context) error {
	missed := h.missed.Load()
	err := h.log.Await(ctx, h.last.Load())
	if err == nil && h.covered.Load() < missed {
		err = h.cover(ctx)
	}
	if err != nil && ctx.Err() == nil {
		h.fail(err)
	}
	return err
}

// refuses says why nothing can be written down, after something could not be.
func (h *history) refuses(ctx context.Context) error {
	failed := h.failed.Load()
	if failed == nil {
		return nil
	}
	if err := h.log.Flush(ctx); err != nil {
		return err
	}
	h.sandbox.gate.alone(func() {
		if h.gap {
			h.checkpoint()
		}
	})
	h.failed.CompareAndSwap(failed, nil)
	return nil
}

// close ends the log.
func (h *history) close(ctx context.Context) error {
	h.renewal.end()
	h.writers.Wait()
	return h.log.Close(ctx)
}

// recall reads what a log has: the state after its last entry, and all exchanges that it
// holds. The past is nil when the log is empty.
func recall(ctx context.Context, log ledger.Log) (p *past, exchanges []*traffic.Exchange, index []numbered, err error) {
	oldest, last, checkpointed := log.Held()
	if !checkpointed {
		if last > 0 {
			err = fmt.Errorf("it has %d steps and nothing to begin from", last)
		}
		return nil, nil, nil, err
	}
	p, err = replay(ctx, log, oldest+1, last, readStep, func(sequence uint64, s *step) {
		if s.Reset || s.Cleared {
			exchanges, index = nil, nil
		}
		for _, e := range s.Exchanges {
			exchanges = append(exchanges, e)
			index = append(index, numbered{numberOf(e.ID), sequence})
		}
	})
	return p, exchanges, index, err
}

// replay goes from the newest checkpoint to a step, and shows the steps that it reads: from
// one of them on, or from the checkpoint where that comes before. Read reads a step.
func replay(ctx context.Context, log ledger.Log, from, through uint64, read func(text []byte) (*step, error), visit func(sequence uint64, s *step)) (*past, error) {
	at, text, err := log.State(ctx, through)
	if err != nil {
		return nil, err
	}
	p, err := newPast(text)
	if err != nil {
		return nil, err
	}
	err = log.Entries(ctx, min(from, at+1), through, func(sequence uint64, text []byte) error {
		s, err := read(text)
		if err == nil {
			if visit(sequence, s); sequence > at {
				p, err = p.take(s)
			}
		}
		if err != nil {
			return fmt.Errorf("step %d: %w", sequence, err)
		}
		return nil
	})
	return p, err
}

// savedOptions are how a sandbox begins again after a reset.
type savedOptions struct {
	Now    time.Time     `json:"now,omitzero"`
	Frozen bool          `json:"frozen,omitempty"`
	Idle   time.Duration `json:"idle,omitempty"` // nanoseconds
}
