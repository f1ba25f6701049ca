package main

import (
	"bytes"
	"io"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/visible"
)

const (
	tailLines = 20 // as many as a stack trace has
	tailBytes = 4 << 10
	lineBytes = 64 << 10
)

// tail keeps the end of what was written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

// Write never fails.
func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, data...)
	if len(t.kept) > tailBytes {
		t.kept = append([]byte(nil), t.kept[len(t.kept)-tailBytes:]...)
	}
	return len(data), nil
}

// lastLines is what was printed last, for the end of an error message.
func (t *tail) lastLines() visible.Shown {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(string(t.kept))
	if text == "" {
		return "; it printed nothing"
	}
	list := strings.Split(text, "\n")
	return "; it printed last:\n  " + visible.Lines(strings.Join(list[max(0, len(list)-tailLines):], "\n  "))
}

// lines hands on whole lines. A line that is too long comes in parts.
type lines struct {
	to func(line string)

	mu   sync.Mutex
	rest []byte
}

// Write never fails.
func (l *lines) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, data...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 {
			break
		}
		l.to(strings.TrimRight(string(l.rest[:i]), "\r"))
		l.rest = l.rest[i+1:]
	}
	if len(l.rest) > lineBytes {
		l.to(string(l.rest))
		l.rest = nil
	}
	return len(data), nil
}

// flush hands on what has no line break yet.
func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		l.to(string(l.rest))
		l.rest = nil
	}
}

// prefixed writes each line with a prefix.
type prefixed struct {
	out    io.Writer
	prefix string
}

// Write takes whole lines.
func (p *prefixed) Write(data []byte) (int, error) {
	_, err := io.WriteString(p.out, p.prefix+string(data))
	return len(data), err
}
