package validator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// sent is what a request has for parameters, taken apart when it is asked for.
type sent struct {
	request  *traffic.Request
	query    url.Values // nil: not read yet
	segments []string   // of the path, as they were sent
	broken   string     // why a part of the query could not be read
}

// values are the texts that a parameter was sent with, decoded except those of a
// list in a path, whose commas decide.
func (s *sent) values(p *parameter) []string {
	switch p.In {
	case "header":
		given := s.request.Header.Values(p.Name)
		if strings.Join(given, "") == "" && !p.AllowEmpty {
			return nil // an empty header is none
		}
		return given
	case "query":
		return s.inQuery(p.Name)
	}
	text, ok := p.at.of(s.inPath())
	switch {
	case !ok:
		return nil // it does not match; the caller chose the operation otherwise
	case p.isList:
		return []string{text}
	}
	return []string{unescapedPath(text)}
}

var noQuery = url.Values{}

func (s *sent) inQuery(name string) []string {
	if s.query == nil {
		_, text, _ := strings.Cut(s.request.URL, "?")
		if text, _, _ = strings.Cut(text, "#"); text == "" {
			s.query = noQuery
			return nil
		}
		values, err := url.ParseQuery(text)
		if err != nil {
			s.broken = err.Error()
		}
		s.query = values
	}
	return s.query[name]
}

func (s *sent) inPath() []string {
	if s.segments == nil {
		if u, err := url.Parse(s.request.URL); err == nil {
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
}

// segmentOf finds the only place of a parameter; nil when its value could not be
// told from what is around it.
func segmentOf(o *specs.Operation, name string) *segment {
	list, placeholder := o.Segments(), "{"+name+"}"
	if strings.Count(o.Path, placeholder) != 1 {
		return nil
	}
	i := slices.IndexFunc(list, func(s string) bool { return strings.Contains(s, placeholder) })
	if strings.Count(list[i], "{") != 1 {
		return nil
	}
	before, after, _ := strings.Cut(list[i], placeholder)
	return &segment{len(list) - i, before, after}
}

// of is the parameter's own part of a path.
func (s *segment) of(path []string) (string, bool) {
	if s.fromEnd > len(path) {
		return "", false
	}
	text, begins := strings.CutPrefix(path[len(path)-s.fromEnd], s.before)
	text, ends := strings.CutSuffix(text, s.after)
	return text, begins && ends
}

// split takes a list apart: in a query that repeats the name each text is an item,
// elsewhere commas divide them.
func (p *parameter) split(texts []string) []string {
	if p.In == "query" && p.Explode {
		return texts
	}
	var items []string
	for _, text := range texts {
		for item := range strings.SplitSeq(text, ",") {
			switch p.In {
			case "header":
				item = strings.Trim(item, " \t")
			case "path":
				item = unescapedPath(item)
			}
			items = append(items, item)
		}
	}
	return items
}

func (p *parameter) decode(text string) any { return decodeAs(p.kinds, text) }

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
	return text
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
