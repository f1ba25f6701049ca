package specs

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Routes finds the operations that serve a path. A path without parameters that matches
// decides alone, whatever its methods are: "concrete definitions should be matched before
// templated" (OpenAPI 3.0.3, Paths Object). Of several templates that match, the most
// concrete one with the method wins.
type Routes struct {
	bases []string // the longest first
	below map[string]map[int][]*template
}

// template is one path of the contract with its methods.
type template struct {
	path     string
	segments []part
	methods  []string
}

// part is one segment of a template: a text, or a pattern where parameters stand in it.
type part struct {
	text    string
	pattern *regexp.Regexp // nil: the text itself, or any where any is true
	any     bool
}

// Routes are those of a contract, below its servers' base paths and below none.
func (c *Contract) Routes() *Routes {
	r := &Routes{below: map[string]map[int][]*template{}}
	for _, o := range c.Operations {
		bases := c.Servers
		if o.Servers != nil {
			bases = o.Servers
		}
		for _, base := range append([]string{""}, bases...) {
			r.add(strings.TrimRight(base, "/"), o)
		}
	}
	for base, byLength := range r.below {
		r.bases = append(r.bases, base)
		for _, list := range byLength {
			slices.SortStableFunc(list, func(a, b *template) int { return ComparePaths(a.path, b.path) })
		}
	}
	slices.SortFunc(r.bases, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return r
}

func (r *Routes) add(base string, o *Operation) {
	if r.below[base] == nil {
		r.below[base] = map[int][]*template{}
	}
	segments := o.Segments()
	list := r.below[base][len(segments)]
	i := slices.IndexFunc(list, func(t *template) bool { return t.path == o.Path })
	if i < 0 {
		t := &template{path: o.Path}
		for _, segment := range segments {
			t.segments = append(t.segments, partOf(segment))
		}
		i, list = len(list), append(list, t)
	}
	if !slices.Contains(list[i].methods, o.Method) {
		list[i].methods = append(list[i].methods, o.Method)
	}
	r.below[base][len(segments)] = list
}

func partOf(segment string) part {
	if !strings.Contains(segment, "{") {
		return part{text: unescaped(segment)}
	}
	if strings.HasPrefix(segment, "{") && strings.Index(segment, "}") == len(segment)-1 {
		return part{any: true}
	}
	var pattern strings.Builder
	pattern.WriteString("(?s)^")
	at := 0
	for _, found := range parameters().FindAllStringIndex(segment, -1) {
		pattern.WriteString(regexp.QuoteMeta(unescaped(segment[at:found[0]])) + ".+")
		at = found[1]
	}
	pattern.WriteString(regexp.QuoteMeta(unescaped(segment[at:])) + "$")
	match, err := regexp.Compile(pattern.String())
	if err != nil {
		return part{text: segment} // quoted text compiles
	}
	return part{pattern: match}
}

func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

func (p part) matches(segment string) bool {
	switch {
	case p.pattern != nil:
		return p.pattern.MatchString(segment)
	case p.any:
		return segment != ""
	}
	return p.text == segment
}

// Find returns the template that serves a path, and whether it does so with a method; ""
// stands for any method. The path is as it was sent, percent-encoded.
func (r *Routes) Find(method, escapedPath string) (path string, ok bool) {
	for _, base := range r.bases {
		rest, ok := strings.CutPrefix(escapedPath, base)
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		segments := strings.Split(strings.TrimPrefix(rest, "/"), "/")
		if strings.Contains(escapedPath, "%") {
			for i := range segments {
				segments[i] = unescaped(segments[i])
			}
		}
		for _, t := range r.below[base][len(segments)] {
			if !t.matches(segments) {
				continue
			}
			path = cmp.Or(path, t.path)
			if has := method == "" || slices.Contains(t.methods, method); has || Concrete(t.path) {
				return t.path, has
			}
		}
	}
	return path, false
}

func (t *template) matches(segments []string) bool {
	for i, p := range t.segments {
		if !p.matches(segments[i]) {
			return false
		}
	}
	return true
}
