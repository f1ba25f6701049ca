package mockserver

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/dotsegment"
	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/specs"
)

// route is one path of a vendor with the operations that it serves, by method.
type route struct {
	vendor  *vendor
	path    string
	below   bool // the path begins with that of one of the vendor's servers
	methods map[string][]*specs.Operation

	takesForms bool
}

// routes finds the route of a path. Paths that were found are remembered: partners
// call few of them often.
type routes struct {
	table   func() table
	list    []*route          // the most concrete path first
	byShape map[string]*route // of its path

	mu    sync.RWMutex
	known map[asked]routed
}

// asked is what tells which route a call has.
type asked struct{ method, escapedPath string }

// table is what matches paths. It is made when one is first looked for: each path is
// compiled into an expression.
type table []matcher

type matcher struct {
	path  *mux.Route
	route *route
}

// routed is a route with the parameters of one path, which nobody changes.
type routed struct {
	route  *route
	params map[string]string
}

// Bounds of the paths that are remembered: how many, and how long in bytes.
const (
	maxKnown = 1_000
	maxPath  = 256
)

// newRoutes makes the table of all vendors' paths.
func newRoutes(vendors []*vendor) (*routes, error) {
	t := &routes{byShape: map[string]*route{}, known: map[asked]routed{}}
	for _, v := range vendors {
		for _, o := range v.contract.Operations {
			if err := t.add(v, o, ""); err != nil {
				return nil, err
			}
		}
	}
	for _, v := range vendors { // what the paths themselves serve goes before
		for _, o := range v.contract.Operations {
			for _, base := range v.contract.Bases(o)[1:] {
				if err := t.add(v, o, base); err != nil {
					return nil, err
				}
			}
		}
	}
	slices.SortStableFunc(t.list, func(a, b *route) int { return specs.ComparePaths(a.path, b.path) })
	t.table = sync.OnceValue(t.compiled)
	return t, nil
}

func (t *routes) compiled() table {
	made, router := make(table, len(t.list)), mux.NewRouter().UseEncodedPath()
	for i, r := range t.list {
		made[i] = matcher{router.Path(muxTemplate(r.path)), r}
	}
	return made
}

// add lets an operation be served below a base path.
func (t *routes) add(v *vendor, o *specs.Operation, base string) error {
	path := base + o.Path
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if strings.HasPrefix(first, "~") {
		return fmt.Errorf("contract %s: path %s begins as sandboxes' paths do; a vendor can't be played there", v.contract.ID, path)
	}
	if first == controlSegment {
		return fmt.Errorf("contract %s: path %s is the control API's; a vendor can't be played there", v.contract.ID, path)
	}
	r := t.byShape[specs.Shape(path)]
	if r == nil {
		r = &route{vendor: v, path: path, below: base != "", methods: map[string][]*specs.Operation{}}
		t.list = append(t.list, r)
		t.byShape[specs.Shape(path)] = r
	}
	if base != "" && !r.below {
		return nil
	}
	if r.vendor != v {
		return fmt.Errorf("contracts %s and %s both serve %s; play them in two mocks", r.vendor.contract.ID, v.contract.ID, path)
	}
	if known := r.methods[o.Method]; len(known) > 0 && known[0].Path != o.Path {
		return fmt.Errorf("contract %s: paths %s and %s cannot be told apart", v.contract.ID, known[0].Path, o.Path)
	}
	r.methods[o.Method] = append(r.methods[o.Method], o)
	r.takesForms = r.takesForms || slices.Contains(o.ContentTypes, formType)
	return nil
}

var parameter = lazy.Regexp(`\{[^{}]*\}`)

// muxTemplate writes a path in gorilla/mux's way, where a colon inside braces would
// begin a pattern.
func muxTemplate(path string) string {
	return parameter().ReplaceAllStringFunc(path, func(p string) string { return strings.ReplaceAll(p, ":", "_") })
}

// find returns the route of a request's path and the path's parameters, or nil. A
// path with a dot segment has none: it is another path to whoever takes that out.
func (t *routes) find(r *http.Request) (*route, map[string]string) {
	this := asked{r.Method, r.URL.EscapedPath()}
	t.mu.RLock()
	f, ok := t.known[this]
	t.mu.RUnlock()
	if !ok {
		if f = t.match(r); f.route != nil && len(this.method)+len(this.escapedPath) <= maxPath {
			t.remember(this, f)
		}
	}
	return f.route, f.params
}

func (t *routes) remember(this asked, f routed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= maxKnown {
		clear(t.known)
	}
	t.known[this] = f
}

// match finds what find returns, by the order of specs.Routes: a path without parameters
// decides alone; of several templates, the first with the method, or else the first.
func (t *routes) match(r *http.Request) routed {
	var first routed
	if dotsegment.In(r.URL.Path) {
		return first
	}
	for _, m := range t.table() {
		var match mux.RouteMatch
		if !m.path.Match(r, &match) {
			continue
		}
		f := routed{m.route, match.Vars}
		if specs.Concrete(m.route.path) || m.route.serves(r.Method) {
			return f.unescaped()
		}
		if first.route == nil {
			first = f
		}
	}
	return first.unescaped()
}

func (f routed) unescaped() routed {
	for name, value := range f.params {
		if plain, err := url.PathUnescape(value); err == nil && plain != value {
			f.params[name] = plain
		}
	}
	return f
}

// served lists methods and paths for a person who called another.
func (t *routes) served() []string {
	var list []string
	for _, r := range t.list {
		if r.below {
			continue
		}
		for _, method := range r.allowed() {
			list = append(list, method+" "+r.path)
		}
	}
	return list
}

func (r *route) allowed() []string { return slices.Sorted(maps.Keys(r.methods)) }

// serves reports whether a path has an operation for a method.
func (r *route) serves(method string) bool { return len(r.methods[r.answered(method)]) > 0 }

// answered is the method as which a call is answered: HEAD as GET, unless the document
// describes it.
func (r *route) answered(method string) string {
	if method == http.MethodHead && len(r.methods[http.MethodHead]) == 0 && len(r.methods[http.MethodGet]) > 0 {
		return http.MethodGet
	}
	return method
}

// answersOptions reports whether the mock answers OPTIONS itself: where the document does not
// describe it.
func (r *route) answersOptions(method string) bool {
	return method == http.MethodOptions && len(r.methods[http.MethodOptions]) == 0
}

// allow is the value of the header Allow: what the document has, and HEAD beside GET.
func (r *route) allow() string {
	methods := r.allowed()
	if len(r.methods[http.MethodGet]) > 0 && len(r.methods[http.MethodHead]) == 0 {
		methods = append(methods, http.MethodHead)
		slices.Sort(methods)
	}
	return strings.Join(methods, ", ")
}

// operations lists those of a method, or of all methods when it has none.
func (r *route) operations(method string) []*specs.Operation {
	if list := r.methods[method]; len(list) > 0 {
		return list
	}
	var all []*specs.Operation
	for _, method := range r.allowed() {
		all = append(all, r.methods[method]...)
	}
	return all
}
