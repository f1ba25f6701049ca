// Package recording writes down what a mock sees as it happens, without secrets, so that
// it is there after the mock was killed.
package recording

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// DefaultLimit is how large a file may grow unless told otherwise: 64 MiB.
const DefaultLimit = 64 << 20

const (
	// waiting is how many exchanges may wait to be written. When the disk is slower,
	// the mock waits for it: a recording has no gaps but those of a disk that fails.
	waiting = 256
	// batch is how many bytes are written at once, unless one exchange has more.
	batch = 64 << 10
	// rest is how long nobody is woken after all that waited was written: what comes
	// meanwhile is written together. To be woken for each exchange, and to write each alone,
	// costs more than to make its line.
	rest = 2 * time.Millisecond
)

// Recording is a file of NDJSON, one exchange per line, without secrets, which this
// process alone writes and its owner alone reads. It is written as soon as nothing
// more waits, and some milliseconds after it was written last, so that a process that
// is killed loses the exchanges of its last moments and at most half of one line. When
// the file has grown to its limit it is kept as FILE.1, in the place of an earlier one, and a new one begins. What cannot
// be written, on a full disk, is lost; it goes on, in whole lines, as soon as it can.
type Recording struct {
	har    *traffic.HAROptions // of an archive; nil: NDJSON
	limit  int64
	redact *redaction.Redactor
	tell   func(error)

	mu    sync.RWMutex // closing waits for those who append
	queue chan *traffic.Exchange
	ended chan struct{}

	held *files.Held

	// Of the writing goroutine, until it has ended.
	file    target       // nil: to be opened again
	size    int64        // of the file, in bytes
	torn    bool         // it ends in half a line
	lines   bytes.Buffer // whole ones that are not in the file yet
	number  int          // of these lines
	lost    int          // could not be written, since the last that could
	missing int          // could not be written at all
	err     error        // why, of the first
}

// target is the file, opened for appending.
type target interface {
	io.Writer
	io.Closer
	Truncate(size int64) error
}

// Open begins or goes on with a recording. Limit is in bytes (0: DefaultLimit).
// Tell, unless it is nil, is told when writing begins to fail, and when it goes on
// after that; it is then told, in an error too, how much is missing.
func Open(name string, limit int64, redact *redaction.Redactor, tell func(error)) (*Recording, error) {
	return begin(name, limit, redact, tell, nil)
}

func begin(name string, limit int64, redact *redaction.Redactor, tell func(error), har *traffic.HAROptions) (*Recording, error) {
	if limit <= 0 {
		limit = DefaultLimit
	}
	if tell == nil {
		tell = func(error) {}
	}
	h, err := files.Hold(name)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	r := &Recording{har: har, limit: limit, redact: redact, tell: tell, queue: make(chan *traffic.Exchange, waiting), ended: make(chan struct{}), held: h}
	if err := r.open(); err != nil {
		h.Release()
		return nil, fmt.Errorf("recording: %w", err)
	}
	go r.work(r.queue)
	return r, nil
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

// Close writes what waits. The error says how many exchanges could not be written,
// and why the first could not.
func (r *Recording) Close() error {
	r.mu.Lock()
	if r.queue != nil {
		close(r.queue)
		r.queue = nil
	}
	r.mu.Unlock()
	<-r.ended
	if r.missing > 0 {
		return fmt.Errorf("recording: %w; %s not in it", r.err, plural.Of(r.missing, "exchange is", "exchanges are"))
	}
	return r.err
}

func (r *Recording) work(queue <-chan *traffic.Exchange) {
	defer close(r.ended)
	for e := range queue {
		r.add(e)
		if len(queue) == 0 {
			r.flush()
			time.Sleep(rest)
		}
	}
	r.flush()
	if r.file != nil {
		r.err = cmp.Or(r.err, r.file.Close())
	}
	r.held.Release()
}

func (r *Recording) add(e *traffic.Exchange) {
	before := r.lines.Len()
	if err := r.line(r.redact.Exchange(e)); err != nil {
		r.lines.Truncate(before)
		r.failed(1, err)
		return
	}
	r.number++
	if r.lines.Len() >= batch || r.size+int64(r.lines.Len()) >= r.limit {
		r.flush()
	}
}

// line appends an exchange to the lines, in the file's own form.
func (r *Recording) line(e *traffic.Exchange) error {
	if r.har == nil {
		return traffic.Write(&r.lines, e)
	}
	r.lines.WriteByte(',')
	return traffic.WriteHAREntry(&r.lines, e, *r.har)
}

// failed counts lines that are lost.
func (r *Recording) failed(lines int, err error) {
	r.err = cmp.Or(r.err, err)
	if r.lost == 0 {
		r.tell(fmt.Errorf("recording: %w; what cannot be written is lost until it can be", err))
	}
	r.lost += lines
	r.missing += lines
}
