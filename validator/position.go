package validator

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// position turns a byte offset into a line and a column in characters, both from 1.
func position(text []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(text))
	start := 1 + bytes.LastIndexByte(text[:offset], '\n')
	return 1 + bytes.Count(text[:offset], []byte("\n")), 1 + utf8.RuneCount(text[start:offset])
}

// span is where a value stands in a text, and its key when it is a member.
type span struct{ key, start, end int }

// spans finds the values at the wanted pointers; a pointer that occurs twice
// gives the last, which is the one that counts. Text must begin with a JSON value.
func spans(text []byte, wanted map[string]bool) map[string]span {
	found := make(map[string]span, len(wanted))
	s := scan{text: text, visit: func(pointer []byte, at span) {
		if wanted[string(pointer)] {
			found[string(pointer)] = at
		}
	}}
	s.value(0)
	return found
}

// pointerAt returns the pointer of the innermost value or key at an offset.
func pointerAt(text []byte, offset int) string {
	best, size := "", len(text)+1
	s := scan{text: text, visit: func(pointer []byte, at span) {
		if at.key <= offset && offset < at.end && at.end-at.key < size {
			best, size = string(pointer), at.end-at.key
		}
	}}
	s.value(0)
	return best
}

// offsetOfDepth returns where the given depth of nesting is first reached.
func offsetOfDepth(text []byte, depth int) int {
	level, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if level++; level == depth {
				return i
			}
		case c == '}' || c == ']':
			level--
		}
	}
	return len(text)
}

// scan walks a text that is known to be JSON and tells where each value stands.
// It does not check: it stops where the text is none.
type scan struct {
	text    []byte
	at      int
	pointer []byte
	visit   func(pointer []byte, at span)
}

func (s *scan) value(key int) {
	s.space()
	start := s.at
	if len(s.pointer) == 0 {
		key = start
	}
	switch s.peek() {
	case '{':
		s.members()
	case '[':
		s.elements()
	case '"':
		s.quoted()
	default:
		for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n,]}"), s.text[s.at]) < 0 {
			s.at++
		}
	}
	s.visit(s.pointer, span{key: key, start: start, end: s.at})
}

func (s *scan) members() {
	base := len(s.pointer)
	for s.at++; ; {
		s.space()
		if s.peek() != '"' {
			break
		}
		start := s.at
		s.pointer = append(append(s.pointer, '/'), jsonpointer.Escape(unquoted(s.quoted()))...)
		s.space()
		s.at++ // the colon
		s.value(start)
		s.pointer = s.pointer[:base]
		if s.space(); s.peek() != ',' {
			break
		}
		s.at++
	}
	s.at = min(s.at+1, len(s.text))
}

func (s *scan) elements() {
	base := len(s.pointer)
	s.at++
	for i := 0; ; i++ {
		if s.space(); s.peek() == ']' || s.at >= len(s.text) {
			break
		}
		s.pointer = strconv.AppendInt(append(s.pointer, '/'), int64(i), 10)
		s.space()
		s.value(s.at)
		s.pointer = s.pointer[:base]
		if s.space(); s.peek() != ',' {
			break
		}
		s.at++
	}
	s.at = min(s.at+1, len(s.text))
}

// quoted passes a string and returns it with its quotes.
func (s *scan) quoted() []byte {
	start := s.at
	for s.at++; s.at < len(s.text) && s.text[s.at] != '"'; s.at++ {
		if s.text[s.at] == '\\' {
			s.at++
		}
	}
	s.at = min(s.at+1, len(s.text))
	return s.text[start:s.at]
}

func (s *scan) space() {
	for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n"), s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scan) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}
