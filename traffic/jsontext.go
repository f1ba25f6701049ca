package traffic

import (
	"bytes"
	"strconv"
)

// jsonText walks over the values of a text that a scanner kept. What strings, numbers and
// words hold is checked here, of all values: odd is true once something is not what was
// asked for, or no JSON.
type jsonText struct {
	text     []byte
	at       int
	marks    []mark // of the strings that come, as a scanner saw them; none: nobody did
	odd      bool
	noNull   bool // the word null is odd
	unquoted []byte
	words    map[string]string // short texts that come again and again
}

// The bounds of the texts that are known again.
const (
	maxWords = 1000
	maxWord  = 64 // bytes of one
)

func (t *jsonText) begin(text []byte, marks []mark) {
	t.text, t.at, t.marks, t.odd = text, 0, marks, false
}

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
	t.odd = t.odd || t.noNull || string(t.single()) != "null"
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
