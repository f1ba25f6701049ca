package ledgertest

import (
	"context"
	"errors"

	"github.com/parleykit/parley/mockserver/ledger"
)

// Disk is a ledger in memory whose entries are not durable any more once it is full, which
// takes none while too much waits, and can't be removed from while it is kept.
type Disk struct {
	*ledger.Memory
	Full, Kept bool
	Waiting    int // how many entries more are not taken
}

// NewDisk returns one with room.
func NewDisk() *Disk { return &Disk{Memory: ledger.NewMemory()} }

// Open opens a log.
func (d *Disk) Open(ctx context.Context, sandbox string, fence uint64) (ledger.Log, error) {
	log, err := d.Memory.Open(ctx, sandbox, fence)
	return &diskLog{log, d}, err
}

// Remove fails while all is kept.
func (d *Disk) Remove(ctx context.Context, sandbox string) error {
	if d.Kept {
		return errors.New("no answer")
	}
	return d.Memory.Remove(ctx, sandbox)
}

type diskLog struct {
	ledger.Log
	of *Disk
}

// Append fails while too much waits.
func (l *diskLog) Append(entry []byte) (uint64, error) {
	if l.of.Waiting > 0 {
		l.of.Waiting--
		return 0, ledger.ErrFull
	}
	return l.Log.Append(entry)
}

// Await fails on a full disk.
func (l *diskLog) Await(ctx context.Context, sequence uint64) error {
	if l.of.Full {
		return errors.New("no space left on device")
	}
	return l.Log.Await(ctx, sequence)
}
