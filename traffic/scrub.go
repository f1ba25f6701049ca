package traffic

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	quoteMarks = "\"“”„‟«»″＂'‘’‚‛`"
	blanks     = " \t\r\n\u00a0\ufeff\u202f"
)

// scrubber copies a text and leaves the values of secret names out. It guesses
// where a text is broken, and rather leaves out too much.
type scrubber struct {
	names map[string]bool
	body  bool // the text is a body: a bare name with a colon is a key too
	text  string
	at    int
	out   strings.Builder
	from  int // what is not copied yet begins here
}

func (r *Redactor) scrub(text string, body bool) string {
	if body {
		if shown, ok := r.scrubJSON(text); ok {
			return shown
		}
	}
	s := scrubber{names: r.names, body: body, text: text}
	for s.at < len(text) {
		mark, size := utf8.DecodeRuneInString(text[s.at:])
		switch {
		case strings.ContainsRune(quoteMarks, mark):
			s.at += size
			s.quotedKey()
		case isNameByte(text[s.at]) && (s.at == 0 || !isNameByte(text[s.at-1])):
			s.bareKey()
		default:
			s.at += size
		}
	}
	if s.from == 0 {
		return credentials(text)
	}
	s.out.WriteString(text[s.from:])
	return credentials(s.out.String())
}

// quotedKey is called behind a quotation mark. It looks whether a secret name and
// another mark follow, and then for the value.
func (s *scrubber) quotedKey() {
	const longest = 256 // of a name, escaped
	rest := s.text[s.at:min(len(s.text), s.at+longest)]
	end := strings.IndexAny(rest, quoteMarks)
	if end <= 0 {
		return
	}
	key := strings.TrimRight(rest[:end], `\`)
	if !s.names[plain(key)] {
		return
	}
	_, size := utf8.DecodeRuneInString(rest[end:])
	after := s.at + end + size
	if s.body && strings.HasSuffix(strings.TrimRight(s.text[:s.at], quoteMarks), "name=") {
		s.formPart(after)
		return
	}
	s.keyed(after, true)
}

// between is what may stand between a key and its value, in JSON inside a JSON
// string too.
var between = regexp.MustCompile(`^(?:[:=>\s\x{a0}\x{feff}\x{202f}]|\\[ntr]|\\u003[de]|\\u00[aA]0)*`)

// keyed is called behind a secret name and looks for its value. In prose a name
// may be followed by anything, so the separator must be there; in a body that
// lost its colon, a string after a quoted key is taken for the value.
func (s *scrubber) keyed(at int, quoted bool) {
	value := at + len(between.FindString(s.text[at:]))
	rest := s.text[value:]
	separated := strings.ContainsAny(s.text[at:value], ":=")
	switch {
	case separated && (quoted || s.body || isQuoted(rest)):
		s.value(value)
	case value > at && quoted && s.body && isQuoted(rest):
		s.value(value)
	}
}

// value leaves out the value that begins at a place. An empty string, null and
// the end of the text hold no secret.
func (s *scrubber) value(at int) {
	level := len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], `\`))
	mark, size := utf8.DecodeRuneInString(s.text[at+level:])
	switch {
	case size == 0:
		s.at = at
	case strings.ContainsRune(quoteMarks, mark):
		start := at + level + size
		s.leaveOut(start, s.closing(start, mark, level), Redacted)
	case mark == '{' || mark == '[':
		s.leaveOut(at, s.balanced(at), `"`+Redacted+`"`)
	default:
		end := at + len(s.text[at:])
		if i := strings.IndexAny(s.text[at:], ",}]&;\r\n"+quoteMarks); i >= 0 {
			end = at + i
		}
		if word := strings.Trim(s.text[at:end], blanks); word == "null" || word == "" {
			s.at = end
			return
		}
		s.leaveOut(at, end, `"`+Redacted+`"`)
	}
}

func (s *scrubber) leaveOut(start, end int, instead string) {
	s.at = end
	if start == end {
		return
	}
	s.out.WriteString(s.text[s.from:start])
	s.out.WriteString(instead)
	s.from = end
}

// closing finds the end of a quoted value: a mark of its kind, escaped as its
// opening was, behind which something follows that may follow a string. Where
// none is, the text was cut, or is too broken to tell: then all of it is secret.
func (s *scrubber) closing(at int, opening rune, level int) int {
	single := strings.ContainsRune("'‘’‚‛`", opening)
	slashes := 0
	for i := at; i < len(s.text); {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if r == '\\' {
			slashes++
			i++
			continue
		}
		same := strings.ContainsRune(quoteMarks, r) && strings.ContainsRune("'‘’‚‛`", r) == single
		if same && slashes%(2*level+2) == level && s.mayFollow(i+size) {
			return i - level
		}
		slashes = 0
		i += size
	}
	return len(s.text)
}

func (s *scrubber) mayFollow(at int) bool {
	rest := strings.TrimLeft(s.text[at:], blanks)
	if rest == "" || strings.ContainsAny(rest[:1], ",}]:;)&\\") {
		return true
	}
	gap := s.text[at : len(s.text)-len(rest)]
	return strings.Contains(gap, "\n") || !s.body && gap != ""
}

// balanced finds the end of an object or array.
func (s *scrubber) balanced(at int) int {
	depth, quoted, escaped := 0, false, false
	for i, c := range s.text[at:] {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case strings.ContainsRune("\"“”„‟«»″＂", c):
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return at + i + 1
			}
		}
	}
	return len(s.text)
}

func isQuoted(text string) bool {
	r, size := utf8.DecodeRuneInString(strings.TrimLeft(text, `\`))
	return size > 0 && strings.ContainsRune(quoteMarks, r)
}

func isNameByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("_-.%+$[", c) >= 0
}

// plain undoes the escapes that a key may be written with, those of JSON inside
// JSON included.
func plain(key string) string {
	for range 3 {
		unquoted, err := strconv.Unquote(`"` + strings.ReplaceAll(key, `\/`, "/") + `"`)
		if err != nil || unquoted == key {
			break
		}
		key = unquoted
	}
	return strings.ToLower(strings.Trim(key, blanks))
}
