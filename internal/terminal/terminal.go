// Package terminal tells whether what is printed is seen on a terminal, and breaks
// text into lines that fit.
package terminal

import (
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/parleykit/parley/internal/visible"
)

// Is reports whether a writer ends on a terminal that does what its codes say. A
// device such as /dev/null is none.
func Is(w io.Writer) bool {
	file, ok := visible.Unguarded(w).(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd()))
}

// Width is how many characters a line has: as many as usual, or fewer where COLUMNS or the
// terminal behind a writer has no more.
func Width(w io.Writer, usual int) int {
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns >= narrowest {
		return min(usual, columns)
	}
	file, ok := visible.Unguarded(w).(*os.File)
	if !ok {
		return usual
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width < narrowest {
		return usual
	}
	return min(usual, width)
}

// narrowest is the least of a terminal's width that is believed.
const narrowest = 40

// Wrap breaks a text at spaces into lines of at most width characters. A word that is
// longer, such as a URL, has a line of its own. Line breaks of the text are kept.
func Wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			switch {
			case line == "":
				line = word
			case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
				lines = append(lines, line)
				line = word
			default:
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	return lines
}
