package traffic

import (
	"errors"
	"io"
	"math"
	"slices"
)

// single passes a string, a number or a word.
func (s *scanner) single(c byte) error {
	if c == '"' {
		return s.text()
	}
	n := 0
	for {
		for _, c := range s.rest() {
			if c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
				if n == 0 {
					return s.fail("expected a value, got %s", shown(c))
				}
				return nil
			}
			if n++; n > 1000 {
				return s.fail("a number or word of more than %d characters", 1000)
			}
			s.put(c)
		}
		if s.at == len(s.buffer) && len(s.rest()) == 0 {
			if len(s.open) == 0 && errors.Is(s.err, io.EOF) {
				return nil
			}
			return s.ended()
		}
	}
}

// cutMark ends a string of which the end was dropped, as JSON; cutEnd is what it
// says.
var cutMark = []byte(`\u0000\ufffe`)

const cutEnd = "\x00\ufffe"

// text passes a string. Of a long one only the beginning is kept.
func (s *scanner) text() error {
	s.put('"')
	room, before := math.MaxInt, s.dropped
	if s.longest > 0 {
		room = s.longest
	}
	for {
		part := s.rest()
		if len(part) == 0 {
			return s.ended()
		}
		n := unescaped(part)
		room = s.addText(part[:n], room)
		s.at += n
		if n == len(part) {
			continue
		}
		switch c := part[n]; c {
		case '"':
			if s.dropped > before {
				s.add(cutMark...)
			}
			s.put(c)
			return nil
		case '\\':
			escape, err := s.escape()
			if err != nil {
				return err
			}
			room = s.addText(escape, room)
			s.at += len(escape)
		default:
			return s.fail("a string holds %s, a control character; is a quotation mark missing before it?", shown(c))
		}
	}
}

// escape looks at an escape, whole.
func (s *scanner) escape() ([]byte, error) {
	size := 2
	if two := s.fill(size); len(two) > 1 && two[1] == 'u' {
		size = 6
	}
	escape := s.fill(size)
	if len(escape) < size {
		s.at = len(s.buffer)
		return nil, s.ended()
	}
	if i := slices.IndexFunc(escape[1:size], func(r byte) bool { return r < 0x20 || size == 6 && r == '"' }); i >= 0 {
		return nil, s.fail("a string has a broken escape")
	}
	return escape[:size], nil
}

// unescaped is how many bytes come before a quotation mark, a backslash or a control
// character.
func unescaped(text []byte) int {
	for i, c := range text {
		if c == '"' || c == '\\' || c < 0x20 {
			return i
		}
	}
	return len(text)
}

// addText keeps the part of a string for which there is room, cut between
// characters, and returns the room that is left: none after a cut.
func (s *scanner) addText(part []byte, room int) int {
	if len(part) <= room {
		s.add(part...)
		return room - len(part)
	}
	fits := 0
	if room > 0 && part[0] != '\\' {
		fits = boundary(part, room)
	}
	s.add(part[:fits]...)
	s.dropped += int64(len(part) - fits)
	return 0
}
