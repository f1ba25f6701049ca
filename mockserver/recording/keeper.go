package recording

import (
	"fmt"
	"io"
	"time"

	"github.com/parleykit/parley/internal/files"
)

// every is how long a Keeper waits at least between two snapshots. A process that is
// killed loses what came since the last whole one was begun: no more than this, or
// than it takes to write one where that is longer, and twice what it takes to write.
const every = 100 * time.Millisecond

// Source is what a Keeper keeps: a *mockserver.Sandbox.
type Source interface {
	Snapshot() ([]byte, error)
	Changed() bool
}

// Keeper keeps the newest snapshot in a file, which is always whole: another mock
// goes on from it. The file has tokens and bodies as they are, so only its owner may
// read it, and this process alone writes it. It survives the end of the process, not
// that of the machine.
type Keeper struct {
	held   *files.Held
	source Source
	failed func(error)
	stop   chan struct{}
	ended  chan struct{}

	// Of the writing goroutine, until it has ended.
	err error // of the last snapshot
}

// Keep writes a snapshot at once, in the place of a regular file or as a new one, and
// then whenever something has changed. Failed, unless it is nil, is told of an error that follows a success; the next snapshot is
// tried all the same.
func Keep(name string, source Source, failed func(error)) (*Keeper, error) {
	held, err := files.Hold(name)
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	k := &Keeper{held: held, source: source, failed: failed, stop: make(chan struct{}), ended: make(chan struct{})}
	if err := k.write(); err != nil {
		held.Release()
		return nil, err
	}
	go k.work()
	return k, nil
}

// Close writes for the last time and returns that snapshot's error. It is called
// once, when nothing changes any more.
func (k *Keeper) Close() error {
	close(k.stop)
	<-k.ended
	k.held.Release()
	return k.err
}

func (k *Keeper) work() {
	defer close(k.ended)
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		select {
		case <-k.stop:
			k.keep()
			return
		case <-timer.C:
			took := k.keep()
			timer.Reset(max(every, took)) // writing much takes half of one processor
		}
	}
}

// keep writes if there is something to write, and returns how long that took.
func (k *Keeper) keep() time.Duration {
	if !k.source.Changed() && k.err == nil {
		return 0
	}
	began, before := time.Now(), k.err
	if k.err = k.write(); k.err != nil && before == nil && k.failed != nil {
		k.failed(k.err)
	}
	return time.Since(began)
}

// write puts a whole file in the place of the one before.
func (k *Keeper) write() error {
	text, err := k.source.Snapshot()
	if err == nil {
		err = k.held.Replace(func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	return nil
}
