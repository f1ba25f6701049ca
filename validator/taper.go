package validator

import (
	"bytes"
	"math"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxMembers is how many members an object on a tape has at most: each key is
// compared with those before it.
const maxMembers = 128

// taper reads a text once. It knows JSON that nothing is wrong with: where it meets
// anything else, or what is seldom enough (an escape in a key), it gives up, and the
// reader, which knows what to say of it, reads the text instead. Tapers are pooled.
type taper struct {
	text    []byte
	at      int
	tokens  []token
	escaped []byte
}

var tapers = sync.Pool{New: func() any { return new(taper) }}

// maxPooledTokens is how many tokens a taper may keep room for.
const maxPooledTokens = 4096

// taped is the document of a text that nothing is wrong with; nil for any other.
func taped(text []byte) *Document {
	if uint64(len(text)) > math.MaxUint32 || !utf8.Valid(text) {
		return nil
	}
	s := tapers.Get().(*taper)
	defer s.release()
	s.text, s.at, s.tokens = text, 0, s.tokens[:0]
	if !s.value(0) {
		return nil
	}
	end := s.at
	if s.space(); s.at < len(text) {
		return nil
	}
	made := &struct { // one piece of memory instead of two
		Document
		tape
	}{
		Document{Valid: true, raw: text, end: end, utf8: true},
		tape{text: text, tokens: slices.Clone(s.tokens)},
	}
	made.Document.tape = &made.tape
	return &made.Document
}

func (s *taper) release() {
	s.text = nil
	if cap(s.tokens) > maxPooledTokens {
		s.tokens = nil
	}
	if cap(s.escaped) > maxPooledTokens {
		s.escaped = nil
	}
	tapers.Put(s)
}

func (s *taper) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *taper) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// value reads the value that comes next, which is as deep as said; false: this is
// nothing for a tape.
func (s *taper) value(depth int) bool {
	s.space()
	switch c := s.peek(); c {
	case '{':
		return depth < maxDepth && s.object(depth+1)
	case '[':
		return depth < maxDepth && s.list(depth+1)
	case '"':
		return s.quoted()
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	}
	return s.number()
}

func (s *taper) literal(word string) bool {
	if !bytes.HasPrefix(s.text[s.at:], []byte(word)) {
		return false
	}
	s.add(token{kind: jsontext.Kind(word[0]), at: uint32(s.at), size: uint32(len(word))})
	s.at += len(word)
	return true
}

// add appends a token that no others belong to.
func (s *taper) add(t token) {
	t.next = uint32(len(s.tokens) + 1)
	s.tokens = append(s.tokens, t)
}

func (s *taper) object(depth int) bool {
	here := s.open('{')
	if s.peek() == '}' {
		return s.close(here, 0)
	}
	var seen uint64
	for members := 1; members <= maxMembers; members++ {
		key := len(s.tokens)
		if s.space(); s.peek() != '"' || !s.quoted() || !s.tokens[key].plain || s.isRepeated(here, key, &seen) {
			return false
		}
		if s.space(); s.peek() != ':' {
			return false
		}
		s.at++
		if !s.value(depth) {
			return false
		}
		s.space()
		switch s.peek() {
		case '}':
			return s.close(here, members)
		case ',':
			s.at++
		default:
			return false
		}
	}
	return false
}

func (s *taper) list(depth int) bool {
	here := s.open('[')
	if s.peek() == ']' {
		return s.close(here, 0)
	}
	for elements := 1; s.value(depth); elements++ {
		s.space()
		switch s.peek() {
		case ']':
			return s.close(here, elements)
		case ',':
			s.at++
		default:
			return false
		}
	}
	return false
}

// open begins an object or a list.
func (s *taper) open(kind jsontext.Kind) (here int) {
	here = len(s.tokens)
	s.tokens = append(s.tokens, token{kind: kind, at: uint32(s.at)})
	s.at++
	s.space()
	return here
}

func (s *taper) close(here, size int) bool {
	s.tokens[here].size, s.tokens[here].next = uint32(size), uint32(len(s.tokens))
	s.at++
	return true
}

// isRepeated tells whether a key stands in its object before. Seen is a filter: most
// keys differ from all others in length or in their ends.
func (s *taper) isRepeated(object, key int, seen *uint64) bool {
	name := s.textOf(key)
	mark := uint(len(name)) * 7
	if len(name) > 0 {
		mark += uint(name[0])*3 + uint(name[len(name)-1])*5 + uint(name[len(name)/2])
	}
	bit := uint64(1) << (mark & 63)
	if *seen&bit == 0 {
		*seen |= bit
		return false
	}
	for other := object + 1; other < key; other = int(s.tokens[other+1].next) {
		if bytes.Equal(s.textOf(other), name) {
			return true
		}
	}
	return false
}

func (s *taper) textOf(at int) []byte {
	t := &s.tokens[at]
	return s.text[t.at : t.at+t.size]
}

// isEndOfRun marks the bytes at which a run of ordinary characters in a string ends.
var isEndOfRun = func() (ends [256]bool) {
	for c := range 0x20 {
		ends[c] = true
	}
	ends['"'], ends['\\'] = true, true
	return ends
}()

// quoted reads a string. What escapes stand for is checked where the reader checks it.
func (s *taper) quoted() bool {
	start, plain := s.at+1, true
	i := start
	for {
		for i < len(s.text) && !isEndOfRun[s.text[i]] {
			i++
		}
		if i >= len(s.text) || s.text[i] < 0x20 {
			return false
		}
		if s.text[i] == '"' {
			break
		}
		plain = false
		i += 2
	}
	if !plain {
		var err error
		if s.escaped, err = jsontext.AppendUnquote(s.escaped[:0], s.text[start-1:i+1]); err != nil {
			return false
		}
	}
	s.add(token{kind: '"', plain: plain, at: uint32(start), size: uint32(i - start)})
	s.at = i + 1
	return true
}

// number reads a number (RFC 8259, section 6) that the schema compiler can take.
func (s *taper) number() bool {
	start, plain := s.at, true
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return false
	}
	if s.peek() == '.' {
		plain = false
		if s.at++; !s.digits() {
			return false
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		plain = false
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if !s.digits() {
			return false
		}
	}
	if (!plain || s.at-start > maxDigits) && extreme(string(s.text[start:s.at])) {
		return false
	}
	s.add(token{kind: '0', plain: plain, at: uint32(start), size: uint32(s.at - start)})
	return true
}

func (s *taper) digits() bool {
	start := s.at
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.at++
	}
	return s.at > start
}
