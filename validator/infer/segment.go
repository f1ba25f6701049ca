package infer

import (
	"strings"
	"unicode"

	"github.com/parleykit/parley/internal/lazy"
)

var (
	digits   = lazy.Regexp(`^[0-9]+$`)
	day      = lazy.Regexp(`^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$`)
	hex      = lazy.Regexp(`^([0-9a-f]{8,}|[0-9A-F]{8,})$`)
	numbered = lazy.Regexp(`^[A-Za-z]{1,10}[-_:][0-9]+$|^[A-Z]{1,5}[0-9]{2,}$`) // T-1, user_12, ABC123
	token    = lazy.Regexp(`^[A-Za-z0-9_=.~-]{12,}$`)
	version  = lazy.Regexp(`^([vV]|ver|version|rev|release)[-_.]?[0-9]+$`)
	mail     = formats["email"]
)

// isID tells whether a name is that of one thing among many, by its look alone.
func isID(name string) bool {
	switch {
	case name == "" || version().MatchString(name):
		return false
	case digits().MatchString(name), uuid().MatchString(name), day().MatchString(name), numbered().MatchString(name), mail(name):
		return true
	case hex().MatchString(name):
		return hasDigit(name)
	case token().MatchString(name):
		return looksRandom(name)
	}
	return strings.HasPrefix(name, "+") && digits().MatchString(name[1:]) // a telephone number
}

func hasDigit(text string) bool { return strings.IndexFunc(text, unicode.IsDigit) >= 0 }

// looksRandom tells tokens from words: digits stand among letters in a part that is as
// long as no word with a number behind it is.
func looksRandom(name string) bool {
	const long = 8
	for part := range strings.FieldsFuncSeq(name, func(c rune) bool { return strings.ContainsRune("_=.~-", c) }) {
		if len(part) < long {
			continue
		}
		changes, before := 0, classOf(rune(part[0]))
		for _, c := range part {
			if class := classOf(c); class != before {
				changes, before = changes+1, class
			}
		}
		if hasDigit(part) && changes >= 4 {
			return true
		}
	}
	return false
}

func classOf(c rune) int {
	switch {
	case unicode.IsDigit(c):
		return 1
	case unicode.IsUpper(c):
		return 2
	}
	return 0
}

// isVersion tells whether a number in a path is that of an API, as in /rest/api/2.
func isVersion(before, segment string) bool {
	return len(segment) == 1 && (before == "api" || before == "rest" || before == "version")
}

// nameAfter is what a parameter is called that stands behind a segment: ticketId behind
// tickets; id where nothing, or another parameter, is before it.
func nameAfter(segment string) string {
	words := strings.FieldsFunc(segment, func(c rune) bool { return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') })
	if len(words) == 0 {
		return "id"
	}
	words[len(words)-1] = singular(words[len(words)-1])
	name := ""
	for i, word := range words {
		if i == 0 {
			name = strings.ToLower(word[:1]) + word[1:]
			continue
		}
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name + "Id"
}

// singular is an English noun without the ending of its plural.
func singular(noun string) string {
	lower := strings.ToLower(noun)
	for _, ending := range []string{"ss", "us", "is", "news", "series"} {
		if strings.HasSuffix(lower, ending) {
			return noun
		}
	}
	for _, rule := range [][2]string{{"ies", "y"}, {"sses", "ss"}, {"xes", "x"}, {"ches", "ch"}, {"shes", "sh"}, {"uses", "us"}, {"s", ""}} {
		if strings.HasSuffix(lower, rule[0]) && len(noun) > len(rule[0])+1 {
			return noun[:len(noun)-len(rule[0])] + rule[1]
		}
	}
	return noun
}
