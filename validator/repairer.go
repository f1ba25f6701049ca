package validator

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// repairer rewrites a text that is nearly JSON: what people paste from web pages,
// word processors and JavaScript. It corrects only what has one likely meaning
// and notes each correction; where it can't go on, it says where and why.
type repairer struct {
	raw   []byte
	at    int
	out   []byte
	moves []move
	fixes []fix
	stuck *fix // where it gave up

	open []byte // the brackets around this place
}

// move says that from out on in the repaired text stands what began at raw.
type move struct{ out, raw int }

// fix is one correction, or the place where there was none.
type fix struct {
	kind fixKind
	at   int // in the raw text
}

// repair returns false when it got stuck.
func (m *repairer) repair() bool {
	ok := m.value()
	m.space()
	if ok && m.at < len(m.raw) { // what follows the value is judged as trailing data
		m.out = append(m.out, m.raw[m.at:]...)
	}
	return ok
}

func (m *repairer) note(kind fixKind) { m.fixes = append(m.fixes, fix{kind, m.at}) }

func (m *repairer) fail(kind fixKind) bool {
	if m.stuck == nil {
		m.stuck = &fix{kind, m.at}
	}
	return false
}

// replace writes text instead of the next n bytes.
func (m *repairer) replace(kind fixKind, n int, text string) {
	m.note(kind)
	m.out = append(m.out, text...)
	m.skip(n)
}

func (m *repairer) skip(n int) {
	m.at += n
	m.moves = append(m.moves, move{len(m.out), m.at})
}

func (m *repairer) copy(n int) {
	m.out = append(m.out, m.raw[m.at:m.at+n]...)
	m.at += n
}

func (m *repairer) peek() (rune, int) { return utf8.DecodeRune(m.raw[m.at:]) }

// space passes white space; what only looks like it is replaced.
func (m *repairer) space() {
	for m.at < len(m.raw) {
		r, size := m.peek()
		switch {
		case strings.ContainsRune(" \t\r\n", r):
			m.copy(1)
		case isOddSpace(r):
			m.replace(oddSpace, size, " ")
		default:
			return
		}
	}
}

func (m *repairer) value() bool {
	m.space()
	r, _ := m.peek()
	switch {
	case m.at >= len(m.raw):
		return m.fail(unfinished)
	case bytes.HasPrefix(m.raw[m.at:], []byte("{{")) || bytes.HasPrefix(m.raw[m.at:], []byte("${")):
		return m.fail(templateVariable)
	case r == '{' || r == '[':
		return m.container(byte(r))
	case isQuote(r):
		return m.quoted(",]}")
	case r == '-' || r >= '0' && r <= '9':
		m.copy(len(m.run("+-.0123456789eE")))
		return true
	}
	return m.word()
}

func (m *repairer) container(bracket byte) bool {
	if len(m.open) >= maxDepth {
		return m.fail(notJSON)
	}
	m.open = append(m.open, bracket)
	m.copy(1)
	closing := bracket + 2 // { and }, [ and ] stand two apart
	for first := true; ; first = false {
		m.space()
		if m.at < len(m.raw) && m.raw[m.at] == closing {
			break
		}
		if !first && !m.comma(closing) {
			return false
		}
		if m.at < len(m.raw) && m.raw[m.at] == closing {
			break
		}
		if !m.item(bracket) {
			return false
		}
	}
	m.copy(1)
	m.open = m.open[:len(m.open)-1]
	return true
}

// comma passes the comma between two items. One that is missing is written, one
// before the closing bracket is left out.
func (m *repairer) comma(closing byte) bool {
	r, _ := m.peek()
	switch {
	case m.at >= len(m.raw):
		return m.fail(unfinished)
	case r != ',' && (isQuote(r) || r == '{' || r == '[' || isWord(r)):
		m.replace(missingComma, 0, ",")
		return true
	case r != ',':
		return m.fail(notJSON)
	}
	comma, mark := len(m.out), fix{trailingComma, m.at}
	m.copy(1)
	if m.space(); m.at < len(m.raw) && m.raw[m.at] == closing {
		m.out[comma] = ' '
		m.fixes = append(m.fixes, mark)
	}
	return true
}

func (m *repairer) item(bracket byte) bool {
	if bracket == '[' {
		return m.value()
	}
	if !m.key() {
		return false
	}
	if m.space(); m.at >= len(m.raw) {
		return m.fail(unfinished)
	}
	if m.raw[m.at] != ':' {
		return m.fail(missingColon)
	}
	m.copy(1)
	return m.value()
}

func (m *repairer) key() bool {
	r, _ := m.peek()
	switch {
	case m.at >= len(m.raw):
		return m.fail(unfinished)
	case isQuote(r):
		return m.quoted(":")
	case !isWord(r):
		return m.fail(notJSON)
	}
	name := m.run(wordBytes)
	m.replace(bareKey, len(name), `"`+string(name)+`"`)
	return true
}

// word passes a literal, in JSON's spelling or another's.
func (m *repairer) word() bool {
	name := string(m.run(wordBytes))
	switch name {
	case "true", "false", "null":
		m.copy(len(name))
	case "True", "TRUE", "False", "FALSE":
		m.replace(otherLiteral, len(name), strings.ToLower(name))
	case "None", "NULL", "Null", "nil":
		m.replace(otherLiteral, len(name), "null")
	case "NaN", "Infinity", "undefined":
		return m.fail(noLiteral)
	case "":
		return m.fail(notJSON)
	default:
		return m.fail(bareText)
	}
	return true
}

func (m *repairer) run(allowed string) []byte {
	rest := m.raw[m.at:]
	end := slices.IndexFunc(rest, func(b byte) bool { return strings.IndexByte(allowed, b) < 0 })
	if end < 0 {
		return rest
	}
	return rest[:end]
}

// original turns an offset in the repaired text into one in the raw text.
func original(moves []move, offset int) int {
	i, found := slices.BinarySearchFunc(moves, offset, func(m move, offset int) int { return m.out - offset })
	for found && i+1 < len(moves) && moves[i+1].out == offset {
		i++
	}
	if !found {
		i--
	}
	if i < 0 {
		return offset
	}
	return moves[i].raw + offset - moves[i].out
}
