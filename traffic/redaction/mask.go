package redaction

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parleykit/parley/traffic"
)

// mask keeps the shape of a text that nobody understands: punctuation, white space,
// words of the contract and a few of everyday use. Every other word becomes as many
// marks, and a number zeros, so that lines and columns stay.
func (r *Redactor) mask(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	for i := 0; i < len(text); {
		if strings.HasPrefix(text[i:], traffic.Redacted) {
			out.WriteString(traffic.Redacted)
			i += len(traffic.Redacted)
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		if !isLetter(c) {
			if c >= 0x80 && !unicode.IsPunct(c) && !unicode.IsSpace(c) && !unicode.Is(unicode.Cf, c) && c != utf8.RuneError {
				c = traffic.Masked
			}
			out.WriteRune(c)
			i += size
			continue
		}
		end := i + size
		for end < len(text) {
			c, size := utf8.DecodeRuneInString(text[end:])
			if !isLetter(c) {
				break
			}
			end += size
		}
		r.maskWord(&out, text[i:end])
		i = end
	}
	return out.String()
}

func (r *Redactor) maskWord(out *strings.Builder, word string) {
	lower := strings.ToLower(word)
	if r.lexicon.Load().words[lower] || everyday[lower] {
		out.WriteString(word)
		return
	}
	mark := '0'
	for _, c := range word {
		if c < '0' || c > '9' {
			mark = traffic.Masked
			break
		}
	}
	for range utf8.RuneCountInString(word) {
		out.WriteRune(mark)
	}
}

func isLetter(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) || c == '_'
}

// wordsOf takes a name apart into what mask takes for words.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return !isLetter(c) })
}

// everyday are words that answers are made of which are no JSON, and pages of
// proxies and web servers. No secret is made of them alone.
var everyday = setOf(strings.Fields(`
true false null nil undefined nan none yes no ok
api authorization basic bearer
a an and are as at be been before but by can could did do does for from has have here if in into is it its may more must
not of off on only or other our out please should some such than that the their there these they this to too try up use was
we were what when where which while who will with you your
accepted access again already allowed already answer application argument available bad body bytes call cannot cause
channel client close closed code conflict connection contact content created data denied description did direct due error
errors event exception exists expected expired failed failure field fields file forbidden format found gateway get header
html http https implemented incorrect internal invalid json key large length limit long malformed message method missing
moved multiple name nginx no number object occurred parameter parameters parse path permanently post processing proxy
received redirect refused rejected request required resource response retry server service size status string success
successful successfully supported syntax system temporarily text timeout time timed token type unable unauthorized
unavailable undefined unexpected unknown unprocessable unsupported url user utf value version wrong xml
br div doctype em h1 h2 h3 head hr lang li meta p pre span strong style table tbody td th title tr ul charset encoding
envelope soap xmlns`)...)
