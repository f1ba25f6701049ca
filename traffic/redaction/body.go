package redaction

import (
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/parleykit/parley/traffic"
)

const formType = "application/x-www-form-urlencoded"

// body redacts a body by what it is. Of one that is no text only size and hash are
// left.
func (p *pass) body(b traffic.Body, h http.Header) traffic.Body {
	if len(b.Kept) == 0 {
		return b
	}
	given := string(b.Kept)
	shown, ok := p.content(given, h.Get("Content-Type"), b.Cut())
	switch {
	case ok && shown == given:
		return b
	case ok:
		return traffic.Body{Kept: []byte(shown), Size: b.Size - int64(len(given)) + int64(len(shown))}
	}
	hash := b.SHA256
	if hash == "" && !b.Cut() {
		sum := sha256.Sum256(b.Kept)
		hash = hex.EncodeToString(sum[:])
	}
	return traffic.Body{Size: b.Size, SHA256: hash}
}

// content redacts what a body, or a part of one, holds. It is false for what is no
// text.
func (p *pass) content(given, contentType string, cut bool) (string, bool) {
	if p.inside >= deepest {
		return "", false
	}
	p.inside++
	defer func() { p.inside-- }()
	kind, parameters := mediaType(contentType)
	if boundary, ok := boundaryOf(given, kind, parameters["boundary"]); ok {
		return p.multipart(given, boundary), true
	}
	text, whole, ok := decodeText(given)
	if !ok {
		if p.keep {
			return p.values(given), true
		}
		return "", false
	}
	if whole {
		if shown, ok := p.structured(text, kind, cut); ok {
			return shown, true
		}
	}
	if p.keep {
		return p.text(text), true
	}
	return p.values(p.mask(p.values(text))), true
}

// structured redacts a text whose form is known.
func (p *pass) structured(text, kind string, cut bool) (string, bool) {
	switch {
	case strings.Trim(text, blanks) == "":
		return text, true
	case isForm(text, kind == formType):
		return p.pairs(text, "&", inForm), true
	}
	if shown, ok := p.json(text); ok {
		if alone := strings.Trim(text, blanks); alone[0] == '"' && !strings.ContainsAny(alone, " {\\") && mustBeSecret(strings.Trim(alone, `"`)) {
			return `"` + traffic.Redacted + `"`, true // as some answer with a token
		}
		return shown, true
	}
	if shown, ok := p.jsonLines(text, cut); ok {
		return shown, true
	}
	if cut {
		return p.cutJSON(text)
	}
	return "", false
}

// jsonLines redacts several JSON values, one a line, of which the last may be cut.
func (p *pass) jsonLines(text string, cut bool) (string, bool) {
	lines := strings.Split(text, "\n")
	if len(lines) < 2 {
		return "", false
	}
	values := 0
	for i, line := range lines {
		if strings.Trim(line, blanks) == "" {
			continue
		}
		shown, ok := p.json(line)
		if !ok && cut && i == len(lines)-1 && values > 0 {
			shown, ok = p.cutJSON(line)
		}
		if !ok {
			return "", false
		}
		lines[i] = shown
		values++
	}
	return strings.Join(lines, "\n"), values > 0
}

// cutJSON redacts the beginning of a JSON text: what is whole of it as JSON, and
// the rest as what nobody understands.
func (p *pass) cutJSON(text string) (string, bool) {
	end, closing := wholeOf(text)
	if end == 0 || !isJSON(text[:end]+closing) {
		return "", false
	}
	shown, ok := p.json(text[:end] + closing)
	if !ok {
		return "", false
	}
	return strings.TrimSuffix(shown, closing) + p.values(p.mask(text[end:])), true
}

// wholeOf finds the last place of a JSON text behind which only brackets are
// missing, and these.
func wholeOf(text string) (end int, closing string) {
	end, _ = scanJSON(text)
	_, open := scanJSON(text[:end])
	return end, reversed(open)
}

// scanJSON returns the last place behind a bracket or before a comma, and the
// brackets that close what is open at the end.
func scanJSON(text string) (last int, open []byte) {
	quoted, escaped := false, false
	for i := range len(text) {
		c := text[i]
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			last, open = i+1, append(open, '}')
		case c == '[':
			last, open = i+1, append(open, ']')
		case c == '}' || c == ']':
			last, open = i+1, open[:max(0, len(open)-1)]
		case c == ',':
			last = i
		}
	}
	return last, open
}

func reversed(open []byte) string {
	var out strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		out.WriteByte(open[i])
	}
	return out.String()
}

// mediaType reads a content type as leniently as receivers do.
func mediaType(contentType string) (string, map[string]string) {
	if contentType == "" || contentType == "application/json" {
		return contentType, nil
	}
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
	}
	return strings.ToLower(strings.TrimSpace(kind)), parameters
}

// decodeText reads a body as UTF-8, or as UTF-16 where it begins so or has zeros
// for every other byte. Whole is false where something could not be read.
func decodeText(given string) (text string, whole, ok bool) {
	if isPlainASCII(given) {
		return given, true, true
	}
	if wide, ok := decodeUTF16(given); ok {
		return wide, utf8.ValidString(wide), true
	}
	controls, foreign := 0, 0
	for _, c := range given {
		switch {
		case c == utf8.RuneError:
			foreign++
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f:
			controls++
		}
	}
	const few = 10 // one in so many
	if controls*few > len(given) || foreign*few > len(given) {
		return "", false, false
	}
	if !utf8.ValidString(given) {
		if controls > 0 {
			return "", false, false
		}
		return strings.ToValidUTF8(given, string(utf8.RuneError)), false, true
	}
	return given, true, true
}

// isPlainASCII tells of a text of ASCII that it has no controls but those of white space.
func isPlainASCII(given string) bool {
	for i := range len(given) {
		if oddBytes[given[i]] {
			return false
		}
	}
	return true
}

var oddBytes = func() (table [256]bool) {
	for c := range table {
		table[c] = c < ' ' && c != '\t' && c != '\n' && c != '\r' || c >= 0x7f
	}
	return table
}()

// decodeUTF16 reads UTF-16 of either order.
func decodeUTF16(given string) (string, bool) {
	if len(given) < 4 {
		return "", false
	}
	low, high := 0, 0 // zeros at even and at odd places
	for i := range min(len(given), 512) {
		if given[i] == 0 && i%2 == 0 {
			low++
		} else if given[i] == 0 {
			high++
		}
	}
	most := min(len(given), 512) / 4
	var big bool
	switch {
	case strings.HasPrefix(given, "\xff\xfe"), high > most && low*4 < high:
	case strings.HasPrefix(given, "\xfe\xff"), low > most && high*4 < low:
		big = true
	default:
		return "", false
	}
	var out strings.Builder
	units := make([]uint16, 0, len(given)/2)
	for i := 0; i+1 < len(given); i += 2 {
		a, b := uint16(given[i]), uint16(given[i+1])
		if big {
			a, b = b, a
		}
		units = append(units, b<<8|a)
	}
	for _, c := range utf16.Decode(units) {
		if c == 0 {
			return "", false // UTF-32, or no text
		}
		out.WriteRune(c)
	}
	return out.String(), true
}
