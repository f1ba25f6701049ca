package traffic

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// Format is how a capture is written.
type Format string

// The formats that are recognised.
const (
	HAR    Format = "har"    // HTTP Archive 1.2, one JSON document
	NDJSON Format = "ndjson" // one exchange per line, as Write writes them
)

const (
	maxHead  = 1 << 20  // how much is read to find an exchange in some line
	maxBegin = 64 << 10 // how much of the first value is looked at
)

// Recognise tells by its beginning what r holds, "" for anything else, and
// returns a reader of all of it, decompressed. A text of nothing is NDJSON: so
// writers leave a file while nobody has called. It reads no further than it must,
// so that a stream is recognised by its first line.
func Recognise(r io.Reader, o CaptureOptions) (Format, io.Reader, error) {
	o = o.withDefaults()
	h := head{from: r}
	for len(h.text) < 2 && h.more() {
	}
	if bytes.HasPrefix(h.text, []byte{0x1f, 0x8b}) {
		inflated, err := gzip.NewReader(io.MultiReader(bytes.NewReader(h.text), r))
		if err != nil {
			return "", nil, fmt.Errorf("it begins as gzip and can't be decompressed: %w", err)
		}
		h = head{from: &bounded{inflated, o.Inflated, o.Inflated}}
	}
	format := h.format()
	for format == "" && len(h.text) < maxHead && h.more() {
		format = h.format()
	}
	if h.err != nil && !errors.Is(h.err, io.EOF) {
		return "", nil, h.err
	}
	if h.err != nil { // nothing is left
		if len(bytes.TrimSpace(bytes.TrimPrefix(h.text, byteOrderMark))) == 0 {
			format = NDJSON
		}
		return format, bytes.NewReader(h.text), nil
	}
	return format, io.MultiReader(bytes.NewReader(h.text), h.from), nil
}

// head is the beginning of a text, as far as it was read.
type head struct {
	from io.Reader
	text []byte
	line int // where the first line begins that was not looked at
	err  error
}

// more reads what there is.
func (h *head) more() bool {
	if h.err != nil {
		return false
	}
	part := make([]byte, 32<<10)
	n, err := h.from.Read(part)
	h.text, h.err = append(h.text, part[:n]...), err
	return n > 0 || err == nil
}

// format looks at the first value, and at whole lines: the first ones may be
// broken.
func (h *head) format() Format {
	if len(h.text) <= maxBegin || h.line == 0 {
		if f := begins(h.text[:min(len(h.text), maxBegin)]); f != "" {
			return f
		}
	}
	for {
		end := bytes.IndexByte(h.text[h.line:], '\n')
		if end < 0 {
			return ""
		}
		line := h.text[h.line : h.line+end]
		h.line += end + 1
		if begins(line) == NDJSON {
			return NDJSON
		}
	}
}

// begins recognises an object by the first of its keys that says something.
func begins(text []byte) Format {
	s := scanner{source: source{buffer: bytes.TrimPrefix(text, byteOrderMark)}}
	if c, err := s.space(); err != nil || c != '{' {
		return ""
	}
	s.skip()
	for {
		key, err := s.key()
		if err != nil || key == "" {
			return ""
		}
		c, err := s.space()
		switch {
		case err != nil:
			return ""
		case key == "log" && c == '{':
			return HAR
		case key == "request" && c == '{':
			if s.has("method") {
				return NDJSON
			}
			return ""
		}
		if s.value() != nil || !s.comma() {
			return ""
		}
	}
}

// has tells whether the object that begins here has a key.
func (s *scanner) has(wanted string) bool {
	s.skip()
	for {
		key, err := s.key()
		if err != nil || key == "" || key == wanted {
			return key == wanted
		}
		if _, err := s.space(); err != nil || s.value() != nil || !s.comma() {
			return false
		}
	}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// bounded reads at most so much, and then fails.
type bounded struct {
	from        io.Reader
	left, limit int64
}

// Read never returns more than is left.
func (b *bounded) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("more than %d MiB when decompressed; decompress it and validate its parts", b.limit>>20)
	}
	n, err := b.from.Read(into[:min(int64(len(into)), b.left)])
	b.left -= int64(n)
	return n, err
}
