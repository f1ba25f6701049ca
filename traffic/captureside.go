package traffic

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// batchSize is about how many bytes of entries are decoded and judged in one go, so that
// goroutines need not wait for each other at every small entry.
const batchSize = 32 << 10

// batch is a few entries on their way from the reader through one worker to the caller.
type batch struct {
	read    []captured
	text    []byte // of those in read
	marks   []mark // likewise
	entries []Entry
	errs    []error
	judged  chan struct{}
}

func (b *batch) add(c captured) {
	text, marks := len(b.text), len(b.marks)
	b.text, b.marks = append(b.text, c.text...), append(b.marks, c.marks...)
	c.text, c.marks = b.text[text:], b.marks[marks:]
	b.read = append(b.read, c)
}

// reset forgets the entries, and the room of very large ones.
func (b *batch) reset() {
	clear(b.entries)
	clear(b.errs)
	b.read, b.text, b.marks, b.entries, b.errs = b.read[:0], b.text[:0], b.marks[:0], b.entries[:0], b.errs[:0]
	if cap(b.text)+4*cap(b.marks) > 8*batchSize {
		b.text, b.marks = nil, nil
	}
}

// judge decodes and judges the entries.
func (b *batch) judge(d *decoder, o CaptureOptions) {
	for _, c := range b.read {
		entry, err := d.entry(c, o)
		b.entries, b.errs = append(b.entries, entry), append(b.errs, err)
	}
	b.judged <- struct{}{}
}

// conveyor is the way that batches go: from the reader to the workers, in order to the
// caller, and back. There are only so many, which bounds memory.
type conveyor struct {
	free, work, ordered chan *batch
	stop                chan struct{}
	filling             *batch
}

// sideBySide reads a capture in one goroutine, decodes and judges in a few, and yields in
// order. What has arrived is handed on before more is waited for.
func sideBySide(format Format, text io.Reader, o CaptureOptions, yield func(Entry, error) bool) {
	workers := runtime.GOMAXPROCS(0)
	n := workers + 2
	c := &conveyor{make(chan *batch, n), make(chan *batch, n), make(chan *batch, n), make(chan struct{}), nil}
	for range n {
		c.free <- &batch{judged: make(chan struct{}, 1)}
	}
	var running sync.WaitGroup
	running.Go(func() {
		defer close(c.ordered)
		defer close(c.work)
		readCaptured(format, &arriving{text, c}, o, c.take)
		c.flush()
	})
	for range workers {
		running.Go(func() {
			var d decoder
			for b := range c.work {
				b.judge(&d, o)
			}
		})
	}
	defer running.Wait()
	defer close(c.stop)
	for b := range c.ordered {
		<-b.judged
		for i, entry := range b.entries {
			if !yield(entry, b.errs[i]) {
				return
			}
		}
		b.reset()
		c.free <- b
	}
}

// take adds an entry to the batch that is being filled; it is false when nobody wants more.
func (c *conveyor) take(entry captured) bool {
	if c.filling == nil {
		select {
		case c.filling = <-c.free:
		case <-c.stop:
			return false
		}
	}
	c.filling.add(entry)
	if len(c.filling.text) >= batchSize {
		c.flush()
	}
	return true
}

// flush hands on what there is.
func (c *conveyor) flush() {
	if c.filling != nil {
		c.work <- c.filling
		c.ordered <- c.filling
		c.filling = nil
	}
}

// arriving is the source of a conveyor.
type arriving struct {
	from io.Reader
	line *conveyor
}

var errStopped = errors.New("nobody wants more")

// Read hands on what has arrived, since it may wait.
func (a *arriving) Read(into []byte) (int, error) {
	a.line.flush()
	select {
	case <-a.line.stop:
		return 0, errStopped
	default:
		return a.from.Read(into)
	}
}
