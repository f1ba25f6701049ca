package redaction

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/traffic"
)

// beginning is what may stand before a word that is looked for: anything but a
// letter or digit, or an escape that ends in one.
const beginning = `(?:^|[^A-Za-z0-9_-]|%(?:25)*[0-9A-Fa-f]{2}|\\u[0-9a-fA-F]{4}|\\[nrt])`

var (
	// encodedParameter is name=value in a URL that is itself the value of a
	// parameter, once or more times escaped.
	encodedParameter = lazy.Regexp(beginning + `([A-Za-z_-]{1,40})%(?:25)*3[dD]`)
	encodedEnd       = lazy.Regexp(`%(?:25)*(?:2[236]|3[cCeE])|[&#"“”„‟«»'<>\s]|\\["nrtu]`)

	// bearer is the scheme with credentials behind it (RFC 6750, section 2.1), in a
	// JSON string or a URL escaped.
	bearer = lazy.Regexp(`(?i)` + beginning + `bearer(?:,?[ \t\x{a0}]+|\+|%(?:25)*20|\\t|\\u00(?:20|a0))+` +
		`((?:[A-Za-z0-9._~+/=-]|%(?:25)*(?:2[bdef]|3d|5f|7e)|\\/|\\u00(?:2[bdf]|3d))+)`)
)

// shaped are secrets that have a form of their own: JSON Web Tokens (RFC 7519), keys
// in PEM (RFC 7468), and those of large providers, which begin with a name.
var shaped = lazy.Regexp(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?` +
	`|-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)` +
	`|\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abposr]-[A-Za-z0-9-]{8,}|[sr]k_(?:live|test)_\w{8,}|AKIA[A-Z0-9]{12,}|AIza[\w-]{20,})`)

// mayBeShaped finds what each of these must have, in one pass: it is asked of every text.
func mayBeShaped(text string) bool {
	for i := range len(text) {
		if !shapeMarks[text[i]] {
			continue
		}
		before, rest := text[:i], text[i:]
		switch text[i] {
		case 'J':
			if strings.HasSuffix(before, "ey") {
				return true
			}
		case 'B':
			if strings.HasSuffix(before, "-----") {
				return true
			}
		case '_': // gho_, github_pat_, sk_live_
			if i >= 3 && text[i-3:i-1] == "gh" || strings.HasPrefix(rest, "_pat_") || strings.HasPrefix(rest, "_live_") || strings.HasPrefix(rest, "_test_") {
				return true
			}
		case '-':
			if strings.HasSuffix(before, "glpat") || i >= 4 && text[i-4:i-1] == "xox" {
				return true
			}
		case 'I': // AKIA and AIza
			if strings.HasSuffix(before, "A") || strings.HasSuffix(before, "AK") {
				return true
			}
		}
	}
	return false
}

var shapeMarks = [256]bool{'J': true, 'B': true, '_': true, '-': true, 'I': true}

// password is that of a URL, with what stands before it; the user may be a token.
var (
	password = lazy.Regexp(`((?:/|\\/|\\u002[fF]){2}[^/?#@\s:"'<>]*:)[^/?#\s"'<>]+(@)`)
	coded    = lazy.Regexp(`(%(?:25)*3[aA](?:%(?:25)*2[fF]){2}[^/?#@\s:"'<>%]*%(?:25)*3[aA]).+?(%(?:25)*40)`)
	loose    = lazy.Regexp(`(^|[\s"'=(,])([\w.+-]+):([^\s:@/"']+)@`)
	userOnly = lazy.Regexp(`(://)([^/?#@\s:"'<>]{8,})(@)`)
)

// withoutPasswords leaves passwords out of URLs, and users that are tokens.
func withoutPasswords(text string) string {
	if !strings.Contains(text, "@") && !(strings.Contains(text, "40") && strings.Contains(text, "%")) {
		return text // each of them has one, or %40
	}
	text = coded().ReplaceAllString(password().ReplaceAllString(text, "${1}"+traffic.Redacted+"${2}"), "${1}"+traffic.Redacted+"${2}")
	text = loose().ReplaceAllStringFunc(text, func(found string) string {
		parts := loose().FindStringSubmatch(found)
		if parts[2] == "mailto" || !mustBeSecret(parts[3]) {
			return found
		}
		return parts[1] + parts[2] + ":" + traffic.Redacted + "@"
	})
	return userOnly().ReplaceAllStringFunc(text, func(found string) string {
		user := strings.TrimSuffix(strings.TrimPrefix(found, "://"), "@")
		if isTelling(user) || !looksRandom(user) {
			return found
		}
		return "://" + traffic.Redacted + "@"
	})
}

// credentials redacts what a text shows of itself to be a secret, whatever the
// names of secrets are: parameters of an escaped URL, bearer tokens, and what has
// the form of a well-known kind.
func credentials(text string) string {
	if mayBeShaped(text) {
		text = shaped().ReplaceAllString(text, traffic.Redacted)
	}
	if strings.Contains(text, "%") {
		text = withoutSpans(text, encodedParameter(), func(at []int) (start, end int) {
			start, end = at[1], at[1]
			weight := weigh(text[at[2]:at[3]])
			if weight == harmless || strings.HasPrefix(text[start:], traffic.Redacted) {
				return start, end
			}
			if end = ending(text, start, encodedEnd()); weight == maybe && (end-start < 4 || isShortNumber(text[start:end])) {
				end = start
			}
			return start, end
		})
	}
	if !hasBearer(text) {
		return text
	}
	return withoutSpans(text, bearer(), func(at []int) (start, end int) {
		if isBearerToken(text, at[0], at[2], at[3]) {
			return at[2], at[3]
		}
		return at[2], at[2]
	})
}

// hasBearer finds the scheme in either case.
func hasBearer(text string) bool {
	const scheme = "bearer"
	for i := 0; i+len(scheme) <= len(text); i++ {
		if text[i]|0x20 == 'b' && strings.EqualFold(text[i:i+len(scheme)], scheme) {
			return true
		}
	}
	return false
}

func ending(text string, start int, stop *regexp.Regexp) int {
	if found := stop.FindStringIndex(text[start:]); found != nil {
		return start + found[0]
	}
	return len(text)
}

// withoutSpans leaves out what span chooses at each match, and looks on behind it;
// where it chooses nothing, behind the name or scheme that matched.
func withoutSpans(text string, match *regexp.Regexp, span func(at []int) (start, end int)) string {
	var out strings.Builder
	from := 0 // what is not copied yet begins here
	for next := 0; ; {
		at := match.FindStringSubmatchIndex(text[next:])
		if at == nil {
			break
		}
		for i := range at {
			at[i] += next
		}
		start, end := span(at)
		next = min(start, at[3])
		if end > start {
			out.WriteString(text[from:start] + traffic.Redacted)
			from, next = end, end
		}
	}
	if from == 0 {
		return text
	}
	return out.String() + text[from:]
}

var (
	label     = lazy.Regexp(`(?i)^(?:tokens?|auth|authentication|authorization|schemes?|credentials?)$`)
	challenge = lazy.Regexp(`^[a-z_]+=$`)
	standard  = lazy.Regexp(`(?i)^(?:rfc|oauth|http|v)[/-]?\d[\d.]*$`)
)

// isBearerToken tells credentials from prose, as in "a Bearer token is missing"
// and in a challenge, as in `Bearer realm="x"`. Match is where the match begins,
// and start and end are those of the word behind the scheme.
func isBearerToken(text string, match, start, end int) bool {
	word, rest := text[start:end], strings.TrimLeft(text[end:], `\`)
	if challenge().MatchString(word) && isQuoted(rest) {
		return false
	}
	word = strings.TrimRight(word, ".=")
	if label().MatchString(word) || standard().MatchString(word) {
		return false
	}
	return looksRandom(word) || standsAlone(text[match:start], match == 0, rest)
}

// looksRandom finds what words of a language don't have.
func looksRandom(word string) bool {
	letters, digits, longest, run := 0, 0, 0, 0
	mixed := false
	var last rune
	for _, c := range word {
		switch {
		case unicode.IsDigit(c):
			digits++
		case unicode.IsLetter(c):
			letters++
			mixed = mixed || unicode.IsUpper(c) && unicode.IsLower(last)
		}
		run++
		if strings.ContainsRune("-._/", c) {
			run = 0
		}
		longest, last = max(longest, run), c
	}
	return digits > 0 && letters > 0 || digits >= 6 || mixed && len(word) >= 16 || longest >= 24
}

// standsAlone tells whether scheme and word are all of a string, of a parameter's
// value or of a header's.
func standsAlone(before string, first bool, rest string) bool {
	scheme := strings.Index(strings.ToLower(before), "bearer")
	lead := strings.TrimRight(before[:scheme], " ")
	opened := first && scheme == 0 || isQuoted(lead) || lead == "=" || strings.HasSuffix(strings.ToLower(lead), "3d")
	return opened && (rest == "" || isQuoted(rest) || strings.ContainsAny(rest[:1], "&#%\r\n"))
}
