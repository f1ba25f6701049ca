// Package plainjson writes JSON in which < > & are themselves, as vendors send it and
// people read it.
package plainjson

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/visible"
)

// Marshal is json.Marshal without that.
func Marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

// AppendString appends a text as Marshal writes it; one without anything to escape, as most
// are, at once.
func AppendString(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || escapes[c] != 0 {
			return appendEscaped(to, text)
		}
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}

// escapes has the letters with which characters are escaped. Marked as rare are those that
// are escaped in another way.
var escapes = func() (table [256]byte) {
	for c := range ' ' {
		table[c] = rare
	}
	table['"'], table['\\'], table['\n'], table['\r'], table['\t'] = '"', '\\', 'n', 'r', 't'
	return table
}()

const rare = 'u'

// appendEscaped leaves to Marshal what few texts have.
func appendEscaped(to []byte, text string) []byte {
	if !utf8.ValidString(text) || strings.Contains(text, "\u2028") || strings.Contains(text, "\u2029") {
		return appendMarshalled(to, text)
	}
	return AppendFit(to, text)
}

// AppendFit is AppendString for who knows already that a text is UTF-8 and has no separators
// of lines and paragraphs, as what visible.Fit lets pass.
func AppendFit(to []byte, text string) []byte {
	begin, from := len(to), 0
	to = append(to, '"')
	for i := range len(text) {
		if letter := escapes[text[i]]; letter != 0 {
			if letter == rare {
				return appendMarshalled(to[:begin], text)
			}
			to = append(append(to, text[from:i]...), '\\', letter)
			from = i + 1
		}
	}
	return append(append(to, text[from:]...), '"')
}

func appendMarshalled(to []byte, text string) []byte {
	quoted, _ := Marshal(text) // a text can be written
	return append(to, quoted...)
}

// Write writes an indented document for people and programs. What cannot be seen is
// escaped.
func Write(w io.Writer, value any) error {
	encoder := json.NewEncoder(visible.NewWriter(w))
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
