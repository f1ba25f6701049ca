package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/parleykit/parley/internal/plural"
)

// open opens the file at its end.
func (r *Recording) open() error {
	file, err := r.held.Append()
	if err != nil {
		return err
	}
	if r.har != nil {
		a, err := openArchive(file, *r.har)
		if err != nil {
			file.Close()
			return err
		}
		r.file, r.size, r.torn = a, a.end, false
		return nil
	}
	r.file = file
	if r.size, err = file.Seek(0, io.SeekEnd); err != nil || r.size == 0 {
		return err
	}
	last := make([]byte, 1)
	_, err = file.ReadAt(last, r.size-1)
	r.torn = last[0] != '\n'
	return err
}

// flush writes the lines that wait. Those that cannot be written are lost.
func (r *Recording) flush() {
	if r.number == 0 {
		return
	}
	written, err := r.write(r.lines.Bytes())
	if written > 0 && r.lost > 0 {
		r.tell(fmt.Errorf("recording: it goes on; %s", plural.Of(r.lost, "exchange before it is missing", "exchanges before it are missing")))
		r.lost = 0
	}
	if err != nil {
		r.failed(r.number-written, err)
	}
	r.lines.Reset()
	r.number = 0
}

// write appends lines, and returns how many are in the file. Half a line is taken
// away again.
func (r *Recording) write(text []byte) (lines int, err error) {
	if err := r.ready(); err != nil {
		return 0, err
	}
	n, err := r.file.Write(text)
	whole := bytes.LastIndexByte(text[:n], '\n') + 1
	r.torn = whole < n && r.file.Truncate(r.size+int64(whole)) != nil
	if !r.torn {
		n = whole
	}
	r.size += int64(n)
	return bytes.Count(text[:whole], []byte{'\n'}), err
}

// ready keeps a file that has reached its limit under another name, and ends half a
// line so that it spoils no other.
func (r *Recording) ready() error {
	if r.file != nil && r.size >= r.limit {
		r.file.Close() // its lines are written, or counted as lost
		r.file = nil
		if err := r.held.Rotate(); err != nil {
			return errors.Join(err, r.open())
		}
	}
	if r.file == nil {
		if err := r.open(); err != nil {
			return err
		}
	}
	if !r.torn {
		return nil
	}
	n, err := r.file.Write([]byte{'\n'})
	r.size += int64(n)
	r.torn = n == 0
	return err
}
