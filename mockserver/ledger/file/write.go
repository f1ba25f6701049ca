package file

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/parleykit/parley/mockserver/ledger"
)

// writable is a file that grows.
type writable interface {
	WriteAt(p []byte, offset int64) (int, error)
	Sync() error
	Close() error
}

// create makes the file of a new segment; tests have disks of their own.
var create = func(name string) (writable, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

// again opens the file of a segment that is there.
var again = func(name string) (writable, error) { return os.OpenFile(name, os.O_WRONLY, 0o600) }

// segmentSize is how large a segment must be, in bytes, before a checkpoint begins
// another one.
const segmentSize = 256 << 10

// chunk is records that are written with one call. A checkpoint begins one.
type chunk struct {
	bytes   []byte
	records []noted
}

// noted is a record, with its offset in the chunk.
type noted struct {
	kind byte
	place
}

// wait puts a record behind all others. The lock is held.
func (o *log) wait(kind byte, sequence uint64, text []byte) {
	if len(o.chunks) == 0 || kind == isCheckpoint {
		o.chunks = append(o.chunks, &chunk{})
		o.asked++
	}
	c := o.chunks[len(o.chunks)-1]
	c.records = append(c.records, noted{kind, place{sequence, int64(len(c.bytes))}})
	before := len(c.bytes)
	c.bytes = appendRecord(c.bytes, kind, sequence, text)
	o.waiting += len(c.bytes) - before
	if !o.working {
		o.working = true
		go o.work()
	}
}

// work writes what waits until nothing does.
func (o *log) work() {
	failed := false
	for {
		c := o.next(failed)
		if c == nil {
			return
		}
		s, err := o.write(c)
		o.ended(c, s, err)
		if told := o.ledger.options.Failed; told != nil && failed != (err != nil) {
			told(o.sandbox, err)
		}
		failed = err != nil
	}
}

// next is what is written next, when it is time; nil: nothing waits, or the log is closed.
func (o *log) next(failed bool) *chunk {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.chunks) > 0 && !o.closed {
		if pause := o.pause(failed); pause > 0 {
			o.mu.Unlock()
			o.rest(pause)
			o.mu.Lock()
		}
	}
	if len(o.chunks) == 0 || o.closed {
		o.working = false
		o.turn()
		return nil
	}
	c := o.chunks[0]
	o.chunks = o.chunks[1:]
	return c
}

// pause is how long more is gathered, or a disk is left alone that failed.
func (o *log) pause(failed bool) time.Duration {
	switch {
	case failed:
		return o.ledger.options.Retry
	case o.ledger.options.Durability == ledger.Step || o.written < o.urgent:
		return 0
	}
	return o.ledger.options.Every
}

// rest waits, unless somebody is in a hurry.
func (o *log) rest(pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-o.hurry:
	}
}

// write puts a chunk on the disk, and returns the segment that has it then. The
// goroutine alone writes, so that it may read the last segment without the lock.
func (o *log) write(c *chunk) (*segment, error) {
	s, err := o.segmentFor(c)
	if err != nil {
		return nil, err
	}
	if _, err := o.file.WriteAt(c.bytes, s.size); err != nil {
		return nil, err
	}
	return s, o.file.Sync()
}

// segmentFor is the segment that a chunk goes into: the last one or a new one.
func (o *log) segmentFor(c *chunk) (*segment, error) {
	o.mu.Lock()
	var last *segment
	if n := len(o.segments); n > 0 {
		last = o.segments[n-1]
	}
	durable := o.durable
	o.mu.Unlock()
	if last != nil && (last.size < segmentSize || c.records[0].kind != isCheckpoint) {
		if o.file != nil {
			return last, nil
		}
		file, err := again(last.name)
		if err == nil {
			o.file = file
		}
		return last, err
	}
	next := &segment{number: 1, first: durable + 1, last: durable}
	if last != nil {
		next.number = last.number + 1
	}
	next.name = filepath.Join(o.dir, segmentName(next.number))
	return next, o.begin(next)
}

// begin makes the file of a new segment.
func (o *log) begin(s *segment) error {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	file, err := create(s.name)
	if err != nil {
		return err
	}
	head := binary.LittleEndian.AppendUint64([]byte(segmentMark), s.first)
	if _, err := file.WriteAt(head, 0); err != nil {
		file.Close()
		return err
	}
	synced(s.name)
	synced(o.dir)
	if o.file != nil {
		o.file.Close()
	}
	o.file, s.size = file, int64(segmentHead)
	return nil
}

// ended notes what became of a chunk: it is on the disk in a segment, or waits again.
func (o *log) ended(c *chunk, s *segment, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.turn()
	o.tries++
	if o.failed = err; err != nil {
		o.failed = fmt.Errorf("the ledger can't be written: %w", err)
		o.chunks = append([]*chunk{c}, o.chunks...)
		return
	}
	if n := len(o.segments); n == 0 || o.segments[n-1] != s {
		o.segments = append(o.segments, s)
	}
	for _, r := range c.records {
		s.note(r.kind, place{r.sequence, s.size + r.offset})
		if r.kind == isEntry {
			o.durable = r.sequence
		}
	}
	s.size += int64(len(c.bytes))
	o.written++
	o.waiting -= len(c.bytes)
}
