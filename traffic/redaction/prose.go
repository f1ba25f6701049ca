package redaction

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/traffic"
)

const (
	quoteMarks = "\"“”„‟«»″＂'‘’‚‛`"
	blanks     = " \t\r\n\u00a0\ufeff\u202f"
)

// scrubber copies a text for people and leaves the values of secret names out. It
// guesses where such a value ends, and rather leaves out too much.
type scrubber struct {
	*pass
	text string
	at   int
	out  strings.Builder
	from int // what is not copied yet begins here
}

// prose redacts a text by the names in it, and by what shows itself to be a secret.
func (p *pass) prose(text string) string {
	s := scrubber{pass: p, text: text}
	for s.at < len(text) {
		mark, size := rune(text[s.at]), 1
		if mark >= utf8.RuneSelf {
			mark, size = utf8.DecodeRuneInString(text[s.at:])
		}
		switch {
		case isQuoteMark(mark):
			s.at += size
			s.quotedKey()
		case size == 1 && isNameByte(text[s.at]) && (s.at == 0 || !isNameByte(text[s.at-1])):
			s.bareKey()
		default:
			s.at += size
		}
	}
	if s.from == 0 {
		return p.credentials(text)
	}
	s.out.WriteString(text[s.from:])
	return p.credentials(s.out.String())
}

// credentials teach nothing.
func (p *pass) credentials(text string) string {
	if p.learning {
		return text
	}
	return credentials(text)
}

func isQuoteMark(c rune) bool {
	if c < utf8.RuneSelf {
		return c == '"' || c == '\'' || c == '`'
	}
	return strings.ContainsRune(quoteMarks, c)
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
	if s.weigh(plain(key)) != certain {
		return
	}
	_, size := utf8.DecodeRuneInString(rest[end:])
	s.keyed(s.at+end+size, true)
}

// between is what may stand between a key and its value, in JSON inside a JSON
// string too.
var between = lazy.Regexp(`^(?:[:=>\s\x{a0}\x{feff}\x{202f}]|\\[ntr]|\\u003[de]|\\u00[aA]0)*`)

// keyed is called behind a secret name and looks for its value. In prose a name may
// be followed by anything: the separator must be there, and a value without
// quotation marks must look like a secret.
func (s *scrubber) keyed(at int, quoted bool) {
	value := at + len(between().FindString(s.text[at:]))
	for _, verb := range []string{"is ", "was "} {
		if strings.HasPrefix(s.text[value:], verb) && value > at && !quoted {
			value += len(verb)
		}
	}
	rest := s.text[value:]
	separated := strings.ContainsAny(s.text[at:value], ":=")
	switch {
	case separated && (quoted || isQuoted(rest)):
		s.secret(value)
	case separated || value > at && !quoted:
		end := s.find(ends+",;)", value)
		if word := strings.TrimRight(s.text[value:end], ".!?:"); looksRandom(word) && len(word) >= partSize && !isTelling(word) && (separated || len(word) >= 8) {
			s.learn(word)
			s.leaveOut(value, value+len(word), traffic.Redacted)
		}
	}
}

// secret leaves out the value that begins at a place. An empty string, null and
// the end of the text hold no secret.
func (s *scrubber) secret(at int) {
	level := len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], `\`))
	mark, size := utf8.DecodeRuneInString(s.text[at+level:])
	switch {
	case size == 0:
		s.at = at
	case strings.ContainsRune(quoteMarks, mark):
		start := at + level + size
		end := s.closing(start, mark, level)
		s.learn(s.text[start:end])
		s.leaveOut(start, end, traffic.Redacted)
	case mark == '{' || mark == '[':
		s.leaveOut(at, s.balanced(at), `"`+traffic.Redacted+`"`)
	default:
		end := at + len(s.text[at:])
		if i := strings.IndexAny(s.text[at:], ",}]&;\r\n"+quoteMarks); i >= 0 {
			end = at + i
		}
		if word := strings.Trim(s.text[at:end], blanks); word == "null" || word == "" {
			s.at = end
			return
		}
		s.leaveOut(at, end, `"`+traffic.Redacted+`"`)
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
	return gap != ""
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
