package redaction

import (
	"slices"
	"strings"

	"github.com/parleykit/parley/traffic"
)

// span is a part of a text, from start to before end.
type span struct{ start, end int }

// maxLayers is how often a value may be escaped: JSON inside JSON inside a URL.
const maxLayers = 4

// in tells whether a text has one of the secrets.
func (k *known) in(text string) bool { return len(k.spans(text)) > 0 }

// spans finds the secrets of a text, in order and apart, also as they are after
// escapes are undone.
func (k *known) spans(text string) []span {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if len(k.secrets) == 0 {
		return nil
	}
	present := escapesIn(text)
	found := k.searchUnescaped(k.search(nil, text, nil), text, present)
	if several := present&(present-1) != 0; several {
		for left := present; left != 0; left &= left - 1 {
			found = k.searchUnescaped(found, text, left&-left) // one kind alone
		}
	}
	return merged(found)
}

// searchUnescaped finds secrets behind some kinds of escapes, layer by layer.
func (k *known) searchUnescaped(found []span, text string, kinds escapes) []span {
	if kinds == 0 {
		return found
	}
	plain := (&unescaped{text: text}).undo(kinds)
	for layer := 0; plain != nil && layer < maxLayers; layer++ {
		found = k.search(found, plain.text, plain)
		plain = plain.undo(kinds)
	}
	return found
}

// search finds secrets as they are written. From is of a text that was undone; nil where
// it is the original.
func (k *known) search(found []span, text string, from *unescaped) []span {
	if len(text) < partSize || k.filter == nil {
		return k.searchPlain(found, text, from)
	}
	part := uint32(text[0])<<16 | uint32(text[1])<<8 | uint32(text[2])
	for i := partSize - 1; i < len(text); i++ {
		part = part<<8 | uint32(text[i])
		if h := k.hash(part); k.filter[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, p := range k.parts[part] {
			start := i - (partSize - 1) - p.offset
			if start < 0 || !strings.HasPrefix(text[start:], p.text) {
				continue
			}
			end := start + len(p.text)
			if p.base64 {
				start, end = aroundBase64(text, start, end)
			}
			found = append(found, original(span{start, end}, from))
		}
	}
	return k.searchPlain(found, text, from)
}

func original(s span, from *unescaped) span {
	if from == nil {
		return s
	}
	return span{from.original(s.start), from.original(s.end)}
}

// aroundBase64 takes the characters at both ends that hold bits of the secret too.
func aroundBase64(text string, start, end int) (int, int) {
	const each = 2 // and padding
	for n := 0; n < each && start > 0 && isBase64(text[start-1]); n++ {
		start--
	}
	for n := 0; n < each && end < len(text) && isBase64(text[end]); n++ {
		end++
	}
	for end < len(text) && text[end] == '=' {
		end++
	}
	return start, end
}

// searchPlain finds secrets that are everyday words, where the text says that they
// are secrets: behind a word such as token, as a word of their own.
func (k *known) searchPlain(found []span, text string, from *unescaped) []span {
	for _, word := range k.plain {
		for at := 0; ; {
			i := strings.Index(text[at:], word)
			if i < 0 {
				break
			}
			start, end := at+i, at+i+len(word)
			at = end
			if (end == len(text) || !isWordByte(text[end])) && (start == 0 || !isWordByte(text[start-1])) && isCalledSecret(text[:start]) {
				found = append(found, original(span{start, end}, from))
			}
		}
	}
	return found
}

// isCalledSecret tells whether a text ends with what a secret may follow: "token",
// "the token is", "password: '".
func isCalledSecret(before string) bool {
	before = before[max(0, len(before)-40):]
	for range 3 {
		before = strings.TrimRight(before, " \t\r\n:=\"'`<({[“”„‘’\\>,")
		i := strings.LastIndexFunc(before, func(r rune) bool { return r < 0x80 && !isNameByte(byte(r)) })
		word := before[i+1:]
		switch {
		case word == "":
			return false
		case weigh(word) == certain:
			return true
		}
		switch strings.ToLower(word) {
		case "is", "was", "of", "value", "wrong", "given", "got", "the", "bearer":
			before = before[:i+1]
			continue
		}
		return false
	}
	return false
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func isBase64(c byte) bool { return isWordByte(c) && c < 0x80 || c == '+' || c == '/' || c == '-' }

// merged sorts spans and joins those that touch or overlap.
func merged(found []span) []span {
	if len(found) < 2 {
		return found
	}
	slices.SortFunc(found, func(a, b span) int { return a.start - b.start })
	last := 0
	for _, s := range found[1:] {
		if s.start <= found[last].end {
			found[last].end = max(found[last].end, s.end)
			continue
		}
		last++
		found[last] = s
	}
	return found[:last+1]
}

// values leaves what is known by value out of a text. A text that was cut may end
// in the beginning of a secret.
func (p *pass) values(text string) string {
	if p.clean || text == "" {
		return text
	}
	found := p.known.spans(text)
	if rest, ok := strings.CutSuffix(text, "…"); ok {
		if n := p.known.begun(rest); n > 0 {
			found = merged(append(found, span{len(rest) - n, len(rest)}))
		}
	}
	return without(text, found)
}

func without(text string, found []span) string {
	if len(found) == 0 {
		return text
	}
	var out strings.Builder
	from := 0
	for _, s := range found {
		out.WriteString(text[from:s.start] + traffic.Redacted)
		from = s.end
	}
	return out.String() + text[from:]
}

// begun is how many bytes at the end of a text that was cut are the beginning of a
// secret; 0 where fewer than a part are.
func (k *known) begun(text string) int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	longest := 0
	for _, s := range k.secrets {
		if len(s.patterns) == 0 {
			continue
		}
		for n := min(len(s.text)-1, len(text)); n >= partSize && n > longest; n-- {
			if strings.HasSuffix(text, s.text[:n]) {
				longest = n
			}
		}
	}
	return longest
}
