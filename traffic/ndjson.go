package traffic

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// defaultLineLimit is the longest line that a Reader takes unless told
// otherwise: two whole bodies, escaped, and room for what is around them.
const defaultLineLimit = 4 << 20

// Write writes an exchange as one line of NDJSON, in one call of w.Write. It
// writes what it is given: redact first what leaves the machine. What cannot be seen
// is escaped.
func Write(w io.Writer, e *Exchange) error {
	const around = 1 << 10 // bytes, of what is no body
	var line []byte
	if buffer, ok := w.(interface{ AvailableBuffer() []byte }); ok { // of bytes and bufio
		line = buffer.AvailableBuffer()
	} else {
		line = make([]byte, 0, around+2*len(e.Request.Body.Kept))
	}
	line, err := appendExchange(line, e)
	if err != nil {
		return fmt.Errorf("exchange %s: %w", e.ID, err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// Reader reads exchanges from NDJSON, one per line. Empty lines are passed over.
type Reader struct {
	lines *bufio.Reader
	limit int
	line  int   // of the last line read, from 1
	start int64 // of its first byte
	read  int64 // bytes, so far

	decoder lineDecoder
}

// NewReader reads from r; no line may be longer than limit bytes (0:
// defaultLineLimit).
func NewReader(r io.Reader, limit int) *Reader {
	if limit <= 0 {
		limit = defaultLineLimit
	}
	return &Reader{lines: bufio.NewReader(r), limit: limit}
}

// LineError is a line that holds no exchange. Reading can go on after it.
type LineError struct {
	Line int // from 1
	Text string
}

// Error names the line and what to do.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Read returns the next exchange, io.EOF after the last, a *LineError for a line
// that is none, and any other error when the source fails.
func (r *Reader) Read() (*Exchange, error) {
	line, err := r.text()
	if err != nil {
		return nil, err
	}
	e, err := r.decoder.exchange(line)
	if err != nil {
		return nil, &LineError{r.line, err.Error()}
	}
	return e, nil
}

// text returns the next line that is not empty.
func (r *Reader) text() ([]byte, error) {
	for {
		line, err := r.next()
		if err != nil {
			return nil, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line, nil
		}
	}
}

var errNotUTF8 = errors.New("it is not UTF-8; write bytes that are no text as base64")

// next returns a line. Of one that is too long it reads all and keeps none.
func (r *Reader) next() ([]byte, error) {
	var line []byte
	r.line, r.start = r.line+1, r.read
	for size := 0; ; {
		part, err := r.lines.ReadSlice('\n')
		size, r.read = size+len(part), r.read+int64(len(part))
		if size <= r.limit {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("line %d: %w", r.line, err)
		case size == 0:
			return nil, io.EOF
		case size > r.limit:
			return nil, &LineError{r.line, fmt.Sprintf("longer than %d bytes; cut its bodies, or read with a higher limit", r.limit)}
		}
		return line, nil
	}
}
