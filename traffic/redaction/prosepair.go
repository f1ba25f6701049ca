package redaction

import (
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/traffic"
)

var escapeTail = lazy.Regexp(`^(?:u[0-9a-fA-F]{4}|[nrt])`)

// bareKey is called at the beginning of a word: a form field, a query parameter,
// a header, or a key without its quotation marks.
func (s *scrubber) bareKey() {
	begin, end := s.at, s.at
	for end < len(s.text) && isNameByte(s.text[end]) {
		end++
	}
	name := s.text[s.at:end]
	inQuery := s.at > 0 && strings.IndexByte("?&#;", s.text[s.at-1]) >= 0 // ; ends &amp;
	if s.at > 0 && s.text[s.at-1] == '\\' {                               // \ntoken=… and \u0026token=… in a JSON string
		escape := escapeTail().FindString(name)
		name, inQuery = name[len(escape):], strings.HasSuffix(escape, "0026")
	}
	s.at = end
	decoded := name
	if strings.IndexByte(name, '%') >= 0 {
		decoded = decodedPart(name, inForm)
	}
	isFlag := strings.HasPrefix(decoded, "--")
	decoded = strings.Trim(decoded, "]- ")
	after := strings.TrimLeft(s.text[end:], "]")
	value := len(s.text) - len(after) + 1
	pair := strings.HasPrefix(after, "=") && !strings.HasPrefix(after, "==")
	if strings.HasPrefix(after, ">") && begin > 0 && s.text[begin-1] == '<' && s.weigh(decoded) != harmless { // <token>
		s.element(value)
		return
	}
	if !pair && !strings.HasPrefix(after, ":") && !strings.HasPrefix(after, " ") && !isQuoted(after) {
		return // no value can follow
	}
	weight := s.weigh(decoded)
	if before := strings.TrimRight(s.text[:begin], " "); weight == maybe && len(before) < begin { // "api key"
		word := before[1+strings.LastIndexAny(before, " \"'\n"):]
		weight = max(weight, weigh(word+decoded))
	}
	switch {
	case weight == harmless:
	case pair && (inQuery || weight == certain && (s.lexicon.Load().names.all[normal(decoded)] || !isWord(decoded))):
		s.parameter(value, weight)
	case weight == maybe:
	case pair, isFlag && strings.HasPrefix(after, " "):
		s.word(value, isFlag)
	case isSecretHeader(decoded) && strings.HasPrefix(after, ":"):
		s.headerLine(value, begin)
	case normal(decoded) != "bearer": // which credentials finds
		s.keyed(end, false)
	}
}

// element leaves out what stands in an element of XML that is named like a secret.
func (s *scrubber) element(at int) {
	end := s.find("<", at)
	if inside := strings.Trim(s.text[at:end], blanks); inside != "" && !isPlain(inside) {
		s.learn(inside)
		s.leaveOut(at, end, traffic.Redacted)
		return
	}
	s.at = end
}

// word leaves out what stands behind a word of prose, unless that is one too.
func (s *scrubber) word(at int, flag bool) {
	end := s.find(ends, at)
	if isQuoted(s.text[at:]) || flag || !isPlain(s.text[at:end]) {
		s.parameter(at, certain)
	}
}

// ends are what a value in a query does not have.
const ends = "&#\"“”„‟«»'<> \t\r\n"

// parameter leaves out the value of name=value in a form or a query.
func (s *scrubber) parameter(at int, weight weight) {
	if isQuoted(s.text[at:]) {
		s.secret(at)
		return
	}
	end := s.find(ends, at)
	if weight == maybe && (end-at < 4 || isShortNumber(s.text[at:end])) {
		return
	}
	if strings.EqualFold(s.text[at:end], "bearer") && strings.HasPrefix(s.text[end:], " ") { // a space that should be escaped
		end = s.find(ends, end+1)
	}
	value := strings.TrimRight(s.text[at:end], `\`)
	s.learn(value)
	s.leaveOut(at, at+len(value), traffic.Redacted)
}

// find returns the place of the first of some characters, or of the end.
func (s *scrubber) find(any string, at int) int {
	if i := strings.IndexAny(s.text[at:], any); i >= 0 {
		return at + i
	}
	return len(s.text)
}

// headerLine leaves out the rest of a header line, but for the scheme: to the
// quotation mark that stands before its name too, or else to the first.
func (s *scrubber) headerLine(at, name int) {
	at += len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " \t"))
	ends := "\r\n\"'"
	if name > 0 && (s.text[name-1] == '"' || s.text[name-1] == '\'') {
		ends = "\r\n" + s.text[name-1:name]
	}
	end := s.find(ends, at)
	for s.isInsideWord(end) {
		end = s.find(ends, end+1)
	}
	if value := s.text[at:end]; value != "" && value != redactedHeader(value) {
		s.leaveOut(at, end, redactedHeader(value))
		return
	}
	s.at = end
}

// isInsideWord tells whether a quotation mark stands between two parts of a word, so
// that it ends nothing.
func (s *scrubber) isInsideWord(at int) bool {
	const blank = " \t\r\n"
	return at > 0 && at+1 < len(s.text) && strings.IndexByte("\"'", s.text[at]) >= 0 &&
		strings.IndexByte(blank, s.text[at-1]) < 0 && strings.IndexByte(blank+",;:.)]}\\<>&\"'", s.text[at+1]) < 0
}

// isSecretHeader tells whether all that follows a name is secret, to the line's end.
func isSecretHeader(name string) bool {
	switch normal(name) {
	case "authorization", "proxyauthorization", "cookie", "setcookie", "apikey", "authtoken":
		return true
	}
	return false
}

// isWord tells whether a name is a word of prose too: "token=yes" may be a sentence.
func isWord(name string) bool {
	switch strings.ToLower(name) {
	case "token", "password", "secret", "signature", "credential", "credentials", "cookie", "pin", "bearer":
		return true
	}
	return false
}
