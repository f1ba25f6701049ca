package redaction

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/traffic"
)

// deepest is how often data may hold data that holds data; what is deeper is masked,
// since looking into it takes time again and again.
const deepest = 12

// mayHold tells whether a string can hold more than a word or a sentence.
func mayHold(text string) bool {
	run := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '=' || c == ':' || c == '%' || c == '{' || c == '<' || c == '&' || c == '\\' || c == '\n' || c == '"':
			return true
		case isWordByte(c) || c == '+' || c == '/' || c == '-':
			if run++; run >= shortestEncoded {
				return true
			}
		default:
			run = 0
		}
	}
	return strings.Contains(text, " ") && mayNameSecret(text)
}

// mayNameSecret looks for the words that prose has before a secret.
func mayNameSecret(text string) bool {
	for i := range len(text) {
		switch before := text[:i]; text[i] {
		case ' ':
			for _, word := range [...]string{"earer", "EARER", "key", "oken", "assword", "ecret"} {
				if strings.HasSuffix(before, word) {
					return true
				}
			}
		case ',':
			if strings.HasSuffix(before, "earer") {
				return true
			}
		case '-':
			if strings.HasSuffix(before, "-") {
				return true
			}
		}
	}
	return false
}

// value redacts a string that is the value of something: JSON, a form, a URL, a
// text in base64, or prose. What has the form of data and is broken is masked.
func (p *pass) value(text string) string {
	if p.inside >= deepest {
		return p.values(p.mask(p.values(text)))
	}
	p.inside++
	defer func() { p.inside-- }()
	trimmed := strings.Trim(text, blanks)
	if trimmed == "" {
		return text
	}
	if strings.IndexByte("{[\"", trimmed[0]) >= 0 {
		if shown, ok := p.json(text); ok {
			return shown
		}
	}
	switch {
	case looksLikeData(trimmed) && !p.keep:
		return p.values(p.mask(p.values(text)))
	case isForm(trimmed, false):
		return p.pairs(text, "&", inForm)
	}
	if isURL(trimmed) {
		return p.url(text)
	}
	return p.encoded(p.text(text))
}

// looksLikeData tells whether a text begins as data does that is no JSON: broken
// JSON, XML, or YAML of several lines.
func looksLikeData(text string) bool {
	switch text[0] {
	case '{':
		return strings.ContainsAny(text, quoteMarks+":=")
	case '[':
		return len(text) > 1 && strings.IndexByte("{\"'[", text[1]) >= 0
	case '<':
		return len(text) > 3 && strings.IndexByte(text, '>') > 1 && (text[1] == '?' || text[1] == '!' || isNameByte(text[1]))
	}
	if !strings.Contains(text, "\n") {
		return false
	}
	keyed := 0 // lines such as "token: x"
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimLeft(line, " -\t"), ":")
		if ok && name != "" && !strings.ContainsAny(name, " \t/") {
			if w := weigh(name); w == certain || w == maybe && !isTelling(strings.Trim(value, blanks)) {
				return true
			}
			keyed++
		}
	}
	return strings.HasPrefix(text, "---") && keyed > 0
}

func isURL(text string) bool {
	scheme, _, ok := strings.Cut(text, "://")
	return ok && len(scheme) < 16 && !strings.ContainsAny(text, " \t\r\n\"") || text[0] == '/' && strings.ContainsAny(text, "?#") && !strings.ContainsAny(text, " \t\r\n\"")
}

// shortestEncoded is from how many characters on a word is looked into.
const shortestEncoded = 16

// encoded leaves words of base64 out that hold a secret when they are decoded, also
// as UTF-16 or compressed.
func (p *pass) encoded(text string) string {
	if p.learning {
		return text // what is decoded teaches nothing
	}
	if joined := unbroken.Replace(text); len(joined) < len(text) && len(joined) >= shortestEncoded && isOneWord(joined) && p.holdsSecret(joined) {
		return traffic.Redacted // base64 in lines
	}
	var found []span
	for i := 0; i < len(text); {
		if !isBase64(text[i]) && text[i] != '_' {
			i++
			continue
		}
		end := i
		for end < len(text) && (isBase64(text[end]) || text[end] == '_') {
			end++
		}
		if end-i >= shortestEncoded && p.holdsSecret(text[i:end]) {
			for end < len(text) && text[end] == '=' {
				end++
			}
			found = append(found, span{i, end})
		}
		i = end
	}
	return without(text, found)
}

var unbroken = strings.NewReplacer("\r", "", "\n", "", " ", "")

func isOneWord(text string) bool {
	return strings.IndexFunc(strings.TrimRight(text, "="), func(c rune) bool { return c >= 0x80 || !isBase64(byte(c)) && c != '_' }) < 0
}

var alphabet = strings.NewReplacer("-", "+", "_", "/")

// holdsSecret decodes a word and looks for what would be redacted in it.
func (p *pass) holdsSecret(word string) bool {
	const most = 2
	if p.depth >= most {
		return false
	}
	word = alphabet.Replace(strings.TrimRight(word, "="))
	data, err := hex.DecodeString(word)
	if err != nil {
		data, err = base64.RawStdEncoding.DecodeString(word)
	}
	if err != nil {
		data, err = base64.RawStdEncoding.DecodeString(word[:len(word)/4*4])
	}
	if err != nil {
		return false
	}
	data = inflated(data)
	text, _, ok := decodeText(string(data))
	if !ok || !utf8.ValidString(text) {
		return p.known.in(string(data))
	}
	inner := &pass{Redactor: p.Redactor, known: p.known, again: true, depth: p.depth + 1, inside: p.inside}
	shown, ok := inner.structured(text, "", false)
	if !ok {
		shown = inner.value(text)
	}
	return shown != text
}

// inflated undoes gzip or zlib, as far as that is reasonable for a value.
func inflated(data []byte) []byte {
	const most = 256 << 10
	var from io.Reader
	var err error
	switch {
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		from, err = gzip.NewReader(bytes.NewReader(data))
	case len(data) > 2 && data[0] == 0x78 && (uint(data[0])<<8|uint(data[1]))%31 == 0:
		from, err = zlib.NewReader(bytes.NewReader(data))
	default:
		return data
	}
	if err != nil {
		return data
	}
	plain, _ := io.ReadAll(io.LimitReader(from, most))
	return plain
}

// text redacts a text for people.
func (p *pass) text(text string) string {
	if text == "" {
		return ""
	}
	return p.values(p.prose(withoutPasswords(text)))
}

// url redacts a URL, absolute or as a request has it.
func (p *pass) url(text string) string {
	if text == "" {
		return ""
	}
	text = withoutPasswords(text)
	rest, fragment, hasFragment := strings.Cut(text, "#")
	path, query, hasQuery := strings.Cut(rest, "?")
	shown := p.path(path)
	if hasQuery {
		shown += "?" + p.pairs(query, "&", inQuery)
	}
	if hasFragment {
		shown += "#" + p.pairs(fragment, "&", inQuery)
	}
	return p.values(p.credentials(shown))
}

// mayLead tells whether a path has a segment that a secret may follow, or one with a
// value.
func mayLead(path string) bool {
	if strings.Contains(path, "=") {
		return true
	}
	for segment := range strings.SplitSeq(path, "/") {
		if weigh(segment) == certain {
			return true
		}
	}
	return false
}

// path leaves out what stands behind a segment such as token, unless it is a word.
func (p *pass) path(path string) string {
	if !mayLead(path) {
		return path
	}
	segments := strings.Split(path, "/")
	for i := 1; i < len(segments); i++ {
		if one := segments[i]; weigh(segments[i-1]) == certain && !isTelling(one) && looksRandom(one) {
			p.learn(one)
			segments[i] = traffic.Redacted
		} else if name, value, ok := strings.Cut(one, "="); ok && weigh(name[1+strings.LastIndexByte(name, ';'):]) == certain && value != "" {
			p.learn(value)
			segments[i] = name + "=" + traffic.Redacted
		}
	}
	return strings.Join(segments, "/")
}
