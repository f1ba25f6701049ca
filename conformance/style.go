package conformance

import (
	"io"
	"strings"

	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
)

// Style says how a report looks on a console. The zero value is plain text, 80
// columns wide.
type Style struct {
	Color bool // ANSI colours, for terminals
	Width int  // in columns; default 80
}

// The colours in use, as ANSI codes.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	purple = "35"
)

// paint is the only place where a code of a terminal is written.
func (s Style) paint(code, text string) visible.Shown {
	shown := visible.Sprintf("%s", text)
	if !s.Color || code == "" || text == "" {
		return shown
	}
	return "\x1b[" + visible.Shown(code) + "m" + shown + "\x1b[0m"
}

// printer writes text for people; the first error of the writer is kept.
type printer struct {
	out io.Writer
	Style
	cited map[string]bool // requirements that were quoted already
	err   error
}

func newPrinter(out io.Writer, s Style) *printer {
	if s.Width <= 0 {
		s.Width = 80
	}
	return &printer{out: out, Style: s, cited: map[string]bool{}}
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = visible.Fprintf(p.out, format, args...)
	}
}

// block writes text after a head, broken into lines that fit, those after the
// first indented as far as the head reaches. Only the text counts as width, so
// that a head may be painted: indent is the head's visible width. No line but the first
// begins at the margin, so that none is taken for another's.
func (p *printer) block(head visible.Shown, indent int, text string) {
	for i, line := range terminal.Wrap(printable(text), p.Width-max(indent, 2)) {
		if i > 0 {
			head = visible.Shown(strings.Repeat(" ", max(indent, 2)))
		}
		p.printf("%s%s\n", head, line)
	}
}

// printable is text of a partner's on one line, its line breaks spaces: it is
// wrapped anew.
func printable(text string) string {
	return visible.Line(strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(text))
}
