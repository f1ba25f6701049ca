// Package recording writes down what a mock sees, and what it remembers, as it
// happens, so that both are there after the mock was killed.
package recording

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/parleykit/parley/internal/private"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// DefaultLimit is how large a file may grow unless told otherwise: 64 MiB.
const DefaultLimit = 64 << 20

// waiting is how many exchanges may wait to be written. When the disk is slower,
// the mock waits for it: a recording has no gaps.
const waiting = 256

// Recording is a file of NDJSON, one exchange per line, without secrets. It is
// written as soon as nothing more waits, so that a process that is killed loses the
// exchanges of its last moments and at most half of one line. When the file has
// grown to its limit it is kept as FILE.1, in the place of an earlier one, and a
// new one begins.
type Recording struct {
	name   string
	limit  int64
	redact *redaction.Redactor
	failed func(error)

	mu    sync.RWMutex // closing waits for those who append
	queue chan *traffic.Exchange
	ended chan struct{}

	// Of the writing goroutine, until it has ended.
	file *os.File
	out  *bufio.Writer
	size int64
	err  error
}

// Open begins or goes on with a recording. Limit is in bytes (0: DefaultLimit).
// Failed, unless it is nil, is told at once of the first error of writing, after
// which nothing more is recorded.
func Open(name string, limit int64, redact *redaction.Redactor, failed func(error)) (*Recording, error) {
	if limit <= 0 {
		limit = DefaultLimit
	}
	r := &Recording{
		name: name, limit: limit, redact: redact, failed: failed,
		queue: make(chan *traffic.Exchange, waiting), ended: make(chan struct{}),
	}
	if err := r.open(); err != nil {
		return nil, err
	}
	go r.work(r.queue)
	return r, nil
}

// open opens the file at its end. A last line that is not whole is ended, so that
// it spoils no other.
func (r *Recording) open() error {
	file, err := os.OpenFile(r.name, os.O_RDWR|os.O_CREATE|os.O_APPEND, private.Mode)
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	if err := private.Tighten(file); err != nil {
		file.Close()
		return fmt.Errorf("recording: %w", err)
	}
	r.file, r.out = file, bufio.NewWriterSize(file, 64<<10)
	if r.size, err = file.Seek(0, io.SeekEnd); err != nil || r.size == 0 {
		return err
	}
	last := make([]byte, 1)
	if _, err := file.ReadAt(last, r.size-1); err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	if last[0] != '\n' {
		r.size++
		return r.out.WriteByte('\n')
	}
	return nil
}

// Append records an exchange, which must not be changed afterwards. After Close it
// does nothing.
func (r *Recording) Append(e *traffic.Exchange) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.queue != nil {
		r.queue <- e
	}
}

// Close writes what waits and returns the first error of the recording.
func (r *Recording) Close() error {
	r.mu.Lock()
	if r.queue != nil {
		close(r.queue)
		r.queue = nil
	}
	r.mu.Unlock()
	<-r.ended
	return r.err
}

func (r *Recording) work(queue <-chan *traffic.Exchange) {
	defer close(r.ended)
	for e := range queue {
		r.try(func() error { return r.write(e) })
		if len(queue) == 0 {
			r.try(r.out.Flush)
		}
	}
	r.try(r.out.Flush)
	if err := r.file.Close(); r.err == nil {
		r.err = err
	}
}

// try does nothing any more after an error.
func (r *Recording) try(step func() error) {
	if r.err != nil {
		return
	}
	if err := step(); err != nil {
		r.err = fmt.Errorf("recording: %w", err)
		if r.failed != nil {
			r.failed(r.err)
		}
	}
}

func (r *Recording) write(e *traffic.Exchange) error {
	if r.size >= r.limit {
		if err := r.rotate(); err != nil {
			return err
		}
	}
	counted := counter{r.out, &r.size}
	return traffic.Write(counted, r.redact.Exchange(e))
}

// rotate keeps the file under another name and begins anew.
func (r *Recording) rotate() error {
	if err := r.out.Flush(); err != nil {
		return err
	}
	if err := r.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(r.name, r.name+".1"); err != nil {
		return err
	}
	return r.open()
}

// counter counts what is written.
type counter struct {
	io.Writer
	size *int64
}

func (c counter) Write(data []byte) (int, error) {
	n, err := c.Writer.Write(data)
	*c.size += int64(n)
	return n, err
}
