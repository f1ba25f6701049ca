package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
)

// progress shows on a terminal how far reading has come. The nil progress shows
// nothing.
type progress struct {
	out     io.Writer
	name    string
	size    int64 // 0: not known
	read    atomic.Int64
	entries int
	began   time.Time
	shown   time.Time
}

const (
	progressEvery = 100 * time.Millisecond
	progressWidth = 24
)

// newProgress is nil unless out is a terminal that can go back in its line.
func newProgress(out io.Writer) *progress {
	if !terminal.Is(out) || os.Getenv("TERM") == "" {
		return nil
	}
	return &progress{out: visible.Unguarded(out)} // it writes codes of its own
}

// count begins a file and counts what is read of it.
func (p *progress) count(from io.Reader, name string, size int64) io.Reader {
	if p == nil {
		return from
	}
	*p = progress{out: p.out, name: filepath.Base(name), size: size, began: time.Now()}
	return &counting{from, p}
}

type counting struct {
	io.Reader
	progress *progress
}

// Read counts bytes as they are in the file.
func (c *counting) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.progress.read.Add(int64(n))
	return n, err
}

// entry counts one more, and shows it when the last look is some time ago.
func (p *progress) entry() {
	if p == nil {
		return
	}
	p.entries++
	if now := time.Now(); now.Sub(p.began) > progressEvery && now.Sub(p.shown) > progressEvery {
		p.shown = now
		io.WriteString(p.out, "\r\x1b[K"+p.line(now.Sub(p.began)))
	}
}

// line is what is shown, shorter than a terminal is wide.
func (p *progress) line(passed time.Duration) string {
	name := []rune(p.name)
	if len(name) > 20 {
		name = append(name[:19], '…')
	}
	bar := ""
	if p.size > 0 {
		part := min(1, float64(p.read.Load())/float64(p.size))
		full := int(part * progressWidth)
		bar = fmt.Sprintf(" [%s%s] %3.0f%%", strings.Repeat("#", full), strings.Repeat(".", progressWidth-full), 100*part)
	}
	rate := float64(p.read.Load()) / (1 << 20) / passed.Seconds()
	return fmt.Sprintf("%s%s %d exchanges, %.0f MiB/s", visible.Line(string(name)), bar, p.entries, rate)
}

// clear takes the line away before something else is printed.
func (p *progress) clear() {
	if p != nil && !p.shown.IsZero() {
		io.WriteString(p.out, "\r\x1b[K")
	}
}
