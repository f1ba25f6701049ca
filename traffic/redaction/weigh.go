package redaction

import (
	"maps"
	"strings"
)

// appendNormal is normal for the names that there are most of, without taking memory:
// each word of each text that is shown may be one. It is false for names with letters
// beyond ASCII, for long ones, and for those with marks that names don't have.
func appendNormal(to []byte, name string) ([]byte, bool) {
	if len(name) > longestName {
		return nil, false
	}
	for len(name) > 0 && strings.IndexByte("] \t\"'[", name[len(name)-1]) >= 0 {
		name = name[:len(name)-1]
	}
	lower, nested := true, 0 // what is nested begins there
	for i := range len(name) {
		c := name[i]
		switch nameBytes[c] {
		case lowerByte:
			to = append(to, c)
		case letterByte:
			if lower = false; c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			to = append(to, c)
		case separatorByte:
			if lower = false; c == '-' && i == nested+1 && len(to) == 1 && to[0] == 'x' { // X-
				to = to[:0]
			}
		case nestingByte: // what stands before it does not count
			to, lower, nested = to[:0], true, i+1
		case foreignByte:
			return nil, false
		}
	}
	if !lower {
		for len(to) > 0 && to[len(to)-1]-'0' <= 9 {
			to = to[:len(to)-1]
		}
	}
	return to, true
}

type nameByte uint8

const (
	letterByte nameByte = iota // or a digit, or a mark that names may have
	lowerByte
	separatorByte
	nestingByte
	foreignByte
)

// nameBytes says what each byte is in a name.
var nameBytes = func() (table [256]nameByte) {
	for c := range table {
		switch {
		case c >= 'a' && c <= 'z':
			table[c] = lowerByte
		case c >= 0x80 || strings.IndexByte("=?&{}<>,;\r\n", byte(c)) >= 0:
			table[c] = foreignByte
		case strings.IndexByte("[.:/", byte(c)) >= 0:
			table[c] = nestingByte
		case strings.IndexByte("_- \t$@#", byte(c)) >= 0:
			table[c] = separatorByte
		}
	}
	return table
}()

// weighNormal is weigh of a name as normal writes it.
func weighNormal(name []byte) weight {
	switch {
	case len(name) < 2:
		return harmless
	case mayEnd(name), hasRoot(name):
		return weighWhole(string(name))
	case certainNames.has(name):
		return certain
	case maybeNames.has(name):
		return maybe
	}
	return harmless
}

// ends3 has a bit for the last three letters of each end that is looked for: most names
// have none of them.
var ends3 = func() (bits [1 << 15 / 64]uint64) {
	for _, list := range [][]string{certainEnds, harmlessEnds, {maybeEnd}} {
		for _, end := range list {
			at := threeLetters(end[len(end)-3:])
			bits[at/64] |= 1 << (at % 64)
		}
	}
	return bits
}()

func threeLetters[T string | []byte](text T) uint {
	return uint(text[0]&31)<<10 | uint(text[1]&31)<<5 | uint(text[2]&31)
}

// mayEnd tells whether a name may have one of the ends.
func mayEnd(name []byte) bool {
	if len(name) < 3 {
		return false
	}
	at := threeLetters(name[len(name)-3:])
	return ends3[at/64]&(1<<(at%64)) != 0
}

// hasRoot tells whether a name may have one of certainParts in it.
func hasRoot(name []byte) bool {
	for i := 0; i+4 <= len(name); i++ {
		switch string(name[i : i+4]) {
		case "pass", "secr", "apik", "priv", "kenn":
			return true
		}
	}
	return false
}

// nameSet is a set of names as normal writes them. Most names that are looked for are not in
// it, which their first letter and their length say.
type nameSet struct {
	all  map[string]bool
	some [256]uint32 // for each first byte a bit for each length
}

func newNameSet(names ...string) *nameSet {
	s := &nameSet{all: map[string]bool{}}
	s.add(names...)
	return s
}

func (s *nameSet) add(names ...string) {
	for _, name := range names {
		s.all[name] = true
		if name != "" {
			s.some[name[0]] |= 1 << min(len(name), 31)
		}
	}
}

func (s *nameSet) clone() *nameSet { return &nameSet{maps.Clone(s.all), s.some} }

func (s *nameSet) has(name []byte) bool {
	if len(name) > 0 && s.some[name[0]]&(1<<min(len(name), 31)) == 0 {
		return false
	}
	return s.all[string(name)]
}
