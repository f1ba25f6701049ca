package ledger

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Memory is a Ledger that lasts as long as the process.
type Memory struct {
	bound  int // bytes of a log; 0: none
	mu     sync.Mutex
	logs   map[string]*memoryLog
	closed bool
}

// NewMemory returns an empty ledger.
func NewMemory() *Memory { return &Memory{logs: map[string]*memoryLog{}} }

// Bounded lets each log keep no more than about so many bytes: with a new checkpoint the
// oldest go, with the entries after them. It is called before a log is opened, and returns
// the same Memory.
func (m *Memory) Bounded(bytes int) *Memory {
	m.bound = bytes
	return m
}

// Sandboxes are the names of those that have a log, sorted.
func (m *Memory) Sandboxes(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	return slices.Sorted(maps.Keys(m.logs)), nil
}

// Holds tells whether a sandbox has a log.
func (m *Memory) Holds(_ context.Context, sandbox string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false, ErrClosed
	}
	return m.logs[sandbox] != nil, nil
}

// Open returns the log of a sandbox.
func (m *Memory) Open(_ context.Context, sandbox string, fence uint64) (Log, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	l := m.logs[sandbox]
	if l == nil {
		l = &memoryLog{bound: m.bound}
		m.logs[sandbox] = l
	}
	return l.open(fence)
}

// Remove forgets a sandbox.
func (m *Memory) Remove(_ context.Context, sandbox string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	delete(m.logs, sandbox)
	return nil
}

// Close ends all logs.
func (m *Memory) Close(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for _, l := range m.logs {
		l.end()
	}
	return nil
}

// memoryLog is what a log holds, whoever writes it.
type memoryLog struct {
	mu     sync.RWMutex
	bound  int // bytes; 0: none
	bytes  int // of entries and states
	fence  uint64
	writer *memoryWriter // nil: it is not open
	first  uint64        // sequence of entries[0] less 1
	kept   [][]byte
	states []memoryState // oldest first
}

type memoryState struct {
	at   uint64
	text []byte
}

// memoryWriter is a log that somebody opened.
type memoryWriter struct{ *memoryLog }

func (l *memoryLog) open(fence uint64) (Log, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if fence < l.fence {
		return nil, ErrFenced
	}
	if l.writer != nil && fence == l.fence {
		return nil, fmt.Errorf("the log is open already")
	}
	l.fence, l.writer = fence, &memoryWriter{l}
	return l.writer, nil
}

func (l *memoryLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writer = nil
}

func (l *memoryLog) last() uint64 { return l.first + uint64(len(l.kept)) }

// usable says why a writer can't be used any more. The lock is held.
func (w *memoryWriter) usable() error {
	switch w.writer {
	case w:
		return nil
	case nil:
		return ErrClosed
	}
	return ErrFenced
}

// Append adds an entry.
func (w *memoryWriter) Append(entry []byte) (uint64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.usable(); err != nil {
		return 0, err
	}
	w.kept = append(w.kept, bytes.Clone(entry))
	w.bytes += len(entry)
	return w.last(), nil
}

// Await returns when an entry is in the log.
func (w *memoryWriter) Await(_ context.Context, sequence uint64) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := w.usable(); err != nil {
		return err
	}
	if sequence > w.last() {
		return fmt.Errorf("entry %d: %w", sequence, ErrGone)
	}
	return nil
}

// Flush has nothing to do.
func (w *memoryWriter) Flush(ctx context.Context) error { return w.Await(ctx, 0) }

// Checkpoint notes the state after an entry.
func (w *memoryWriter) Checkpoint(_ context.Context, sequence uint64, state []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.usable(); err != nil {
		return err
	}
	if sequence < w.first || sequence > w.last() {
		return fmt.Errorf("a checkpoint after entry %d: %w", sequence, ErrGone)
	}
	at, found := slices.BinarySearchFunc(w.states, sequence, func(s memoryState, at uint64) int { return int(int64(s.at - at)) })
	one := memoryState{sequence, bytes.Clone(state)}
	if found {
		w.bytes -= len(w.states[at].text)
		w.states[at] = one
	} else {
		w.states = slices.Insert(w.states, at, one)
	}
	for w.bytes += len(state); w.bound > 0 && w.bytes > w.bound && len(w.states) > 1; {
		w.forget(1)
	}
	return nil
}

// forget lets go what is older than a checkpoint, by its place. The lock is held.
func (l *memoryLog) forget(place int) {
	at := l.states[place].at
	for _, state := range l.states[:place] {
		l.bytes -= len(state.text)
	}
	for _, entry := range l.kept[:at-l.first] {
		l.bytes -= len(entry)
	}
	l.states = slices.Clone(l.states[place:])
	l.kept, l.first = slices.Clone(l.kept[at-l.first:]), at
}

// stateAt is the place of the newest checkpoint at or before a sequence; -1: none.
func (l *memoryLog) stateAt(sequence uint64) int {
	for i, s := range slices.Backward(l.states) {
		if s.at <= sequence {
			return i
		}
	}
	return -1
}

// State returns the newest checkpoint at or before a sequence.
func (w *memoryWriter) State(_ context.Context, sequence uint64) (uint64, []byte, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := w.usable(); err != nil {
		return 0, nil, err
	}
	i := w.stateAt(sequence)
	if i < 0 {
		return 0, nil, fmt.Errorf("a checkpoint at or before entry %d: %w", sequence, ErrGone)
	}
	return w.states[i].at, bytes.Clone(w.states[i].text), nil
}

// Entries visits entries, oldest first.
func (w *memoryWriter) Entries(ctx context.Context, from, to uint64, visit func(uint64, []byte) error) error {
	for next := from; next <= to; next++ {
		entry, err := w.entry(next)
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(next, entry); err != nil {
			return err
		}
	}
	return nil
}

func (w *memoryWriter) entry(sequence uint64) ([]byte, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if err := w.usable(); err != nil {
		return nil, err
	}
	if sequence <= w.first || sequence > w.last() {
		return nil, fmt.Errorf("entry %d: %w", sequence, ErrGone)
	}
	return w.kept[sequence-w.first-1], nil
}

// Forget lets go what is older than a checkpoint.
func (w *memoryWriter) Forget(_ context.Context, sequence uint64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.usable(); err != nil {
		return err
	}
	if i := w.stateAt(sequence); i >= 0 {
		w.forget(i)
	}
	return nil
}

// Held is what can be asked.
func (w *memoryWriter) Held() (oldest, last uint64, checkpointed bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if len(w.states) == 0 {
		return w.first, w.last(), false
	}
	return w.states[0].at, w.last(), true
}

// Close ends the log.
func (w *memoryWriter) Close(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.writer == w {
		w.writer = nil
	}
	return nil
}
