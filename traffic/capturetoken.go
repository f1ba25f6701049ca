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
	for n := 0; ; {
		part := s.rest()
		size := plain(part[:min(len(part), maxSingle-n)])
		s.add(part[:size])
		s.at += size
		n += size
		switch {
		case size < len(part) && n == 0:
			return s.fail("expected a value, got %s", shown(part[0]))
		case size < len(part) && plain(part[size:size+1]) > 0:
			return s.fail("a number or word of more than %d characters", maxSingle)
		case size < len(part):
			return nil
		case len(s.rest()) > 0:
		case len(s.open) == 0 && errors.Is(s.err, io.EOF):
			return nil
		default:
			return s.ended()
		}
	}
}

// maxSingle is the longest number or word, in characters.
const maxSingle = 1000

// plain is how many bytes come before one that no number or word has.
func plain(text []byte) int {
	for i, c := range text {
		if c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return i
		}
	}
	return len(text)
}

// cutMark ends a string of which the end was dropped, as JSON; cutEnd is what it
// says.
var cutMark = []byte(`\u0000\ufffe`)

const cutEnd = "\x00\ufffe"

// text passes a string. Of a long one only the beginning is kept.
func (s *scanner) text() error {
	if n, escaped := whole(s.buffer[s.at:]); n > 0 && (s.longest == 0 || n-2 <= s.longest) {
		s.add(s.buffer[s.at : s.at+n])
		s.at += n
		s.note(newMark(n, escaped))
		return nil
	}
	s.note(0)
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
				s.add(cutMark)
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

// mark is what a scanner saw of a string, so that a decoder need not look for its end
// again: how long it is with its quotation marks, less than 0 where it has escapes. 0 is
// one that needs a closer look.
type mark int32

func newMark(size int, escaped bool) mark {
	switch {
	case size > math.MaxInt32:
		return 0
	case escaped:
		return mark(-size)
	}
	return mark(size)
}

// maxMarks bounds the marks of an entry; a decoder looks for itself at the strings after them.
const maxMarks = 1 << 16

// note keeps the mark of a string that is kept.
func (s *scanner) note(m mark) {
	if s.keep && !s.over && len(s.marks) < maxMarks {
		s.marks = append(s.marks, m)
	}
}

// whole is how long the string is with which part begins, and whether it has escapes; 0
// where it does not end in part, or needs a closer look.
func whole(part []byte) (size int, escaped bool) {
	for at := 1; ; {
		at += unescaped(part[at:])
		if at == len(part) || part[at] < ' ' {
			return 0, false
		}
		if part[at] == '"' {
			return at + 1, escaped
		}
		size := escapeSize(part[at:])
		if size == 0 {
			return 0, false
		}
		at, escaped = at+size, true
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

// addText keeps the part of a string for which there is room, cut between
// characters, and returns the room that is left: none after a cut.
func (s *scanner) addText(part []byte, room int) int {
	if len(part) <= room {
		s.add(part)
		return room - len(part)
	}
	fits := 0
	if room > 0 && part[0] != '\\' {
		fits = boundary(part, room)
	}
	s.add(part[:fits])
	s.dropped += int64(len(part) - fits)
	return 0
}
