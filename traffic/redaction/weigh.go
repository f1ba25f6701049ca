package redaction

import (
	"bytes"
	"strings"
)

// appendNormal is normal for the names that there are most of, without taking memory:
// each word of each text that is shown may be one. It is false for names with letters
// beyond ASCII, for long ones, and for those with marks that names don't have.
func appendNormal(to []byte, name string) ([]byte, bool) {
	if len(name) > longestName {
		return nil, false
	}
	name = strings.TrimRight(name, "] \t\"'[")
	lower := true
	for i := range len(name) {
		c := name[i]
		kind := nameBytes[c]
		if kind == foreignByte {
			return nil, false
		}
		if kind == nestingByte { // what stands before it does not count
			to, lower = to[:0], true
			continue
		}
		lower = lower && c >= 'a' && c <= 'z'
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		to = append(to, c)
	}
	if lower {
		return to, true
	}
	to = bytes.TrimPrefix(to, []byte("x-"))
	kept := to[:0]
	for _, c := range to {
		if nameBytes[c] != separatorByte {
			kept = append(kept, c)
		}
	}
	return bytes.TrimRight(kept, "0123456789"), true
}

type nameByte uint8

const (
	letterByte nameByte = iota
	separatorByte
	nestingByte
	foreignByte
)

// nameBytes says what each byte is in a name.
var nameBytes = func() (table [256]nameByte) {
	for c := range table {
		switch {
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
	case len(name) >= 3 && ends3[[3]byte(name[len(name)-3:])], hasRoot(name):
		return weighWhole(string(name))
	case certainNames[string(name)]:
		return certain
	case maybeNames[string(name)]:
		return maybe
	}
	return harmless
}

// ends3 are the last three letters of the ends that are looked for: most names have
// none of them.
var ends3 = func() map[[3]byte]bool {
	set := map[[3]byte]bool{}
	for _, list := range [][]string{certainEnds, harmlessEnds, {maybeEnd}} {
		for _, end := range list {
			set[[3]byte([]byte(end[len(end)-3:]))] = true
		}
	}
	return set
}()

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
