package validator

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/dotsegment"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// router finds the operations behind a method and a path. Hosts are not looked
// at: a mock, a proxy and a capture each have their own.
type router struct {
	contract *specs.Contract
	routes   func() *specs.Routes // made when they are first asked for
	recent   *recent[[]*specs.Operation]
}

func newRouter(c *specs.Contract) *router {
	return &router{contract: c, routes: sync.OnceValue(c.Routes), recent: newRecent[[]*specs.Operation]()}
}

// find returns the operations that share method and path, which nobody may change, or a
// finding.
func (r *router) find(method, address string) ([]*specs.Operation, []traffic.Finding) {
	if operations, ok := r.recent.find(method, address); ok {
		return operations, nil
	}
	operations, found := r.look(method, address)
	if found == nil {
		r.recent.keep(method, address, operations)
	}
	return operations, found
}

// look is find for what was not asked for lately.
func (r *router) look(method, address string) ([]*specs.Operation, []traffic.Finding) {
	u, err := url.ParseRequestURI(address)
	if err != nil {
		return nil, []traffic.Finding{finding("operation.path", traffic.Finding{Expected: "a URL", Actual: shorten(err.Error())})}
	}
	path, ok := r.routes().Find(method, u.EscapedPath())
	switch {
	case path == "":
		return nil, []traffic.Finding{r.unknownPath(u)}
	case dotsegment.In(u.Path):
		f := r.unknownPath(u)
		f.Hint = "the path has a dot segment, which clients and servers take out together with what is before it; a parameter can't be . or .."
		return nil, []traffic.Finding{f}
	case ok:
		return r.sharing(path, method), nil
	}
	return nil, []traffic.Finding{finding("operation.method", traffic.Finding{
		Expected: plural.List(r.methods(path), "or"), Actual: shorten(method), Hint: r.meant(method, path, u),
	})}
}

// meant names another path that a call is likely to be meant for: one with its method,
// of which a segment is misspelt or missing, so that the rest fits a template.
func (r *router) meant(method, template string, u *url.URL) string {
	holes, given := segments(template), segments(u.EscapedPath())
	if len(given) < len(holes) || specs.Concrete(template) {
		return ""
	}
	given = given[len(given)-len(holes):] // below the base path of a server
	for _, o := range r.contract.Operations {
		if o.Method == method && misses(given, holes, o.Segments()) {
			return "did you mean " + method + " " + o.Path + "?"
		}
	}
	return ""
}

// misses reports whether a path is another one of which a segment is missing, or is
// misspelt where a template has a parameter.
func misses(given, holes, wanted []string) bool {
	switch len(wanted) - len(given) {
	case 0:
		wrong, at := differences(given, wanted)
		return wrong == 1 && strings.HasPrefix(holes[at], "{") && near.Is(wanted[at], given[at])
	case 1:
		at := 0
		for at < len(given) && wanted[at] == given[at] {
			at++
		}
		return slices.Equal(wanted[at+1:], given[at:])
	}
	return false
}

// methods lists the methods of a path.
func (r *router) methods(path string) []string {
	var names []string
	for _, o := range r.contract.Operations {
		if o.Path == path {
			names = append(names, o.Method)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (r *router) sharing(path, method string) []*specs.Operation {
	var found []*specs.Operation
	for _, o := range r.contract.Operations {
		if o.Path == path && o.Method == method {
			found = append(found, o)
		}
	}
	return found
}

func (r *router) unknownPath(u *url.URL) traffic.Finding {
	var paths []string
	for _, o := range r.contract.Operations {
		if !slices.Contains(paths, o.Path) {
			paths = append(paths, o.Path)
		}
	}
	f := traffic.Finding{Expected: plural.List(paths, "or"), Actual: shorten(u.EscapedPath()), Hint: pathHint(u.EscapedPath(), paths)}
	if len(paths) > maxPaths {
		f.Expected = "one of the " + plural.Of(len(paths), "path") + " of the contract"
	}
	return finding("operation.path", f)
}

// maxPaths is how many paths a finding lists.
const maxPaths = 5

// pathHint names the likely cause of a path that is not known.
func pathHint(path string, templates []string) string {
	if strings.Contains(path, "//") {
		return "the path has an empty segment; was a base URL that ends in a slash joined with it?"
	}
	given := segments(path)
	for _, template := range templates {
		wanted := segments(template)
		wrong, at := differences(given, wanted)
		switch {
		case len(given) == len(wanted) && wrong == 0:
			return "leave the slash at the end out"
		case len(given) == len(wanted) && wrong == 1 && near.Is(wanted[at], given[at]):
			return "did you mean " + wanted[at] + " instead of " + shorten(given[at]) + "?"
		}
	}
	for _, template := range templates {
		wanted := segments(template)
		if n := len(given) - len(wanted); n > 0 {
			if wrong, _ := differences(given[n:], wanted); wrong == 0 {
				return "the path of the contract begins after /" + shorten(strings.Join(given[:n], "/"))
			}
		}
		if n := len(wanted) - len(given); n == 1 {
			if wrong, _ := differences(given, wanted[:len(given)]); wrong == 0 {
				return "the last segment is missing: " + wanted[len(given)]
			}
		}
	}
	return ""
}

func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// differences counts the segments that do not match a template's, and returns the
// place of the last.
func differences(given, wanted []string) (wrong, at int) {
	for i := range min(len(given), len(wanted)) {
		if !strings.HasPrefix(wanted[i], "{") && wanted[i] != given[i] || given[i] == "" {
			wrong, at = wrong+1, i
		}
	}
	return wrong, at
}
