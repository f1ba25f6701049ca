package redaction

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/traffic"
)

// json redacts a text that is one JSON value, exactly: no text inside a string can
// mislead it. It returns false for any other text.
func (p *pass) json(text string) (string, bool) {
	body := strings.TrimPrefix(text, "\ufeff")
	if !isJSON(body) || !utf8.ValidString(body) {
		return "", false
	}
	w := jsonWalk{pass: p, text: text, at: len(text) - len(body), stack: make([]container, 0, 8)}
	if !p.clean {
		w.hits = p.known.spans(text)
	}
	before := p.clean
	w.walk()
	p.clean = before
	return w.result(), true
}

// jsonWalk goes through a valid JSON text once, and notes what is to be replaced.
type jsonWalk struct {
	*pass
	text  string
	at    int
	hits  []span // of secrets that are known by value, from here on
	stack []container
	cuts  []cut

	searched bool // for hits, although nothing else needs them
}

type cut struct {
	span
	instead string
}

// container is an object or array that is open.
type container struct {
	object bool
	key    bool   // a key comes next
	name   string // the key whose value comes next
	weight weight // of that name
	under  bool   // it stands somewhere below such a name as auth or key
	named  weight // of the name in {"name": "token", "value": …}
	value  span   // of the value in it, where that came first
}

// hit tells whether a secret that is known by value stands in a part of the text.
// Parts are asked for in order.
func (w *jsonWalk) hit(start, end int) bool {
	for len(w.hits) > 0 && w.hits[0].end <= start {
		w.hits = w.hits[1:]
	}
	return len(w.hits) > 0 && w.hits[0].start < end
}

func (w *jsonWalk) walk() {
	for w.at < len(w.text) {
		switch c := w.text[w.at]; c {
		case ' ', '\t', '\r', '\n', ':', ',':
			w.at++
		case '{', '[':
			if w.top().weight == certain {
				w.secretContainer()
				continue
			}
			under := w.top().weight == maybe || w.top().under
			w.ended()
			w.at++
			w.stack = append(w.stack, container{object: c == '{', key: c == '{', under: under})
		case '}', ']':
			w.at++
			w.stack = w.stack[:len(w.stack)-1]
		case '"':
			w.string()
		default:
			w.literal()
		}
	}
}

// top is the container around; an empty one around the whole value.
func (w *jsonWalk) top() *container {
	if len(w.stack) == 0 {
		return &container{}
	}
	return &w.stack[len(w.stack)-1]
}

// ended notes that a value was read, so that a key comes next.
func (w *jsonWalk) ended() {
	if in := w.top(); in.object {
		in.key, in.weight = true, harmless
	}
}

func (w *jsonWalk) string() {
	start := w.at
	w.at = endOfString(w.text, start)
	raw := w.text[start+1 : w.at-1]
	text := raw
	if strings.IndexByte(raw, '\\') >= 0 {
		text = unquoted(w.text[start:w.at])
	}
	in := w.top()
	if in.object && in.key {
		in.key, in.name, in.weight = false, text, w.weigh(text)
		if in.under && mustBeSecret(text) {
			w.replace(start, w.at, `"`+traffic.Redacted+`"`)
			return
		}
		w.inside(start, raw, text, true)
		return
	}
	switch {
	case text == "":
	case in.weight == certain && text != "true" && text != "false", in.weight == maybe && !isTelling(text), in.under && mustBeSecret(text):
		w.learn(text)
		w.replace(start, w.at, `"`+traffic.Redacted+`"`)
	default:
		w.inside(start, raw, text, false)
		w.pair(in, start, text)
	}
	w.ended()
}

// unquoted is a string of JSON without its escapes. It is a function of its own, so
// that strings without escapes need no place in memory.
func unquoted(written string) (text string) {
	_ = json.Unmarshal([]byte(written), &text) // it is valid
	return text
}

// pair looks for a secret in {"name": "token", "value": "…"}, in either order.
func (w *jsonWalk) pair(in *container, start int, text string) {
	switch {
	case !in.object: // ["--token", "…"]
		if in.named.hides(text) && in.value.end > 0 {
			w.learn(text)
			w.replace(start, w.at, `"`+traffic.Redacted+`"`)
		}
		in.named, in.value = min(w.weigh(strings.TrimLeft(text, "-")), maybe), span{start, w.at}
		if strings.HasPrefix(text, "-") {
			in.named = w.weigh(strings.TrimLeft(text, "-"))
		}
	case isPairName(in.name):
		in.named = w.weigh(text)
		if value := in.value; value.end > 0 && in.named.hides(strings.Trim(w.text[value.start:value.end], `"`)) {
			w.replace(in.value.start, in.value.end, `"`+traffic.Redacted+`"`)
		}
	case isPairValue(in.name):
		if in.named.hides(text) {
			w.learn(text)
			w.replace(start, w.at, `"`+traffic.Redacted+`"`)
			return
		}
		in.value = span{start, w.at}
	}
}

// isShortKey tells whether a key may be one of those of pairs, by what it begins with and by
// its length, however its case is.
func isShortKey(key string) bool {
	const longest, perLetter = len("parameter"), 3 // bytes, where ToLower makes ASCII of it
	if key == "" || !pairBytes[key[0]] || len(key) > longest*perLetter {
		return false
	}
	return len(key) <= longest || strings.IndexFunc(key, func(c rune) bool { return c >= 0x80 }) >= 0
}

// pairBytes are those with which the keys of pairs begin.
var pairBytes = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= 0x80 || strings.IndexByte("nkhfpvco", byte(c|0x20)) >= 0
	}
	return table
}()

func isPairName(key string) bool {
	if !isShortKey(key) {
		return false
	}
	switch strings.ToLower(key) {
	case "name", "key", "header", "field", "param", "parameter", "property", "k", "path":
		return true
	}
	return false
}

func isPairValue(key string) bool {
	if !isShortKey(key) {
		return false
	}
	switch strings.ToLower(key) {
	case "value", "val", "content", "values", "v", "new", "old":
		return true
	}
	return false
}

// inside redacts what a string holds, such as JSON or a URL. Of a key only what is
// known by value, and URLs.
func (w *jsonWalk) inside(start int, raw, text string, key bool) {
	shown, hit := text, w.hit(start, w.at)
	w.clean = !hit
	if key && strings.IndexByte(text, ':') >= 0 && strings.Contains(text, "://") || !key && mayHold(text) {
		shown = w.value(text)
	} else if hit {
		shown = w.values(text)
	}
	switch {
	case shown != text:
		w.replace(start, w.at, string(plainjson.AppendString(nil, shown)))
	case hit: // what is left of it as it is written
		if shown = w.values(raw); shown != raw {
			w.replace(start, w.at, `"`+shown+`"`)
		}
	}
}

// literal passes a number, true, false or null.
func (w *jsonWalk) literal() {
	start := w.at
	for w.at < len(w.text) && strings.IndexByte(",]} \t\r\n", w.text[w.at]) < 0 {
		w.at++
	}
	text := w.text[start:w.at]
	isNumber := text[0] == '-' || text[0] >= '0' && text[0] <= '9'
	weight := w.top().weight
	if w.learning && isNumber && len(text) >= shortestLearned && !w.searched {
		w.hits, w.searched = w.known.spans(w.text), true // a number may be a part of a secret
	}
	if isNumber && (weight == certain || weight == maybe && !isTelling(text) || w.hit(start, w.at)) {
		w.learn(text)
		w.replace(start, w.at, `"`+traffic.Redacted+`"`)
	}
	w.ended()
}

// secretContainer leaves a whole object or array out, and learns its strings.
func (w *jsonWalk) secretContainer() {
	start, depth := w.at, 0
	for {
		switch w.text[w.at] {
		case '"':
			end := endOfString(w.text, w.at)
			if text := w.text[w.at+1 : end-1]; !strings.HasPrefix(strings.TrimLeft(w.text[end:], " \t\r\n"), ":") {
				w.learn(text)
			}
			w.at = end
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		w.at++
		if depth == 0 {
			break
		}
	}
	if inner := strings.Trim(w.text[start+1:w.at-1], blanks); inner != "" {
		w.replace(start, w.at, `"`+traffic.Redacted+`"`)
	}
	w.ended()
}

func endOfString(text string, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func (w *jsonWalk) replace(start, end int, instead string) {
	if w.learning {
		return
	}
	w.cuts = append(w.cuts, cut{span{start, end}, instead})
}

func (w *jsonWalk) result() string {
	if len(w.cuts) == 0 {
		return w.text
	}
	slices.SortStableFunc(w.cuts, func(a, b cut) int { return a.start - b.start })
	var out strings.Builder
	from := 0
	for i, c := range w.cuts {
		if i+1 < len(w.cuts) && w.cuts[i+1].start == c.start { // the later one knows more
			continue
		}
		out.WriteString(w.text[from:c.start] + c.instead)
		from = c.end
	}
	return out.String() + w.text[from:]
}
