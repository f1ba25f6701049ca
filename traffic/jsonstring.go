package traffic

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// string passes a string.
func (t *jsonText) string() string { return string(t.bytes()) }

// known is string for texts that come again and again.
func (t *jsonText) known() string {
	text := t.bytes()
	word, ok := t.words[string(text)]
	if !ok {
		word = string(text)
		if t.words == nil {
			t.words = map[string]string{}
		}
		if len(word) <= maxWord && len(t.words) < maxWords {
			t.words[word] = word
		}
	}
	return word
}

// bytes passes a string; what it returns is used again.
func (t *jsonText) bytes() []byte {
	raw, escaped := t.quoted()
	if escaped && !t.odd {
		t.unquoted = appendUnquoted(t.unquoted[:0], raw)
		return t.unquoted
	}
	return raw
}

// quoted passes a string and returns what stands between its quotation marks.
func (t *jsonText) quoted() (raw []byte, escaped bool) {
	if t.odd = t.odd || t.peek() != '"'; t.odd {
		return nil, false
	}
	begin := t.at + 1
	if len(t.marks) > 0 {
		size := t.marks[0]
		t.marks = t.marks[1:]
		if size != 0 {
			t.at += int(max(size, -size))
			return t.text[begin : t.at-1], size < 0
		}
	}
	for at := begin; ; {
		at += unescaped(t.text[at:])
		switch {
		case at < len(t.text) && t.text[at] == '"':
			t.at = at + 1
			return t.text[begin:at], escaped
		case at < len(t.text) && t.text[at] == '\\':
			escaped = true
			size := escapeSize(t.text[at:])
			at += size
			t.odd = size == 0
		default:
			t.odd = true
		}
		if t.odd {
			return nil, false
		}
	}
}

// escapes is what each letter after a backslash stands for; 0: no escape.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escapeSize is how long the escape is with which text begins; 0 for what is none.
func escapeSize(text []byte) int {
	switch {
	case len(text) >= 2 && escapes[text[1]] != 0:
		return 2
	case len(text) >= 6 && text[1] == 'u' && unit(text) >= 0:
		return 6
	}
	return 0
}

// unit is what \u and four digits stand for; -1 for what is none.
func unit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	var unit rune
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			unit = unit<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			unit = unit<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return unit
}

// appendUnquoted appends a string without its escapes. Half of a surrogate pair becomes
// the replacement character, as in encoding/json.
func appendUnquoted(to, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return append(to, raw...)
		}
		to = append(to, raw[:i]...)
		raw = raw[i:]
		if c := escapes[raw[1]]; c != 0 {
			to, raw = append(to, c), raw[2:]
			continue
		}
		r := unit(raw)
		raw = raw[6:]
		if utf16.IsSurrogate(r) {
			if r = utf16.DecodeRune(r, unit(raw)); r != utf8.RuneError {
				raw = raw[6:]
			}
		}
		to = utf8.AppendRune(to, r)
	}
}

// unescaped is how many bytes come before a quotation mark, a backslash or a control
// character. It looks at eight bytes at a time: an archive is strings for the most part.
func unescaped(text []byte) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	at := 0
	for ; at+8 <= len(text); at += 8 {
		w := binary.LittleEndian.Uint64(text[at:])
		mark, slash := w^ones*'"', w^ones*'\\'
		// The lowest high bit is that of the first such byte; only above it may be false ones.
		if found := ((mark-ones)&^mark | (slash-ones)&^slash | (w-ones*0x20)&^w) & high; found != 0 {
			return at + bits.TrailingZeros64(found)/8
		}
	}
	for ; at < len(text); at++ {
		if c := text[at]; c == '"' || c == '\\' || c < 0x20 {
			break
		}
	}
	return at
}
