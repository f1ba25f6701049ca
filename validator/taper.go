package validator

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
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
	open    []container // objects and lists around the value at hand, the innermost last
	escaped []byte
}

// container is an object or a list that has not ended.
type container struct {
	here int       // its token
	seen [8]uint64 // of the keys of an object: see isRepeated
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
	s.text, s.at, s.tokens, s.open = text, 0, s.tokens[:0], s.open[:0]
	if !s.value() {
		return nil
	}
	end := s.at
	if s.space() != 0 || s.at < len(text) {
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

// space goes over white space, and returns the byte behind it; 0 at the end.
func (s *taper) space() byte {
	for s.at < len(s.text) {
		c := s.text[s.at]
		if c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' { // most is none, which one comparison shows
			return c
		}
		s.at++
	}
	return 0
}

// value reads the value that comes next, with all that is in it; false: this is nothing
// for a tape. It does not call itself for what is inside: that took as long as all else.
func (s *taper) value() bool {
	for {
		c := s.space()
		if c == '{' || c == '[' {
			if len(s.open) >= maxDepth {
				return false
			}
			s.begin(c)
			switch c = s.space(); {
			case c == '}' && s.inObject(), c == ']' && !s.inObject():
				s.end()
			case !s.inObject():
				continue
			case !s.key():
				return false
			default:
				continue
			}
		} else if !s.single(c) {
			return false
		}
		next, ok := s.after()
		if !ok || !next {
			return ok
		}
	}
}

// after ends the objects and lists that end behind a value, and reads the key of the
// next one; next is false where all have ended.
func (s *taper) after() (next, ok bool) {
	for len(s.open) > 0 {
		s.tokens[s.open[len(s.open)-1].here].size++
		switch c := s.space(); {
		case c == ',':
			s.at++
			return true, !s.inObject() || s.key()
		case c == '}' && s.inObject(), c == ']' && !s.inObject():
			s.end()
		default:
			return false, false
		}
	}
	return false, true
}

// single reads a value that no others are in, by its first byte.
func (s *taper) single(c byte) bool {
	switch c {
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

// begin and end surround an object or a list.
func (s *taper) begin(kind byte) {
	s.open = append(s.open, container{here: len(s.tokens)})
	s.tokens = append(s.tokens, token{kind: jsontext.Kind(kind), at: uint32(s.at)})
	s.at++
}

func (s *taper) end() {
	s.tokens[s.open[len(s.open)-1].here].next = uint32(len(s.tokens))
	s.open = s.open[:len(s.open)-1]
	s.at++
}

// inObject tells whether the innermost container is an object.
func (s *taper) inObject() bool { return s.tokens[s.open[len(s.open)-1].here].kind == '{' }

// key reads the key that comes next, and the colon.
func (s *taper) key() bool {
	object := &s.open[len(s.open)-1]
	if s.tokens[object.here].size >= maxMembers || s.space() != '"' {
		return false
	}
	key := len(s.tokens)
	if !s.quoted() || !s.tokens[key].plain || s.isRepeated(object, key) || s.space() != ':' {
		return false
	}
	s.at++
	return true
}

// isRepeated tells whether a key stands in its object before. What was seen is a filter
// by the keys' marks: with 64 bits, objects of a hundred keys took twice as long.
func (s *taper) isRepeated(object *container, key int) bool {
	one := &s.tokens[key]
	name := s.text[one.at : one.at+one.size]
	one.mark = markOf(name)
	seen, bit := &object.seen[one.mark/64%8], uint64(1)<<(one.mark%64)
	if *seen&bit == 0 {
		*seen |= bit
		return false
	}
	for other := object.here + 1; other < key; other = int(s.tokens[other+1].next) {
		t := &s.tokens[other]
		if t.mark == one.mark && string(s.text[t.at:t.at+t.size]) == string(name) {
			return true
		}
	}
	return false
}

// markOf is a number that most keys of an object have for themselves, of their length and
// of four bytes at either end.
func markOf[T []byte | string](key T) uint16 {
	n := len(key)
	if n < 4 {
		mark := uint16(n)
		for i := range n {
			mark = mark<<5 ^ mark>>11 ^ uint16(key[i])
		}
		return mark
	}
	first := uint32(key[0]) | uint32(key[1])<<8 | uint32(key[2])<<16 | uint32(key[3])<<24
	last := uint32(key[n-4]) | uint32(key[n-3])<<8 | uint32(key[n-2])<<16 | uint32(key[n-1])<<24
	mixed := first*0x9e3779b1 ^ last*0x85ebca6b ^ uint32(n)*0xc2b2ae35 // odd, and their bits are even
	return uint16(mixed>>16 ^ mixed)
}

// isEndOfRun marks the bytes at which a run of ordinary characters in a string ends.
var isEndOfRun = func() (ends [256]bool) {
	for c := range 0x20 {
		ends[c] = true
	}
	ends['"'], ends['\\'] = true, true
	return ends
}()

// run returns where a run of ordinary characters ends. It looks at eight bytes at once:
// half of a text is in strings.
func run(text []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(text); i += 8 {
		word := binary.LittleEndian.Uint64(text[i:])
		quote, backslash := word^(ones*'"'), word^(ones*'\\')
		ends := ((word - ones*0x20) & ^word) | ((quote - ones) & ^quote) | ((backslash - ones) & ^backslash)
		if ends &= highs; ends != 0 { // its lowest bit is right; those above may come of a borrow
			return i + bits.TrailingZeros64(ends)/8
		}
	}
	for i < len(text) && !isEndOfRun[text[i]] {
		i++
	}
	return i
}

// quoted reads a string. What escapes stand for is checked where the reader checks it.
func (s *taper) quoted() bool {
	start, plain := s.at+1, true
	i := start
	for {
		i = run(s.text, i)
		if i >= len(s.text) || s.text[i] < 0x20 {
			return false
		}
		if s.text[i] == '"' {
			break
		}
		plain = false
		if i += 2; i > len(s.text) {
			return false
		}
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
