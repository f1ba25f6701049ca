package traffic

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var escapeTail = regexp.MustCompile(`^(?:u[0-9a-fA-F]{4}|[nrt])`)

// bareKey is called at the beginning of a word: a form field, a query parameter,
// a header, or a key without its quotation marks.
func (s *scrubber) bareKey() {
	end := s.at
	for end < len(s.text) && isNameByte(s.text[end]) {
		end++
	}
	name := s.text[s.at:end]
	if s.at > 0 && s.text[s.at-1] == '\\' { // \ntoken=… and \u0026token=… in a JSON string
		name = name[len(escapeTail.FindString(name)):]
	}
	s.at = end
	decoded, err := url.QueryUnescape(name)
	if err != nil {
		decoded = name
	}
	decoded = strings.ToLower(strings.Trim(decoded, "] "))
	decoded = decoded[1+strings.LastIndexAny(decoded, "[."):] // user[token]=… and data.token=…
	isFlag := strings.HasPrefix(decoded, "--")
	if decoded = strings.TrimLeft(decoded, "-"); !s.names[decoded] {
		return
	}
	after := strings.TrimLeft(s.text[end:], "]")
	value := len(s.text) - len(after) + 1
	switch {
	case strings.HasPrefix(after, "=") || isFlag && strings.HasPrefix(after, " "):
		s.parameter(value)
	case isSecretHeader(decoded) && strings.HasPrefix(after, ":"):
		s.headerLine(value)
	case s.body && isQuoted(after): // a key that lost its first quotation mark
		_, size := utf8.DecodeRuneInString(after)
		s.keyed(value-1+size, true)
	default:
		s.keyed(end, false)
	}
}

// parameter leaves out the value of name=value in a form or a query.
func (s *scrubber) parameter(at int) {
	if isQuoted(s.text[at:]) {
		s.value(at)
		return
	}
	end := len(s.text)
	if i := strings.IndexAny(s.text[at:], "&#\"'<> \t\r\n"); i >= 0 {
		end = at + i
	}
	s.leaveOut(at, at+len(strings.TrimRight(s.text[at:end], `\`)), Redacted)
}

// headerLine leaves out the rest of a header line, but for the scheme.
func (s *scrubber) headerLine(at int) {
	at += len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " \t"))
	end := len(s.text)
	if i := strings.IndexAny(s.text[at:], "\r\n\"'"); i >= 0 {
		end = at + i
	}
	if value := s.text[at:end]; value != "" && value != redactedHeader(value) {
		s.leaveOut(at, end, redactedHeader(value))
		return
	}
	s.at = end
}

// formPart leaves out the content of one part of a multipart body.
func (s *scrubber) formPart(at int) {
	head := strings.Index(s.text[at:], "\n\r\n")
	if head < 0 {
		s.at = at
		return
	}
	start, end := at+head+3, len(s.text)
	if i := strings.Index(s.text[start:], "\r\n--"); i >= 0 {
		end = start + i
	}
	s.leaveOut(start, end, Redacted)
}

func isSecretHeader(name string) bool { return slices.Contains(secretHeaders, name) }
