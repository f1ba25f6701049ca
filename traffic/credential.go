package traffic

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// secretParameters carry secrets by common use (RFC 6749 and 6750, API keys).
// They are written here without separators; a query may have access_token,
// access-token or accessToken.
var secretParameters = []string{
	"token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "apitoken", "sessiontoken", "bearertoken",
	"apikey", "clientsecret", "password",
}

var nameSeparators = strings.NewReplacer("_", "", "-", "")

// isSecretParameter takes a name in lower case.
func isSecretParameter(name string) bool {
	return slices.Contains(secretParameters, nameSeparators.Replace(name))
}

// isWord tells whether a secret parameter's name is also a word of prose, which
// counts only in a query.
func isWord(name string) bool { return name == "token" || name == "password" }

// beginning is what may stand before a word that is looked for: anything but a
// letter or digit, or an escape that ends in one.
const beginning = `(?:^|[^A-Za-z0-9_-]|%(?:25)*[0-9A-Fa-f]{2}|\\u[0-9a-fA-F]{4}|\\[nrt])`

var (
	// encodedParameter is name=value in a URL that is itself the value of a
	// parameter, once or more times escaped.
	encodedParameter = regexp.MustCompile(beginning + `([A-Za-z_-]{1,40})%(?:25)*3[dD]`)
	encodedEnd       = regexp.MustCompile(`%(?:25)*(?:2[236]|3[cCeE])|[&#"“”„‟«»'<>\s]|\\["nrtu]`)

	// bearer is the scheme with credentials behind it (RFC 6750, section 2.1), in a
	// JSON string or a URL escaped.
	bearer = regexp.MustCompile(`(?i)` + beginning + `bearer(?:[ \t\x{a0}]+|\+|%(?:25)*20|\\t|\\u00(?:20|a0))+` +
		`((?:[A-Za-z0-9._~+/=-]|%(?:25)*(?:2[bdef]|3d|5f|7e)|\\/|\\u00(?:2[bdf]|3d))+)`)
)

// credentials redacts what a text shows of itself to be a secret, whatever the
// names of secrets are: parameters of an escaped URL, and bearer tokens.
func credentials(text string) string {
	if strings.Contains(text, "%") {
		text = withoutSpans(text, encodedParameter, func(at []int) (start, end int) {
			start, end = at[1], at[1]
			if isSecretParameter(strings.ToLower(text[at[2]:at[3]])) && !strings.HasPrefix(text[start:], Redacted) {
				end = ending(text, start, encodedEnd)
			}
			return start, end
		})
	}
	return withoutSpans(text, bearer, func(at []int) (start, end int) {
		if isBearerToken(text, at[0], at[2], at[3]) {
			return at[2], at[3]
		}
		return at[2], at[2]
	})
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
			out.WriteString(text[from:start] + Redacted)
			from, next = end, end
		}
	}
	if from == 0 {
		return text
	}
	return out.String() + text[from:]
}

var (
	label     = regexp.MustCompile(`(?i)^(?:tokens?|auth|authentication|authorization|schemes?|credentials?)$`)
	challenge = regexp.MustCompile(`^[a-z_]+=$`)
	standard  = regexp.MustCompile(`(?i)^(?:rfc|oauth|http|v)[/-]?\d[\d.]*$`)
)

// isBearerToken tells credentials from prose, as in "a Bearer token is missing"
// and in a challenge, as in `Bearer realm="x"`. Match is where the match begins,
// and start and end are those of the word behind the scheme.
func isBearerToken(text string, match, start, end int) bool {
	word, rest := text[start:end], strings.TrimLeft(text[end:], `\`)
	if challenge.MatchString(word) && isQuoted(rest) {
		return false
	}
	word = strings.TrimRight(word, ".=")
	if label.MatchString(word) || standard.MatchString(word) {
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
