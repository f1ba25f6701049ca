package traffic

import (
	"hash/maphash"
	"strconv"
	"strings"
)

// The bounds of a slab, in bytes, unless one exchange alone is longer. It has an eighth of
// what a journal keeps, so that those which are not full, or no longer, hold little more.
const (
	minSlab = 4 << 10
	maxSlab = 128 << 10
)

// slab holds exchanges behind one another, as text without pointers: the collector, for
// which thousands of exchanges with their headers and bodies are most of its work, passes
// over it. What is written in it stays, so that a reader needs no lock.
type slab struct {
	text []byte
	kept int // exchanges in it
}

// slabs hold the exchanges of a journal. A slab is let go when none of its exchanges is
// kept; a long exchange has one of its own, and so holds no others.
type slabs struct {
	list   []*slab // nil: let go
	first  uint64  // number of the first in the list
	open   uint64  // number of the one that is written
	placed placed  // in that one
}

// place is where an exchange is.
type place struct {
	slab    uint64 // number
	at, end uint32 // in its text
	size    uint32 // bytes that came with it; a header that it shares with others came with the first
	key     uint32 // of its ID
}

// placeSize is what a place itself takes, in bytes.
const placeSize = 24

var keySeed = maphash.MakeSeed()

// keyOf is the number in an ID that counts, ex-000042, or a hash of another.
func keyOf(id string) uint32 {
	if n, err := strconv.ParseUint(id[strings.LastIndexByte(id, '-')+1:], 10, 64); err == nil {
		return uint32(n)
	}
	return uint32(maphash.String(keySeed, id))
}

// add writes an exchange behind the others of a journal that keeps so many bytes.
func (s *slabs) add(e *Exchange, kept int64) place {
	most := s.placed.bound(e)
	capacity := int(min(max(kept/8, minSlab), maxSlab))
	number, lately := s.open, &s.placed
	if !s.fits(most) {
		most = new(placed).bound(e) // its headers are written again
	}
	switch fits := s.fits(most); {
	case !fits && most > max(capacity/4, minSlab/2):
		number, lately = s.push(most), &placed{}
	case !fits:
		if open := s.at(s.open); open != nil && open.kept == 0 {
			s.letGo(s.open)
		}
		number, s.placed = s.push(capacity), placed{}
		s.open = number
	}
	one := s.at(number)
	text, at := lately.write(one.text, e)
	size := len(text) - len(one.text) + placeSize
	one.text = text
	one.kept++
	return place{slab: number, at: uint32(at), end: uint32(len(text)), size: uint32(size), key: keyOf(e.ID)}
}

// fits reports whether so many bytes more have room in the slab that is written.
func (s *slabs) fits(most int) bool {
	open := s.at(s.open)
	return open != nil && cap(open.text)-len(open.text) >= most
}

func (s *slabs) push(capacity int) (number uint64) {
	s.list = append(s.list, &slab{text: make([]byte, 0, capacity)})
	return s.first + uint64(len(s.list)) - 1
}

// at is a slab by its number; nil when it was let go, or there is none yet.
func (s *slabs) at(number uint64) *slab {
	if number < s.first || number-s.first >= uint64(len(s.list)) {
		return nil
	}
	return s.list[number-s.first]
}

// remove lets an exchange go. The slab that is written stays until it is full.
func (s *slabs) remove(p place) {
	one := s.at(p.slab)
	if one.kept--; one.kept == 0 && p.slab != s.open {
		s.letGo(p.slab)
	}
}

func (s *slabs) letGo(number uint64) {
	s.list[number-s.first] = nil
	for len(s.list) > 0 && s.list[0] == nil {
		s.list = s.list[1:]
		s.first++
	}
}

// record is an exchange as a slab has it, to be read without a lock.
func (s *slabs) record(p place) record { return record{s.at(p.slab).text, p.at, p.end} }
