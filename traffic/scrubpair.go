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
	inQuery := s.at > 0 && strings.IndexByte("?&#;", s.text[s.at-1]) >= 0 // ; ends &amp;
	if s.at > 0 && s.text[s.at-1] == '\\' {                               // \ntoken=… and \u0026token=… in a JSON string
		escape := escapeTail.FindString(name)
		name, inQuery = name[len(escape):], strings.HasSuffix(escape, "0026")
	}
	s.at = end
	decoded, err := url.QueryUnescape(name)
	if err != nil {
		decoded = name
	}
	decoded = strings.ToLower(strings.Trim(decoded, "] "))
	decoded = decoded[1+strings.LastIndexAny(decoded, "[."):] // user[token]=… and data.token=…
	isFlag := strings.HasPrefix(decoded, "--")
	decoded = strings.TrimLeft(decoded, "-")
	after := strings.TrimLeft(s.text[end:], "]")
	value := len(s.text) - len(after) + 1
	switch {
	case !s.names[decoded]:
		if isSecretParameter(decoded) && strings.HasPrefix(after, "=") && (inQuery || !isWord(decoded)) && !strings.HasPrefix(after, "==") {
			s.parameter(value)
		}
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

// ends are what a value in a query does not have.
const ends = "&#\"“”„‟«»'<> \t\r\n"

// parameter leaves out the value of name=value in a form or a query.
func (s *scrubber) parameter(at int) {
	if isQuoted(s.text[at:]) {
		s.value(at)
		return
	}
	end := s.find(ends, at)
	if strings.EqualFold(s.text[at:end], "bearer") && strings.HasPrefix(s.text[end:], " ") { // a space that should be escaped
		end = s.find(ends, end+1)
	}
	s.leaveOut(at, at+len(strings.TrimRight(s.text[at:end], `\`)), Redacted)
}

// find returns the place of the first of some characters, or of the end.
func (s *scrubber) find(any string, at int) int {
	if i := strings.IndexAny(s.text[at:], any); i >= 0 {
		return at + i
	}
	return len(s.text)
}

// headerLine leaves out the rest of a header line, but for the scheme.
func (s *scrubber) headerLine(at int) {
	at += len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " \t"))
	end := s.find("\r\n\"'", at)
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
