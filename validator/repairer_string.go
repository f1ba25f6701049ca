package validator

import (
	"strings"
	"unicode/utf8"
)

// quoted passes a string. After is what may follow it.
func (m *repairer) quoted(after string) bool {
	r, size := m.peek()
	end := m.closing(r, after)
	if end.at < 0 {
		return m.fail(unclosedString)
	}
	last, _ := utf8.DecodeRune(m.raw[end.at:])
	switch {
	case isSingleQuote(r):
		m.note(quoteKind(r, singleQuote))
	case r != '"':
		m.note(typographicQuote)
	case last != '"':
		m.fixes = append(m.fixes, fix{typographicQuote, end.at})
	}
	m.out = append(m.out, '"')
	m.skip(size)
	m.content(end.at, r)
	m.out = append(m.out, '"')
	m.skip(end.width)
	return true
}

func quoteKind(r rune, kind fixKind) fixKind {
	if r == '\'' || r == '`' {
		return kind
	}
	return typographicQuote
}

// maxClosings bounds how far beyond the first possible end of a string another
// is looked for, so that repairing stays linear.
const maxClosings = 32

// closing finds the quotation mark that ends a string: one of its kind that stands
// before something that may follow a string. A straight mark ends with the next
// straight one if that fits; else the first mark that does ends it, and if none
// does, the next at all.
func (m *repairer) closing(opening rune, after string) mark {
	fit, next := mark{at: -1}, mark{at: -1}
	for i, seen := m.at+utf8.RuneLen(opening), 0; i < len(m.raw) && seen < maxClosings; {
		r, size := utf8.DecodeRune(m.raw[i:])
		switch straight := r == '"' || opening != '"'; {
		case r == '\\':
			size = 2
		case !isQuote(r) || isSingleQuote(r) != isSingleQuote(opening):
		case m.mayFollow(i+size, after):
			if straight {
				return mark{i, size}
			}
			if fit.at < 0 {
				fit = mark{i, size}
			}
		case straight && next.at < 0:
			next = mark{i, size}
		}
		if fit.at >= 0 && next.at >= 0 {
			return fit
		}
		if isQuote(r) && next.at >= 0 {
			seen++
		}
		i += size
	}
	if fit.at >= 0 {
		return fit
	}
	return next
}

// mark is a quotation mark in the raw text; at is -1 when there is none.
type mark struct{ at, width int }

// mayFollow tells whether after a closing mark stands what belongs there, or a
// new line with the next string before which only a comma is missing.
func (m *repairer) mayFollow(at int, after string) bool {
	broken := false
	for at < len(m.raw) {
		r, size := utf8.DecodeRune(m.raw[at:])
		if !isOddSpace(r) && !strings.ContainsRune(" \t\r\n", r) {
			return strings.ContainsRune(after, r) || broken && after != ":" && isQuote(r)
		}
		broken = broken || r == '\n'
		at += size
	}
	return len(m.open) == 0 || after != ":"
}

// content copies the inside of a string up to end and escapes what JSON wants
// escaped.
func (m *repairer) content(end int, opening rune) {
	for m.at < end {
		c := m.raw[m.at]
		switch {
		case c == '\\' && m.at+1 < end && m.raw[m.at+1] == '\'' && isSingleQuote(opening):
			m.skip(1)
			m.copy(1)
		case c == '\\':
			m.copy(min(2, end-m.at))
		case c == '"' && opening == '"':
			m.replace(innerQuote, 1, `\"`)
		case c == '"':
			m.out = append(m.out, `\"`...)
			m.skip(1)
		case c < 0x20:
			m.replace(rawControl, 1, controlEscapes[c])
		default:
			m.copy(1)
		}
	}
}
