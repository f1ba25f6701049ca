// Package plainjson writes JSON in which < > & are themselves, as vendors send it and
// people read it.
package plainjson

import (
	"bytes"
	"encoding/json"
	"io"
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
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			quoted, _ := Marshal(text) // a text can be written
			return append(to, quoted...)
		}
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}

// Write writes an indented document for people and programs. What cannot be seen is
// escaped.
func Write(w io.Writer, value any) error {
	encoder := json.NewEncoder(visible.NewWriter(w))
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
