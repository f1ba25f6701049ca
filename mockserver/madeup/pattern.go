package madeup

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode"
)

// mostRepeated is how often a part of a pattern is repeated at most.
const mostRepeated = 1_000

// matching makes a text that matches a pattern.
func (h *hand) matching(pattern string) (string, error) {
	parsed, err := syntax.Parse(withoutLooks(pattern), syntax.Perl)
	if err != nil {
		return "", fmt.Errorf("nothing can be made from the pattern %s: %w", pattern, err)
	}
	var text strings.Builder
	if err := h.write(&text, parsed, false); err != nil {
		return "", fmt.Errorf("nothing can be made from the pattern %s: %w", pattern, err)
	}
	return text.String(), nil
}

func (h *hand) write(text *strings.Builder, r *syntax.Regexp, repeated bool) error {
	if text.Len() > 64<<10 {
		return errors.New("it would be longer than 64 KiB")
	}
	switch r.Op {
	case syntax.OpNoMatch:
		return errors.New("it matches nothing")
	case syntax.OpLiteral:
		for _, c := range r.Rune {
			text.WriteRune(c)
		}
	case syntax.OpCharClass:
		c, err := h.oneOf(r.Rune)
		text.WriteRune(c)
		return err
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		some := characters[:min(len(characters), 26+h.try*12)]
		text.WriteByte(some[h.random.IntN(len(some))])
	case syntax.OpCapture:
		return h.write(text, r.Sub[0], repeated)
	case syntax.OpConcat:
		for _, part := range r.Sub {
			if err := h.write(text, part, repeated); err != nil {
				return err
			}
		}
	case syntax.OpAlternate:
		return h.write(text, r.Sub[h.random.IntN(len(r.Sub))], repeated)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return h.repeat(text, r, repeated)
	}
	return nil // what is left matches the empty text
}

// characters are what any character may be: the more of them, the more was tried.
const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&*+-.=?@_"

// withoutLooks leaves out what looks ahead or behind: what is made without is judged
// with it.
func withoutLooks(pattern string) string {
	for _, begins := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		for at := strings.Index(pattern, begins); at >= 0; at = strings.Index(pattern, begins) {
			end := closing(pattern, at)
			if end < 0 {
				return pattern
			}
			pattern = pattern[:at] + pattern[end+1:]
		}
	}
	return pattern
}

// closing is the place of the parenthesis that closes the one at a place; -1: none does.
func closing(pattern string, at int) int {
	open, class := 0, false
	for i := at; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			open++
		case c == ')':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// repeat writes a part several times. Each try may write more than the one before, so
// that a length that is demanded is reached.
func (h *hand) repeat(text *strings.Builder, r *syntax.Regexp, inside bool) error {
	least, most := r.Min, r.Max
	switch r.Op {
	case syntax.OpStar:
		least, most = 0, -1
	case syntax.OpPlus:
		least, most = 1, -1
	case syntax.OpQuest:
		least, most = 0, 1
	}
	if most < 0 {
		most = least + 6
		if !inside {
			most += h.try * h.try
		}
	}
	if least > mostRepeated {
		return fmt.Errorf("a part of it is repeated more than %d times", mostRepeated)
	}
	for range least + h.random.IntN(min(most, mostRepeated+least)-least+1) {
		if err := h.write(text, r.Sub[0], true); err != nil {
			return err
		}
	}
	return nil
}

// oneOf chooses a character of ranges: a letter or a digit where there is one, and
// else one that can be seen.
func (h *hand) oneOf(ranges []rune) (rune, error) {
	var plain, seen []rune
	for i := 0; i+1 < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1] && c < 0x250; c++ {
			switch {
			case c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)):
				plain = append(plain, c)
			case unicode.IsPrint(c):
				seen = append(seen, c)
			}
		}
	}
	switch {
	case len(plain) > 0:
		return plain[h.random.IntN(len(plain))], nil
	case len(seen) > 0:
		return seen[h.random.IntN(len(seen))], nil
	case len(ranges) > 0:
		return ranges[0], nil
	}
	return 0, errors.New("it has a class without characters")
}
