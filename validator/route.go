package validator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// router finds the operations behind a method and a path. Hosts are not looked
// at: a mock, a proxy and a capture each have their own.
type router struct {
	contract *specs.Contract
	routes   routers.Router
}

func newRouter(c *specs.Contract) (*router, error) {
	document := *c.Document
	document.Servers = basePaths(c.Document.Servers)
	routes, err := gorillamux.NewRouter(&document)
	if err != nil {
		return nil, err
	}
	return &router{contract: c, routes: routes}, nil
}

// basePaths keeps of each server the path only, and always the empty one.
func basePaths(servers openapi3.Servers) openapi3.Servers {
	bases := openapi3.Servers{{URL: "/"}}
	for _, s := range servers {
		u, err := url.Parse(s.URL)
		if err == nil && strings.Trim(u.Path, "/") != "" && !strings.Contains(u.Path, "{") {
			bases = append(bases, &openapi3.Server{URL: u.Path})
		}
	}
	return bases
}

// find returns the operations that share method and path, or a finding.
func (r *router) find(method, address string) ([]*specs.Operation, []traffic.Finding) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, []traffic.Finding{finding("operation.path", traffic.Finding{Expected: "a URL", Actual: shorten(err.Error())})}
	}
	route, _, err := r.routes.FindRoute(&http.Request{Method: method, URL: u, Host: u.Host})
	if err == nil {
		return r.sharing(route.Path, method), nil
	}
	path := r.pathOf(u)
	if path == "" {
		return nil, []traffic.Finding{r.unknownPath(u)}
	}
	return nil, []traffic.Finding{finding("operation.method", traffic.Finding{
		Expected: list(r.methods(path), "or"), Actual: shorten(method),
	})}
}

// pathOf returns the template that a path matches with any method.
func (r *router) pathOf(u *url.URL) string {
	for _, method := range r.methods("") {
		if route, _, err := r.routes.FindRoute(&http.Request{Method: method, URL: u, Host: u.Host}); err == nil {
			return route.Path
		}
	}
	return ""
}

// methods lists the methods of a path, or of all paths.
func (r *router) methods(path string) []string {
	var names []string
	for _, o := range r.contract.Operations {
		if path == "" || o.Path == path {
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
	return finding("operation.path", traffic.Finding{
		Expected: list(paths, "or"), Actual: shorten(u.Path), Hint: r.pathHint(u.Path, paths),
	})
}

func (r *router) pathHint(path string, templates []string) string {
	if strings.Contains(path, "//") {
		return "the path has an empty segment; is a base URL joined with a second slash?"
	}
	given := strings.Split(strings.Trim(path, "/"), "/")
	for _, template := range templates {
		wanted := strings.Split(strings.Trim(template, "/"), "/")
		if hint := segmentsHint(given, wanted); hint != "" {
			return hint
		}
		if len(given) == len(wanted) && strings.HasSuffix(path, "/") && segmentsHint(given, wanted) == "" && matches(given, wanted) {
			return "leave the slash at the end out"
		}
	}
	return ""
}

func matches(given, wanted []string) bool {
	return len(given) == len(wanted) && !slices.ContainsFunc(wanted, func(string) bool { return false }) &&
		func() bool {
			for i := range wanted {
				if !strings.HasPrefix(wanted[i], "{") && wanted[i] != given[i] {
					return false
				}
			}
			return true
		}()
}

// segmentsHint finds one segment that is nearly right.
func segmentsHint(given, wanted []string) string {
	if len(given) != len(wanted) {
		return ""
	}
	hint := ""
	for i := range wanted {
		switch {
		case strings.HasPrefix(wanted[i], "{") || wanted[i] == given[i]:
		case hint == "" && isNear(wanted[i], given[i]):
			hint = "did you mean " + wanted[i] + " instead of " + shorten(given[i]) + "?"
		default:
			return ""
		}
	}
	return hint
}
