package validator

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	doubleQuotes = "\"“”„‟«»″＂"
	singleQuotes = "'‘’‚‛`′"
	wordBytes    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$"
)

func isQuote(r rune) bool { return strings.ContainsRune(doubleQuotes+singleQuotes, r) }

func isSingleQuote(r rune) bool { return strings.ContainsRune(singleQuotes, r) }

func isWord(r rune) bool { return r < utf8.RuneSelf && strings.IndexByte(wordBytes, byte(r)) >= 0 }

// isOddSpace finds what looks like a space, or like nothing, and is no white
// space of JSON.
func isOddSpace(r rune) bool {
	return r >= 0x80 && (unicode.IsSpace(r) || strings.ContainsRune("\ufeff\u200b\u200c\u200d\u2060\u00ad", r)) || r == '\f' || r == '\v'
}

var controlEscapes = func() (table [0x20]string) {
	for c := range table {
		table[c] = fmt.Sprintf(`\u%04x`, c)
	}
	table['\n'], table['\r'], table['\t'] = `\n`, `\r`, `\t`
	return table
}()

var characterNames = map[rune]string{
	' ': "a space", '\t': "a tab", '\n': "a line break", '\r': "a carriage return", 0xA0: "a no-break space",
	0xFEFF: "a byte order mark", 0x200B: "a zero-width space", 0x202F: "a narrow no-break space",
	0x2028: "a line separator", 0xAD: "a soft hyphen",
}

// describe names the character at an offset, and its number where it can't be
// told from another by sight.
func describe(text []byte, offset int) string {
	if offset >= len(text) {
		return "the end of the body"
	}
	r, size := utf8.DecodeRune(text[offset:])
	name, known := characterNames[r]
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("the byte 0x%02x", text[offset])
	case known && r < 0x80:
		return name
	case known:
		return fmt.Sprintf("%s (U+%04X)", name, r)
	case !unicode.IsPrint(r):
		return fmt.Sprintf("the character U+%04X", r)
	case r >= 0x80:
		return fmt.Sprintf("%c (U+%04X)", r, r)
	}
	return string(r)
}

// unquoted decodes a JSON string.
func unquoted(raw []byte) string {
	text, _ := jsontext.AppendUnquote(nil, raw) // its error is invalid UTF-8, found apart
	return string(text)
}
