// Package visible makes text from outside fit to be read by people and by what reads
// for them. What cannot be seen is written as JSON escapes it, so that it is the same
// in text and inside JSON: \u001b, \u202e. Nothing from outside can then move a
// terminal's cursor, turn the direction of what follows, or give an order to the
// pipeline that shows the output; and, through Line, pretend to be a line of ours.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/lazy"
)

// Shown is text that is fit already, with line breaks of our own.
type Shown string

// Text keeps line breaks and tabs and escapes every other character that cannot be
// seen, and what begins an order to a pipeline. It is for what was written by us, or
// by an encoder that has no raw line breaks, such as JSON.
func Text(text string) string {
	from := clean(text)
	if from == len(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text) + 16)
	out.WriteString(text[:from])
	for i := from; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, text[i])
		case r == '#' && isOrder(text[i:]):
			out.WriteString(`\u0023`)
		case hidden(r) && r != '\n' && r != '\t':
			out.WriteString(escaped(r))
		default:
			out.WriteString(text[i : i+size])
		}
		i += size
	}
	return out.String()
}

// Line is Text of what comes from outside, on one line: line breaks and tabs are
// escaped too, and so is :: before a word, which at the beginning of a line would be
// an order to GitHub.
func Line(text string) string {
	text = Text(text)
	if !strings.ContainsAny(text, "\n\t") && !strings.Contains(text, "::") {
		return text
	}
	var out strings.Builder
	before := ' '
	for i, r := range text {
		switch {
		case r == '\n' || r == '\t':
			out.WriteString(escaped(r))
		case r == ':' && unicode.IsSpace(before) && beginsWord(text[i:]):
			out.WriteString(`\u003a`)
		default:
			out.WriteRune(r)
		}
		before = r
	}
	return out.String()
}

// Lines is Line for each line of a text that has several, such as a program's output.
// Tabs stay.
func Lines(text string) Shown {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		parts := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		for j, part := range parts {
			parts[j] = Line(part)
		}
		lines[i] = strings.Join(parts, "\t")
	}
	return Shown(strings.Join(lines, "\n"))
}

// HTML is Text of a page, in which a line break says little: only an order at the
// beginning of a line is kept from being one.
func HTML(page string) string { return lineOrder().ReplaceAllString(Text(page), "$1&#58;:$2") }

var lineOrder = lazy.Regexp(`(?m)^(\s*)::(\pL)`)

// Shorten keeps the beginning of a text, at most n characters, and says that there was
// more. It escapes nothing.
func Shorten(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n]) + "…"
}

// Fit tells whether Text returns a text as it is. It is UTF-8 then.
func Fit(text string) bool { return clean(text) == len(text) }

// clean is how long a text is without anything to escape, which most are to their end.
func clean(text string) int {
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 || hidden(r) {
				return i
			}
			i += size
			continue
		}
		if odd[c] && (c != '#' || isOrder(text[i:])) {
			return i
		}
		for i++; i+8 <= len(text) && isOrdinary(text[i:i+8]); i += 8 {
		}
	}
	return len(text)
}

// isOrdinary tells of eight bytes at once whether all are characters of ASCII that are
// never escaped. It may deny it.
func isOrdinary(text string) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	w := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56 // one load
	number, last := w^ones*'#', w^ones*0x7f
	return (w|(w-ones*' ')|(number-ones)|(last-ones))&high == 0
}

// odd are the characters of ASCII that may have to be escaped.
var odd = func() (table [utf8.RuneSelf]bool) {
	for c := range table {
		table[c] = c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == '#'
	}
	return table
}()

// hidden reports a character that cannot be seen: controls, marks of direction,
// separators of lines, and what Unicode does not know.
func hidden(r rune) bool {
	if r >= 'Ѐ' && r <= 'ҁ' || r >= '←' && r <= '↓' { // Cyrillic letters and our arrows, without looking them up
		return false
	}
	return !unicode.IsGraphic(r)
}

func escaped(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// isOrder reports ## before a name and a bracket, such as ##vso[ and ##teamcity[,
// which pipelines look for anywhere in a line.
func isOrder(text string) bool {
	rest, ok := strings.CutPrefix(text, "##")
	if !ok {
		return false
	}
	rest = strings.TrimLeftFunc(rest, func(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) })
	return strings.HasPrefix(rest, "[")
}

// beginsWord reports :: before a letter.
func beginsWord(text string) bool {
	rest, ok := strings.CutPrefix(text, "::")
	r, _ := utf8.DecodeRuneInString(rest)
	return ok && unicode.IsLetter(r)
}
