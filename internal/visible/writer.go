package visible

import (
	"io"
	"sync"
	"unicode/utf8"
)

// Writer passes text on as Text, whoever writes it: it stands before standard output
// and every report, so that what forgets to escape does no harm. Only line breaks it
// cannot judge; Line does.
type Writer struct {
	to io.Writer

	mu   sync.Mutex
	rest []byte // a character that has not come whole
}

// NewWriter returns a writer before another.
func NewWriter(to io.Writer) *Writer {
	if w, ok := to.(*Writer); ok {
		return w
	}
	return &Writer{to: to}
}

// Unguarded is the writer behind a Writer, for those who write codes of a terminal
// themselves.
func Unguarded(w io.Writer) io.Writer {
	if guarded, ok := w.(*Writer); ok {
		return guarded.to
	}
	return w
}

// Write writes all but the beginning of a character, which waits for its rest.
func (w *Writer) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := data
	if len(w.rest) > 0 {
		text = append(w.rest, data...)
	}
	whole := len(text)
	for i := 1; i <= min(utf8.UTFMax-1, len(text)); i++ {
		if at := len(text) - i; utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				whole = at
			}
			break
		}
	}
	w.rest = append([]byte(nil), text[whole:]...)
	if whole == 0 {
		return len(data), nil
	}
	if _, err := io.WriteString(w.to, Text(string(text[:whole]))); err != nil {
		return 0, err
	}
	return len(data), nil
}
