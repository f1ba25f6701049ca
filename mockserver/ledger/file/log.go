package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/parleykit/parley/mockserver/ledger"
)

// log is a ledger.Log. What is appended waits in chunks until a goroutine has written
// it, which lives as long as something waits.
type log struct {
	ledger  *Ledger
	sandbox string
	dir     string

	mu       sync.Mutex
	segments []*segment // oldest first; the last one grows
	appended uint64     // sequence of the last entry
	durable  uint64     // of the last entry that is on the disk
	chunks   []*chunk   // that wait
	asked    uint64     // chunks that ever waited
	written  uint64     // of them, that are on the disk
	waiting  int        // bytes of them, and of what is just being written
	urgent   uint64     // chunks up to this one are not gathered any longer
	working  bool       // the goroutine lives
	failed   error      // of the last write
	tries    uint64     // writes that have ended, well or not
	turned   chan struct{}
	closed   bool

	hurry chan struct{} // holds one
	file  writable      // of the last segment; nil: to be opened. Of the goroutine alone
}

// openLog finds all that is written.
func openLog(l *Ledger, sandbox string) (*log, error) {
	o := &log{
		ledger: l, sandbox: sandbox, dir: filepath.Join(l.dir, folderOf(sandbox)),
		turned: make(chan struct{}), hurry: make(chan struct{}, 1),
	}
	names, err := filepath.Glob(filepath.Join(o.dir, "*.log"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for i, name := range names {
		if err := o.found(name, i == len(names)-1); err != nil {
			return nil, err
		}
	}
	o.durable = o.appended
	return o, nil
}

// found adds a segment that is there.
func (o *log) found(name string, last bool) error {
	var number int
	if _, err := fmt.Sscanf(filepath.Base(name), "%08d.log", &number); err != nil {
		return fmt.Errorf("%w: %s is no file of a ledger; move it away", ErrDamaged, name)
	}
	s, err := readSegment(name, number)
	switch {
	case errors.Is(err, errTorn) && last:
		cut, err := s.mend(o.sandbox)
		if err != nil {
			return err
		}
		if o.ledger.options.Cut != nil {
			o.ledger.options.Cut(cut)
		}
		if s.size == 0 {
			return nil
		}
	case errors.Is(err, errTorn):
		return fmt.Errorf("%w: %s is not whole behind byte %d, and others follow it; move the folder %s away to begin this sandbox anew", ErrDamaged, name, s.size, o.dir)
	case err != nil:
		return err
	}
	if len(o.segments) > 0 && s.first != o.appended+1 {
		return fmt.Errorf("%w: %s begins with entry %d, and what comes before it ends with %d, so a file is missing; move the folder %s away to begin this sandbox anew", ErrDamaged, name, s.first, o.appended, o.dir)
	}
	o.segments = append(o.segments, s)
	o.appended = s.last
	return nil
}

// turn lets those look again who wait. The lock is held.
func (o *log) turn() {
	close(o.turned)
	o.turned = make(chan struct{})
}

// Append adds an entry.
func (o *log) Append(entry []byte) (uint64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return 0, ledger.ErrClosed
	case o.waiting > 0 && o.waiting+len(entry) > o.ledger.options.Waiting:
		return 0, fmt.Errorf("%w: %d bytes of sandbox %s wait to be written (%v)", ledger.ErrFull, o.waiting, o.sandbox, o.failed)
	}
	o.appended++
	o.wait(isEntry, o.appended, entry)
	return o.appended, nil
}

// Await returns when an entry is on the disk, or at once with Interval.
func (o *log) Await(ctx context.Context, sequence uint64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return ledger.ErrClosed
	case sequence > o.appended:
		return fmt.Errorf("entry %d: %w", sequence, ledger.ErrGone)
	case o.failed != nil || o.ledger.options.Durability != ledger.Step:
		return o.failed
	}
	return o.until(ctx, func() bool { return o.durable >= sequence })
}

// until waits for something, or for a write that fails. The lock is held.
func (o *log) until(ctx context.Context, done func() bool) error {
	for before := o.tries; !done(); {
		if o.failed != nil && o.tries > before {
			return o.failed
		}
		turned := o.turned
		o.mu.Unlock()
		select {
		case <-turned:
		case <-ctx.Done():
		}
		o.mu.Lock()
		if ctx.Err() != nil && !done() {
			return ctx.Err()
		}
	}
	return nil
}

// Flush writes all that was appended.
func (o *log) Flush(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return ledger.ErrClosed
	}
	return o.flush(ctx)
}

func (o *log) flush(ctx context.Context) error {
	target := o.asked
	o.urgent = target
	if o.written < target {
		o.push()
	}
	return o.until(ctx, func() bool { return o.written >= target })
}

// push lets the goroutine write at once.
func (o *log) push() {
	select {
	case o.hurry <- struct{}{}:
	default:
	}
}

// Checkpoint notes the state after an entry.
func (o *log) Checkpoint(ctx context.Context, sequence uint64, state []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return ledger.ErrClosed
	}
	if oldest, last, _ := o.held(); sequence < oldest || sequence > last {
		return fmt.Errorf("a checkpoint after entry %d: %w", sequence, ledger.ErrGone)
	}
	o.wait(isCheckpoint, sequence, state)
	return o.flush(ctx)
}

// Close writes what was appended, and ends the log.
func (o *log) Close(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil
	}
	err := o.flush(ctx)
	if err != nil {
		err = fmt.Errorf("entries %d to %d of sandbox %s are not written: %w", o.durable+1, o.appended, o.sandbox, err)
	}
	o.closed = true
	o.turn()
	o.push()
	for o.working {
		turned := o.turned
		o.mu.Unlock()
		<-turned
		o.mu.Lock()
	}
	if o.file != nil {
		o.file.Close()
	}
	o.ledger.mu.Lock()
	defer o.ledger.mu.Unlock()
	delete(o.ledger.open, o.sandbox)
	if err != nil {
		o.ledger.lost = append(o.ledger.lost, err)
	}
	return err
}

// Forget lets go segments that nobody asks for.
func (o *log) Forget(_ context.Context, sequence uint64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return ledger.ErrClosed
	}
	keeper, at := o.stateBefore(sequence)
	if keeper < 0 {
		return nil
	}
	for n := 0; n < keeper && o.segments[0].last <= at.sequence; n++ {
		if err := os.Remove(o.segments[0].name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		o.segments = o.segments[1:]
	}
	return nil
}
