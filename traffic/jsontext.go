package traffic

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonText walks over the values of a text that a scanner kept. What strings, numbers and
// words hold is checked here, of all values: odd is true once something is not what was
// asked for, or no JSON.
type jsonText struct {
	text     []byte
	at       int
	odd      bool
	unquoted []byte
	words    map[string]string // short texts that come again and again
}

// The bounds of the texts that are known again.
const (
	maxWords = 1000
	maxWord  = 64 // bytes of one
)

func (t *jsonText) begin(text []byte) { t.text, t.at, t.odd = text, 0, false }

// peek is the next byte; 0 at the end.
func (t *jsonText) peek() byte {
	if t.at < len(t.text) {
		return t.text[t.at]
	}
	return 0
}

// enter passes an opening bracket, and tells whether something stands before the
// closing one.
func (t *jsonText) enter(open, closing byte) bool {
	if t.odd = t.odd || t.peek() != open; t.odd {
		return false
	}
	t.at++
	if t.peek() == closing {
		t.at++
		return false
	}
	return true
}

// more passes what stands after a member or an element, and tells whether another follows.
func (t *jsonText) more(closing byte) bool {
	c := t.peek()
	t.odd = t.odd || c != ',' && c != closing
	t.at++
	return !t.odd && c == ','
}

// null passes the word null, if it stands here.
func (t *jsonText) null() bool {
	if t.peek() != 'n' {
		return false
	}
	t.odd = t.odd || string(t.single()) != "null"
	return true
}

// single passes a number or a word.
func (t *jsonText) single() []byte {
	begin := t.at
	for t.at < len(t.text) && t.text[t.at] != ',' && t.text[t.at] != '}' && t.text[t.at] != ']' {
		t.at++
	}
	return t.text[begin:t.at]
}

// skip passes any value.
func (t *jsonText) skip() {
	for depth := 0; ; {
		switch c := t.peek(); c {
		case '{', '[':
			depth++
			t.at++
		case '}', ']':
			depth--
			t.at++
		case ',', ':':
			t.at++
		case '"':
			t.quoted()
		case 't', 'f', 'n':
			word := t.single()
			t.odd = t.odd || string(word) != "true" && string(word) != "false" && string(word) != "null"
		default:
			t.odd = t.odd || !isNumber(t.single())
		}
		if depth <= 0 || t.odd {
			return
		}
	}
}

// number passes a number.
func (t *jsonText) number() float64 {
	text := t.single()
	if t.odd = t.odd || !isNumber(text); t.odd {
		return 0
	}
	n, err := strconv.ParseFloat(string(text), 64)
	t.odd = err != nil
	return n
}

// isNumber tells whether a text is a number of JSON.
func isNumber(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte{'-'})
	whole := digits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	if text = text[whole:]; len(text) > 0 && text[0] == '.' {
		part := digits(text[1:])
		if part == 0 {
			return false
		}
		text = text[1+part:]
	}
	if len(text) > 0 && text[0]|0x20 == 'e' {
		text = text[1:]
		if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
			text = text[1:]
		}
		part := digits(text)
		return part > 0 && part == len(text)
	}
	return len(text) == 0
}

func digits(text []byte) int {
	for i, c := range text {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(text)
}

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
