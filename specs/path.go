package specs

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/lazy"
)

// WithPath returns the contract with an operation at another path, for an
// installation that serves it elsewhere, or where no page says where it is. What
// is the ID of an operation ("outgoing", "operations/outgoing"), or the beginning
// of paths ("/dolphin/apiv1"), which is then replaced wherever it stands.
// Operations that share method and path move together. The new path has the
// parameters of the old one, in braces; an error says what is wrong with it.
func (c *Contract) WithPath(what, path string) (*Contract, error) {
	if err := vetPath(path); err != nil {
		return nil, err
	}
	places, err := c.moved(what, path)
	if err != nil {
		return nil, err
	}
	next := *c
	next.Operations = make([]*Operation, len(c.Operations))
	taken := map[string]*Operation{}
	for i, o := range c.Operations {
		one := *o
		if place, ok := places[o.at()]; ok {
			one.Path = place
		}
		key := one.Method + " " + parameters().ReplaceAllString(one.Path, "{}")
		if other := taken[key]; other != nil && other.at() != o.at() {
			return nil, fmt.Errorf("path %s would be that of %s and of %s", one.Path, other.Name(), o.Name())
		}
		taken[key], next.Operations[i] = o, &one
	}
	document := *c.Document()
	document.Paths = movedPaths(document.Paths, places)
	next.proven = false
	next.document = func() *openapi3.T { return &document }
	return &next, nil
}

// parameters are the names in braces of a path.
var parameters = lazy.Regexp(`\{[^{}]*\}`)

// at is where an operation is served: method and path.
func (o *Operation) at() string { return o.Method + " " + o.Path }

// vetPath refuses what no request can have as its path.
func vetPath(path string) error {
	u, err := url.Parse(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || u.RawQuery != "" || strings.ContainsAny(path, "?# ") {
		return fmt.Errorf("%q is no path; write one that begins with a slash, without host and query", path)
	}
	return nil
}

// moved says where operations are served then, by where they are now.
func (c *Contract) moved(what, path string) (map[string]string, error) {
	places := map[string]string{}
	if strings.HasPrefix(what, "/") {
		before, after := strings.TrimRight(what, "/"), strings.TrimRight(path, "/")
		for _, o := range c.Operations {
			if rest, ok := strings.CutPrefix(o.Path, before); ok && (rest == "" || rest[0] == '/') {
				places[o.at()] = after + rest
			}
		}
		if len(places) == 0 {
			return nil, fmt.Errorf("no path of contract %s begins with %s; `parley specs show %s` lists them", c.ID, what, c.OnLine())
		}
	} else {
		o := c.Operation("operations/" + strings.TrimPrefix(what, "operations/"))
		if o == nil {
			return nil, fmt.Errorf("contract %s has no operation %s; `parley specs show %s` lists them", c.ID, what, c.OnLine())
		}
		places[o.at()] = path
	}
	for _, o := range c.Operations {
		if place, ok := places[o.at()]; ok && !slices.Equal(parametersIn(o.Path), parametersIn(place)) {
			return nil, fmt.Errorf("path %s has other parameters in braces than %s, the path of %s", place, o.Path, o.Name())
		}
	}
	return places, nil
}

// parametersIn are the names in braces, sorted.
func parametersIn(path string) []string {
	names := parameters().FindAllString(path, -1)
	slices.Sort(names)
	return names
}

// movedPaths is the document's part about paths with operations in other places.
func movedPaths(paths *openapi3.Paths, places map[string]string) *openapi3.Paths {
	next := openapi3.NewPathsWithCapacity(paths.Len())
	next.Extensions, next.Origin = paths.Extensions, paths.Origin
	for _, path := range slices.Sorted(maps.Keys(paths.Map())) {
		item := paths.Value(path)
		for method, operation := range item.Operations() {
			at := path
			if place, ok := places[method+" "+path]; ok {
				at = place
			}
			if next.Value(at) == nil {
				next.Set(at, &openapi3.PathItem{Extensions: item.Extensions, Summary: item.Summary, Description: item.Description, Servers: item.Servers, Parameters: item.Parameters, Origin: item.Origin})
			}
			next.Value(at).SetOperation(method, operation)
		}
	}
	return next
}
