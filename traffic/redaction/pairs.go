package redaction

import (
	"net/url"
	"strings"

	"github.com/parleykit/parley/traffic"
)

// place is where pairs of name and value stand.
type place int

const (
	inForm place = iota
	inQuery
	inCookie
)

// pairs redacts the values of name=value pairs, and the names that are data
// themselves. What it does not change stays as it was written.
func (p *pass) pairs(text, separator string, in place) string {
	list := strings.Split(text, separator)
	named := p.namedSecrets(list, in)
	for i, pair := range list {
		if pair != "" {
			list[i] = p.onePair(pair, in, named)
		}
	}
	return strings.Join(list, separator)
}

// namedSecrets finds pairs such as x[name]=token, whose secret is that of x[value].
// It returns what stands before the last part of such names.
func (p *pass) namedSecrets(list []string, in place) map[string]weight {
	var named map[string]weight
	for _, pair := range list {
		name, value, _ := strings.Cut(pair, "=")
		outer, last := lastPart(decodedPart(name, in))
		if w := p.weigh(decodedPart(value, in)); w != harmless && isPairName(last) {
			if named == nil {
				named = map[string]weight{}
			}
			named[outer] = w
		}
	}
	return named
}

// lastPart takes x[name] and x.name apart.
func lastPart(name string) (outer, last string) {
	name = strings.TrimRight(name, "]")
	at := strings.LastIndexAny(name, "[.") + 1
	return name[:at], name[at:]
}

func (p *pass) onePair(pair string, in place, named map[string]weight) string {
	name, value, paired := strings.Cut(pair, "=")
	decoded := decodedPart(name, in)
	if shown := p.partOf(name, decoded, in); shown != name {
		name = shown
	}
	if !paired {
		return name
	}
	plain := decodedPart(value, in)
	weight := p.weigh(strings.TrimSpace(decoded[1+strings.LastIndexByte(decoded, ';'):])) // &amp;token=
	if outer, last := lastPart(decoded); isPairValue(last) {
		weight = max(weight, named[outer])
	}
	switch weight {
	case certain:
		if plain != "" && plain != "true" && plain != "false" {
			p.learn(plain)
			return name + "=" + traffic.Redacted
		}
	case maybe:
		if in == inForm && isTelling(plain) || len(plain) < 4 || isShortNumber(plain) {
			break
		}
		p.learn(plain)
		return name + "=" + traffic.Redacted
	}
	if first, rest, ok := strings.Cut(value, ";"); ok && strings.Contains(rest, "=") { // which some take for &
		return name + "=" + p.partOf(first, decodedPart(first, in), in) + ";" + p.pairs(rest, ";", in)
	}
	return name + "=" + p.partOf(value, plain, in)
}

// partOf redacts a name or value that may be data, and encodes it again if it was.
func (p *pass) partOf(written, plain string, in place) string {
	shown := plain
	if mayHold(plain) {
		shown = p.value(plain)
	}
	if shown = p.values(shown); shown == plain {
		return p.values(written)
	}
	if in == inCookie {
		return shown
	}
	return strings.ReplaceAll(url.QueryEscape(shown), url.QueryEscape(traffic.Redacted), traffic.Redacted)
}

func isShortNumber(text string) bool {
	return len(text) <= 4 && strings.Trim(text, "0123456789") == ""
}

func decodedPart(text string, in place) string {
	if in == inCookie || !strings.ContainsAny(text, "%+") {
		return text
	}
	decoded, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return decoded
}

// isForm tells whether a text is a form: pairs without what a form escapes. One
// that is not declared as such must have names as forms have them.
func isForm(text string, declared bool) bool {
	if !strings.Contains(text, "=") {
		return false
	}
	const foreign = "\"<>{}\\`: \t\r\n"
	if !declared && strings.IndexFunc(text, func(c rune) bool { return c <= ' ' || c >= 0x7f || c != ':' && strings.ContainsRune(foreign, c) }) >= 0 {
		return false
	}
	for pair := range strings.SplitSeq(text, "&") {
		name, value, ok := strings.Cut(pair, "=")
		if declared {
			if strings.ContainsAny(strings.Trim(name, " "), foreign) {
				return false
			}
			continue
		}
		if !ok || name == "" || value == "" || len(name) > 64 || strings.ContainsAny(name, ":/?") || strings.HasPrefix(value, "=") || looksRandom(name) && len(name) > 16 {
			return false
		}
	}
	return true
}
