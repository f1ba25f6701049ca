package madeup

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// text makes a text: of its format, that of its patterns, or as its name suggests.
func (h *hand) text(name string, s *shape) (any, error) {
	if most := s.lengths.within(0); most > 64<<10 {
		return nil, fmt.Errorf("a text of at least %d characters is not made", most)
	}
	for range tries {
		made, free, err := h.draft(name, s)
		if err != nil {
			return nil, err
		}
		if free {
			made = s.lengths.cut(made)
		}
		if s.fits(made) {
			return made, nil
		}
	}
	return nil, errors.New("no text was made that fits " + s.wanted())
}

// draft is a text, which may be cut and repeated where it is free.
func (h *hand) draft(name string, s *shape) (made string, free bool, err error) {
	if len(s.patterns) > 0 {
		made, err = h.matching(s.patterns[h.random.IntN(len(s.patterns))])
		return made, false, err
	}
	if made, ok := h.formatted(s.format); ok {
		return made, false, nil
	}
	return h.named(name), true, nil
}

// cut brings a text to its length.
func (b bounds) cut(made string) string {
	length := utf8.RuneCountInString(made)
	if b.least != nil && length < *b.least {
		made = strings.TrimRight(strings.Repeat(made+" ", *b.least/(length+1)+1), " ")
		made += strings.Repeat("x", max(0, *b.least-utf8.RuneCountInString(made)))
		length = utf8.RuneCountInString(made)
	}
	if b.most == nil || length <= *b.most {
		return made
	}
	made = strings.TrimRight(string([]rune(made)[:*b.most]), " ,-")
	return made + strings.Repeat("x", max(0, b.within(0)-utf8.RuneCountInString(made)))
}

func (s *shape) fits(made string) bool {
	for _, pattern := range s.patterns {
		if withoutLooks(pattern) == pattern && !matches(pattern, made) { // else the validator knows
			return false
		}
	}
	length := utf8.RuneCountInString(made)
	return s.lengths.within(length) == length
}

// wanted says in words what a text should be.
func (s *shape) wanted() string {
	var list []string
	if s.format != "" {
		list = append(list, "format "+s.format)
	}
	for _, pattern := range s.patterns {
		list = append(list, "pattern "+pattern)
	}
	if s.lengths.least != nil {
		list = append(list, fmt.Sprintf("minLength %d", *s.lengths.least))
	}
	if s.lengths.most != nil {
		list = append(list, fmt.Sprintf("maxLength %d", *s.lengths.most))
	}
	return strings.Join(list, ", ")
}

// formatted makes a text of a format; false where the format says nothing of it.
func (h *hand) formatted(format string) (string, bool) {
	switch format {
	case "date-time":
		return h.moment().Format(time.RFC3339), true
	case "date":
		return h.moment().Format(time.DateOnly), true
	case "time":
		return h.moment().Format("15:04:05Z07:00"), true
	case "duration":
		return fmt.Sprintf("PT%dM", 5*(1+h.random.IntN(11))), true
	case "email", "idn-email":
		return h.email(), true
	case "hostname", "idn-hostname":
		return h.word() + ".example.com", true
	case "uri", "url", "uri-reference", "iri", "iri-reference":
		return h.address(""), true
	case "uri-template":
		return "https://example.com/" + h.word() + "/{id}", true
	case "ipv4":
		return fmt.Sprintf("192.0.2.%d", 1+h.random.IntN(254)), true
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", 1+h.random.IntN(65_000)), true
	case "uuid":
		return h.uuid(), true
	case "json-pointer":
		return "/" + h.word(), true
	case "relative-json-pointer":
		return "0/" + h.word(), true
	case "regex":
		return "^" + h.word() + "$", true
	case "byte":
		return base64.StdEncoding.EncodeToString([]byte(h.sentence(3))), true
	}
	return "", false
}

// moment is a time of the years before this was written: not the sandbox's clock, so
// that a body is the same whenever it is made.
func (h *hand) moment() time.Time {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(h.random.IntN(2*365*24*60)) * time.Minute)
}

func (h *hand) uuid() string {
	a, b := h.random.Uint64(), h.random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffff_ffff_ffff)
}

func (h *hand) email() string {
	return strings.ToLower(h.pick(givenNames)+"."+h.pick(familyNames)) + "@example.com"
}

// address is a URL at a domain that is nobody's.
func (h *hand) address(ending string) string {
	return "https://example.com/" + h.word() + "/" + h.hex(6) + ending
}

func (h *hand) hex(digits int) string {
	return fmt.Sprintf("%016x", h.random.Uint64())[:digits]
}

func (h *hand) word() string { return h.pick(words) }

func (h *hand) pick(list []string) string { return list[h.random.IntN(len(list))] }

// sentence has so many words, and begins and ends as sentences do.
func (h *hand) sentence(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = h.word()
	}
	text := strings.Join(list, " ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
