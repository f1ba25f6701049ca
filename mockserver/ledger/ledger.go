// Package ledger keeps what happened in sandboxes, step by step, so that a mock can go
// on after its end and be asked what was. It knows neither vendors nor what a step is:
// an entry is bytes, and so is a checkpoint, the whole state as it was after an entry.
package ledger

import (
	"context"
	"errors"
	"time"
)

// What a ledger may fail with. The text says more.
var (
	// ErrClosed: the log or its ledger was closed.
	ErrClosed = errors.New("the ledger is closed")
	// ErrFenced: somebody else writes this log now, so that nothing more may be done in
	// this sandbox.
	ErrFenced = errors.New("the sandbox has another owner")
	// ErrFull: what could not be made durable is more than may wait for it.
	ErrFull = errors.New("the ledger does not keep up")
	// ErrGone: what was asked for is older than all that is held, or newer.
	ErrGone = errors.New("this is not held")
)

// Durability says what is durable when an answer leaves.
type Durability string

// The two of them.
const (
	Interval Durability = "interval" // all but what is just being gathered
	Step     Durability = "step"     // all that the answer rests on
)

// Ledger holds one log per sandbox. All methods are safe for concurrent use.
type Ledger interface {
	// Sandboxes are the names of those that have a log, sorted.
	Sandboxes(ctx context.Context) ([]string, error)
	// Holds tells whether a sandbox has a log.
	Holds(ctx context.Context, sandbox string) (bool, error)
	// Open returns the log of a sandbox, which is empty when there was none. Fence is the
	// number of the owner's lease: once a log was opened with a higher one, nobody with a
	// lower one writes it any more. Who is alone gives 0. A log is open once at a time.
	Open(ctx context.Context, sandbox string, fence uint64) (Log, error)
	// Remove forgets a sandbox whose log is not open. It is no error when there is none.
	Remove(ctx context.Context, sandbox string) error
	// Close makes durable what was appended, and ends all logs.
	Close(ctx context.Context) error
}

// Log is what happened in one sandbox: entries with the sequences 1, 2, 3 and on, and
// checkpoints between them. Append is called by one at a time, in the order in which
// things happened; the rest is safe for concurrent use.
type Log interface {
	// Append adds an entry and returns its sequence. It copies the entry and waits for no
	// disk and no network. After ErrFull the entry is not in the log and may be appended
	// again; every other error stays.
	Append(entry []byte) (sequence uint64, err error)
	// Await returns when an entry and all before it are as durable as the ledger was told
	// to make them before an answer leaves: on the disk, or merely appended. The error
	// says why they are not.
	Await(ctx context.Context, sequence uint64) error
	// Flush makes durable all that was appended.
	Flush(ctx context.Context) error
	// Checkpoint notes the state as it was after an entry; 0 is before the first. Entries
	// may have been appended since. It may take as long as it takes to write the state.
	Checkpoint(ctx context.Context, sequence uint64, state []byte) error
	// State returns the newest checkpoint at or before a sequence, or ErrGone.
	State(ctx context.Context, sequence uint64) (at uint64, state []byte, err error)
	// Entries calls visit with the entries from one sequence to another, both included,
	// oldest first, and stops at its first error, which it returns. ErrGone says that the
	// first of them is not held. Who visits does not keep the bytes.
	Entries(ctx context.Context, from, to uint64, visit func(sequence uint64, entry []byte) error) error
	// Forget lets go what is older than the newest checkpoint at or before a sequence; what
	// is written in one piece with younger things may stay.
	Forget(ctx context.Context, sequence uint64) error
	// Held is what can be asked: the oldest checkpoint with all entries after it, and the
	// last entry. Both are 0 for an empty log; checkpointed is false when there is no
	// checkpoint at all.
	Held() (oldest, last uint64, checkpointed bool)
	// Close makes durable what was appended, and ends the log.
	Close(ctx context.Context) error
}

// Dropping is a Log of a ledger that drops by itself what is old, or too much.
type Dropping interface {
	// Due is when there should be another checkpoint, so that all that is ever dropped comes
	// before one; zero: none need be. It is asked when the log was opened, and when it was due.
	Due() time.Time
}
