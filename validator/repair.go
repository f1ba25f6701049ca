package validator

import (
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/parleykit/parley/traffic"
)

// repaired is a text that could be read after known mistakes were corrected.
type repaired struct {
	text []byte
}

func (d *Document) repair(syntax *jsontext.SyntacticError) {
	f := finding("json.syntax", traffic.Finding{
		Pointer: string(syntax.JSONPointer), Expected: "JSON", Actual: describe(d.raw, int(syntax.ByteOffset)),
	})
	f.Line, f.Column = position(d.raw, int(syntax.ByteOffset))
	d.Findings = append(d.Findings, f)
}

// text is what Value was read from.
func (d *Document) text() []byte {
	if d.repairs != nil {
		return d.repairs.text
	}
	return d.raw
}

// position turns an offset in text() into line and column of the body as sent.
func (d *Document) position(offset int) (line, column int) { return position(d.raw, offset) }

// unquoted decodes a JSON string.
func unquoted(raw []byte) string {
	text, _ := jsontext.AppendUnquote(nil, raw)
	return string(text)
}

// describe names the character at an offset.
func describe(text []byte, offset int) string {
	if offset >= len(text) {
		return "the end of the body"
	}
	r, size := utf8.DecodeRune(text[offset:])
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("the byte 0x%02x", text[offset])
	}
	return fmt.Sprintf("%q", string(r))
}
