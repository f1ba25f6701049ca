// Package shell writes words of the commands that Parley prints, for somebody to run.
package shell

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/visible"
)

var plain = lazy.Regexp(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Word quotes a word for a POSIX shell where that is needed. One with line breaks, or
// with what cannot be seen, is written as $'…', so that it stays what it is, and on one
// line, wherever it is printed.
func Word(word string) string {
	switch {
	case plain().MatchString(word):
		return word
	case strings.ContainsAny(word, "\n\t") || !visible.Fit(word):
		return "$'" + escaped(word) + "'"
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// escaped has bytes in octal, of which a shell takes three digits and no more.
func escaped(word string) string {
	var out strings.Builder
	for len(word) > 0 {
		_, size := utf8.DecodeRuneInString(word)
		part := word[:size]
		switch word = word[size:]; {
		case part == "\n":
			out.WriteString(`\n`)
		case part == "\t":
			out.WriteString(`\t`)
		case part == "'" || part == `\`:
			out.WriteString(`\` + part)
		case part == "#" || !visible.Fit(part):
			octal(&out, part)
		default:
			out.WriteString(part)
		}
	}
	return out.String()
}

func octal(out *strings.Builder, part string) {
	for i := range len(part) {
		fmt.Fprintf(out, `\%03o`, part[i])
	}
}
