// Package visible makes text from the wire fit for a terminal.
package visible

import (
	"strings"
	"unicode"
)

// Text keeps lines and puts U+FFFD in the place of every other character that
// cannot be seen, such as the control characters that move a terminal's cursor.
func Text(text string) string { return strings.Map(shown, text) }

func shown(r rune) rune {
	if r == '\n' || unicode.IsGraphic(r) {
		return r
	}
	return '\uFFFD'
}
