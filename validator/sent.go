package validator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// sent is what a message has for parameters, taken apart when it is asked for.
type sent struct {
	url      string
	header   http.Header
	query    url.Values     // nil: not read yet
	segments []string       // of the path, as they were sent
	cookies  []*http.Cookie // nil: not read yet
	broken   string         // why a part of the query could not be read
}

// values are the texts that a parameter was sent with. Those in a path are as they were
// sent, because what divides them decides before it is decoded.
func (s *sent) values(p *parameter) []string {
	switch p.In {
	case "header":
		given := s.header.Values(p.Name)
		if strings.Join(given, "") == "" && !p.AllowEmpty {
			return nil // an empty header is none
		}
		return given
	case "query":
		return s.inQuery()[p.Name]
	case "cookie":
		return s.inCookies(p.Name)
	}
	text, ok := p.at.of(s.inPath())
	if !ok {
		return nil // it does not match; the caller chose the operation otherwise
	}
	return []string{text}
}

// inCookies are the values of the cookies of a name.
func (s *sent) inCookies(name string) []string {
	if given := s.header.Get("Cookie"); traffic.Hidden(given) {
		return []string{given}
	}
	if s.cookies == nil {
		s.cookies = (&http.Request{Header: s.header}).Cookies()
	}
	var values []string
	for _, c := range s.cookies {
		if c.Name == name {
			values = append(values, c.Value)
		}
	}
	return values
}

var noQuery = url.Values{}

func (s *sent) inQuery() url.Values {
	if s.query == nil {
		_, text, _ := strings.Cut(s.url, "?")
		if text, _, _ = strings.Cut(text, "#"); text == "" {
			s.query = noQuery
			return s.query
		}
		values, err := pairs.Parse(text)
		if err != nil {
			s.broken = err.Error()
		}
		s.query = values
	}
	return s.query
}

func (s *sent) inPath() []string {
	if s.segments == nil {
		if u, err := url.Parse(s.url); err == nil {
			s.segments = segments(u.EscapedPath())
		}
	}
	return s.segments
}

// segment is where a parameter stands in a path. It is counted from the end,
// because a base path or a sandbox may stand before the contract's own path.
type segment struct {
	fromEnd       int // 1 is the last
	before, after string
	match         *regexp.Regexp // of a segment with more parameters; its group is the value
}

// segmentOf finds the first place of a parameter; nil when the path does not have it.
func segmentOf(o *specs.Operation, name string) *segment {
	list, placeholder := o.Segments(), "{"+name+"}"
	i := slices.IndexFunc(list, func(s string) bool { return strings.Contains(s, placeholder) })
	if i < 0 {
		return nil
	}
	before, after, _ := strings.Cut(list[i], placeholder)
	at := &segment{fromEnd: len(list) - i, before: before, after: after}
	if strings.Contains(before+after, "{") {
		at.match = regexp.MustCompile("^" + anyIn(before) + "(.+?)" + anyIn(after) + "$")
	}
	return at
}

// anyIn is the pattern of a part of a path, in which parameters are any text.
func anyIn(part string) string {
	var pattern strings.Builder
	for part != "" {
		before, rest, found := strings.Cut(part, "{")
		pattern.WriteString(regexp.QuoteMeta(before))
		if _, part, _ = strings.Cut(rest, "}"); found {
			pattern.WriteString(".+?")
		}
	}
	return pattern.String()
}

// of is the parameter's own part of a path.
func (s *segment) of(path []string) (string, bool) {
	if s.fromEnd > len(path) {
		return "", false
	}
	whole := path[len(path)-s.fromEnd]
	if s.match != nil {
		found := s.match.FindStringSubmatch(whole)
		if found == nil {
			return "", false
		}
		return found[1], true
	}
	text, begins := strings.CutPrefix(whole, s.before)
	text, ends := strings.CutSuffix(text, s.after)
	return text, begins && ends
}

// decodeAs reads a text as the first of the types that it can be: a number and a
// boolean as JSON writes them, except that zeros may lead. What it cannot be stays
// a string, which the schema then refuses.
func decodeAs(kinds []string, text string) any {
	for _, kind := range kinds {
		switch number, whole := numberIn(text); {
		case kind == "string":
			return text
		case kind == "integer" && whole, kind == "number" && number != "":
			return tamed(number)
		case kind == "boolean" && (text == "true" || text == "false"):
			return text == "true"
		}
	}
	if value, ok := inJSON(kinds, text); ok {
		return value
	}
	return text
}

// inJSON reads an object or a list inside of another: the styles of OpenAPI have no form
// for one (4.7.12, "undefined" for what is nested), and who sends it sends JSON.
func inJSON(kinds []string, text string) (value any, ok bool) {
	if text == "" || !slices.Contains(kinds, map[byte]string{'{': "object", '[': "array"}[text[0]]) {
		return nil, false
	}
	d := Decode([]byte(text))
	return d.Value(), d.Valid
}

// numberIn reads a text as a number of JSON; whole is one of digits alone.
func numberIn(text string) (number json.Number, whole bool) {
	digits, negative := strings.CutPrefix(text, "-")
	for len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		digits = digits[1:]
	}
	if digits == "" || digits[0] < '0' || digits[0] > '9' || !json.Valid([]byte(digits)) {
		return "", false
	}
	whole = !strings.ContainsAny(digits, ".eE")
	if negative {
		digits = "-" + digits
	}
	return json.Number(digits), whole
}
