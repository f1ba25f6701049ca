package redaction

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unescaped is a text of which escapes were undone, and where each of its bytes
// comes from.
type unescaped struct {
	text string
	from []int32 // one more than bytes; nil: the text is the original
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

// undo undoes one layer of some kinds of escapes. It is false where there are none.
func (u unescaped) undo(kinds escapes) (unescaped, bool) {
	var next []byte
	var from []int32
	at := func(i int) int32 {
		if u.from == nil {
			return int32(i)
		}
		return u.from[i]
	}
	changed := false
	for i := 0; i < len(u.text); {
		size, written := 0, ""
		switch escapeMarks[u.text[i]] & kinds {
		case byBackslash:
			size, written = backslash(u.text[i:])
		case byPercent:
			size, written = hexadecimal(u.text[i:], 1, 2)
		case byEquals:
			size, written = quotedPrintable(u.text[i:])
		case byEntity:
			size, written = entity(u.text[i:])
		case byZero:
			size = 1
		}
		if size == 0 {
			if next != nil {
				next, from = append(next, u.text[i]), append(from, at(i))
			}
			i++
			continue
		}
		if next == nil { // the first that is undone
			next, from = make([]byte, 0, len(u.text)), make([]int32, 0, len(u.text)+1)
			for j := range i {
				next, from = append(next, u.text[j]), append(from, at(j))
			}
		}
		changed = true
		for j := range len(written) {
			next, from = append(next, written[j]), append(from, at(i))
		}
		i += size
	}
	if !changed {
		return u, false
	}
	return unescaped{string(next), append(from, at(len(u.text)))}, true
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
