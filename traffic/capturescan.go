package traffic

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxDepth is how deep an entry may be nested. Bodies are strings in it.
const maxDepth = 500

// maxKeys is how many keys of an object are compared with each other.
const maxKeys = 64

// scanner walks over JSON text, value by value, and keeps what it is told to.
// It knows the grammar down to strings, numbers and words; what these hold is
// for a decoder to say. An error stands at the very byte, so that a reader can
// look for the next entry from there.
type scanner struct {
	source
	open    []byte // the brackets that are open
	keys    []span // the keys of the open objects
	frames  []int  // where in keys each open bracket begins
	keep    bool   // copy what is scanned to kept, without spaces
	kept    []byte
	marks   []mark // of the strings in kept, in their order
	limit   int    // of kept, in bytes; 0: none
	longest int    // how much of one string is kept; 0: all
	dropped int64  // bytes of strings that were not kept
	over    bool   // kept would be longer than limit
	twice   string
}

// syntaxError is a text that is no JSON, or none that is read.
type syntaxError struct {
	at   Position
	text string
}

// Error says what is wrong; the position is added by who knows the entry.
func (e *syntaxError) Error() string { return e.text }

func (s *scanner) fail(format string, args ...any) error {
	return &syntaxError{s.position(), fmt.Sprintf(format, args...)}
}

// errEnd is a text that ends before the value does.
var errEnd = errors.New("it ends in the middle; the capture was cut off")

// ended says why there is no more.
func (s *scanner) ended() error {
	if errors.Is(s.err, io.EOF) {
		return errEnd
	}
	return s.err
}

// space passes over white space and returns the byte after it, which is not
// passed.
func (s *scanner) space() (byte, error) {
	if s.at < len(s.buffer) && s.buffer[s.at] > ' ' {
		return s.buffer[s.at], nil // as in most places; this much is inlined
	}
	return s.spaces()
}

func (s *scanner) spaces() (byte, error) {
	for {
		if s.at == len(s.buffer) && len(s.rest()) == 0 {
			return 0, s.ended()
		}
		switch c := s.buffer[s.at]; c {
		case '\n':
			s.breaks++
			s.at++
		case ' ', '\t', '\r':
			s.at++
		default:
			return c, nil
		}
	}
}

// skip passes the byte that space returned.
func (s *scanner) skip() { s.at++ }

// put keeps the byte that space returned, and passes it.
func (s *scanner) put(c byte) {
	s.at++
	if s.room(1) {
		s.kept = append(s.kept, c)
	}
}

// add keeps a text. Unlike append of a text it stores no pointer where there is room, which
// costs much while the collector runs.
func (s *scanner) add(text []byte) {
	if !s.room(len(text)) {
		return
	}
	end := len(s.kept)
	s.kept = slices.Grow(s.kept, len(text))[:end+len(text)]
	copy(s.kept[end:], text)
}

// room tells whether n more bytes are to be kept.
func (s *scanner) room(n int) bool {
	if !s.keep || s.over {
		return false
	}
	s.over = s.limit > 0 && len(s.kept)+n > s.limit
	return !s.over
}

// key reads a key and the colon after it; "" where the object ends.
func (s *scanner) key() (string, error) {
	c, err := s.space()
	switch {
	case err != nil:
		return "", err
	case c == '}':
		s.skip()
		return "", nil
	case c != '"':
		return "", s.fail("expected a key, got %s", shown(c))
	}
	aside := scanner{source: s.source, keep: true, longest: 256}
	err = aside.text()
	if s.source = aside.source; err != nil {
		return "", err
	}
	name := aside.kept
	if c, err = s.space(); err != nil {
		return "", err
	}
	if c != ':' {
		return "", s.fail("expected a colon after a key, got %s", shown(c))
	}
	s.skip()
	return string(name[1 : len(name)-1]), nil
}

// comma passes a comma after a value, and is false at the end of what holds it.
func (s *scanner) comma() bool {
	if c, err := s.space(); err != nil || c != ',' {
		return false
	}
	s.skip()
	return true
}

// value passes one value.
func (s *scanner) value() error {
	s.open, s.keys, s.frames = s.open[:0], s.keys[:0], s.frames[:0]
	for {
		c, err := s.space()
		if err != nil {
			return err
		}
		if c == '{' || c == '[' {
			if empty, err := s.enter(c); err != nil {
				return err
			} else if !empty {
				continue
			}
		} else if err := s.single(c); err != nil {
			return err
		}
		if done, err := s.after(); done || err != nil {
			return err
		}
	}
}

// enter passes an opening bracket and the first key after it.
func (s *scanner) enter(c byte) (empty bool, err error) {
	if len(s.open) >= maxDepth {
		return false, s.fail("nested deeper than %d levels", maxDepth)
	}
	s.open, s.frames = append(s.open, c), append(s.frames, len(s.keys))
	s.put(c)
	next, err := s.space()
	switch {
	case err != nil:
		return false, err
	case next == closing(c):
		return true, nil // after passes it
	case c == '{':
		return false, s.member(next)
	}
	return false, nil
}

// member passes a key and its colon.
func (s *scanner) member(c byte) error {
	if c != '"' {
		return s.fail("expected a key, got %s", shown(c))
	}
	begin := len(s.kept)
	if err := s.text(); err != nil {
		return err
	}
	if s.keep && !s.over {
		s.compare(span{begin, len(s.kept)})
	}
	c, err := s.space()
	if err != nil {
		return err
	}
	if c != ':' {
		return s.fail("expected a colon after a key, got %s", shown(c))
	}
	s.put(c)
	return nil
}

// span is where in kept something stands.
type span struct{ begin, end int }

// compare notes a key that its object has already.
func (s *scanner) compare(key span) {
	text, begin := s.kept[key.begin:key.end], s.frames[len(s.frames)-1]
	for _, other := range s.keys[begin:] {
		if other.end-other.begin == len(text) && string(s.kept[other.begin:other.end]) == string(text) && s.twice == "" {
			s.twice = string(text[:min(len(text), 80)])
		}
	}
	if len(s.keys)-begin < maxKeys {
		s.keys = append(s.keys, key)
	}
}

// after passes what stands after a value: brackets that close, a comma, the next
// key. It is done when no bracket is open any more.
func (s *scanner) after() (done bool, err error) {
	for len(s.open) > 0 {
		c, err := s.space()
		if err != nil {
			return false, err
		}
		last := s.open[len(s.open)-1]
		switch {
		case c == closing(last):
			s.put(c)
			s.keys = s.keys[:s.frames[len(s.frames)-1]]
			s.open, s.frames = s.open[:len(s.open)-1], s.frames[:len(s.frames)-1]
			continue
		case c != ',':
			return false, s.fail("expected a comma or %c, got %s", closing(last), shown(c))
		}
		s.put(c)
		if last == '{' {
			if c, err = s.space(); err == nil {
				err = s.member(c)
			}
		}
		return false, err
	}
	return true, nil
}

func closing(c byte) byte {
	if c == '{' {
		return '}'
	}
	return ']'
}

// shown is a byte for an error message.
func shown(c byte) string {
	if c < 0x20 || c >= 0x7f {
		return fmt.Sprintf("the byte 0x%02x", c)
	}
	return fmt.Sprintf("%q", c)
}
