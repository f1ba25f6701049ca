package redaction

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unescaped is a text of which escapes were undone, and where its parts come from.
type unescaped struct {
	text  string
	parts []part
	below *unescaped // the text that was undone; nil: this is the original
}

// part is a piece of a text that is undone, to where the next begins.
type part struct {
	at, from int  // where it begins, and where in the text below
	escape   bool // all of it stands for what begins there
}

// original says where in the original text a byte begins, or at its end the text ends.
func (u *unescaped) original(at int) int {
	for ; u.below != nil; u = u.below {
		i := sort.Search(len(u.parts), func(i int) bool { return u.parts[i].at > at }) - 1
		if p := u.parts[i]; p.escape {
			at = p.from
		} else {
			at = p.from + at - p.at
		}
	}
	return at
}

// escapes are kinds of escapes. What one kind escapes may be a part of the secret to
// another, so they are undone together, and each alone.
type escapes uint8

const (
	byBackslash escapes = 1 << iota // JSON and programming languages
	byPercent                       // URLs
	byEntity                        // HTML
	byEquals                        // quoted-printable
	byZero                          // zeros between letters
)

var escapeMarks = [256]escapes{'\\': byBackslash, '%': byPercent, '&': byEntity, '=': byEquals, 0: byZero}

// escapesIn are the kinds of which a text has the mark.
func escapesIn(text string) escapes {
	var kinds escapes
	for i := range len(text) {
		kinds |= escapeMarks[text[i]]
	}
	return kinds
}

// undo undoes one layer of some kinds of escapes. It is nil where there are none.
func (u *unescaped) undo(kinds escapes) *unescaped {
	var text strings.Builder
	next := &unescaped{below: u}
	copied := 0 // of the text, or undone
	for i := 0; i < len(u.text); {
		kind := escapeMarks[u.text[i]] & kinds
		if kind == 0 {
			i++
			continue
		}
		size, written := escape(kind, u.text[i:])
		if size == 0 {
			i++
			continue
		}
		if next.parts == nil { // the first
			text.Grow(len(u.text))
		}
		if copied < i {
			next.parts = append(next.parts, part{at: text.Len(), from: copied})
			text.WriteString(u.text[copied:i])
		}
		if written != "" {
			next.parts = append(next.parts, part{at: text.Len(), from: i, escape: true})
			text.WriteString(written)
		}
		i += size
		copied = i
	}
	if copied == 0 {
		return nil
	}
	next.parts = append(next.parts, part{at: text.Len(), from: copied}) // the rest, or the end alone
	text.WriteString(u.text[copied:])
	next.text = text.String()
	return next
}

// escape reads one with which a text may begin. Size is 0 where there is none.
func escape(kind escapes, text string) (size int, written string) {
	switch kind {
	case byBackslash:
		return backslash(text)
	case byPercent:
		return hexadecimal(text, 1, 2)
	case byEquals:
		return quotedPrintable(text)
	case byEntity:
		return entity(text)
	case byZero:
		return 1, ""
	}
	return 0, ""
}

// backslash reads an escape of JSON, or \x41. Size is 0 where there is none.
func backslash(text string) (size int, written string) {
	if len(text) < 2 {
		return 0, ""
	}
	switch c := text[1]; c {
	case '"', '\\', '/', '\'', '`', '$':
		return 2, text[1:2]
	case 'n':
		return 2, "\n"
	case 't':
		return 2, "\t"
	case 'r':
		return 2, "\r"
	case 'b':
		return 2, "\b"
	case 'f':
		return 2, "\f"
	case 'x':
		return hexadecimal(text, 2, 2)
	case 'u', 'U':
		return unicodeEscape(text)
	}
	return 0, ""
}

func unicodeEscape(text string) (size int, written string) {
	unit, ok := unitAt(text)
	if !ok {
		return 0, ""
	}
	if utf16.IsSurrogate(unit) {
		if low, ok := unitAt(text[6:]); ok {
			if whole := utf16.DecodeRune(unit, low); whole != utf8.RuneError {
				return 12, string(whole)
			}
		}
	}
	return 6, string(unit)
}

func unitAt(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1]|0x20 != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}

// hexadecimal reads so many digits behind a mark of a length.
func hexadecimal(text string, mark, digits int) (size int, written string) {
	if len(text) < mark+digits {
		return 0, ""
	}
	n, err := strconv.ParseUint(text[mark:mark+digits], 16, 8)
	if err != nil {
		return 0, ""
	}
	return mark + digits, string([]byte{byte(n)})
}

func quotedPrintable(text string) (size int, written string) {
	if strings.HasPrefix(text, "=\r\n") {
		return 3, ""
	}
	if strings.HasPrefix(text, "=\n") {
		return 2, ""
	}
	if len(text) < 3 || strings.ToUpper(text[1:3]) != text[1:3] {
		return 0, ""
	}
	return hexadecimal(text, 1, 2)
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "nbsp": " "}

func entity(text string) (size int, written string) {
	end := strings.IndexByte(text[:min(len(text), 12)], ';')
	if end < 2 {
		return 0, ""
	}
	name := text[1:end]
	if known, ok := entities[name]; ok {
		return end + 1, known
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, ""
	}
	base := 10
	if digits != "" && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil {
		return 0, ""
	}
	return end + 1, string(rune(n))
}
