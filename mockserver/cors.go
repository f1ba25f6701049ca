package mockserver

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// cors lets web pages of other origins call the vendors and read their answers. The
// control API is none of theirs.
type cors struct {
	any     bool
	origins []string
	exposed string // headers that a page may read
}

// newCORS reads Options.CORS; nil where no page is let in.
func newCORS(origins []string, vendors []*vendor) (*cors, error) {
	if len(origins) == 0 {
		return nil, nil
	}
	c := &cors{origins: origins, any: slices.Contains(origins, "*")}
	for _, origin := range origins {
		u, err := url.Parse(origin)
		if origin != "*" && (err != nil || u.Scheme == "" || u.Host == "" || origin != u.Scheme+"://"+u.Host) {
			return nil, fmt.Errorf("CORS origin %q is none; write scheme and host, as http://localhost:3000, or * for all", origin)
		}
	}
	names := map[string]bool{"Allow": true, "Location": true, "Preference-Applied": true, HeaderExchange: true, HeaderFindings: true}
	for _, v := range vendors {
		for _, o := range v.contract.Operations {
			for _, r := range o.Responses {
				for _, h := range r.Headers {
					names[http.CanonicalHeaderKey(h.Name)] = true
				}
			}
		}
	}
	c.exposed = strings.Join(slices.Sorted(maps.Keys(names)), ", ")
	return c, nil
}

// lets says in the answer that the page which calls may read it, and reports whether it
// may.
func (c *cors) lets(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if c == nil || origin == "" {
		return false
	}
	header := w.Header()
	if !c.any {
		header.Add("Vary", "Origin")
	}
	switch {
	case slices.Contains(c.origins, origin):
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true")
	case c.any:
		header.Set("Access-Control-Allow-Origin", "*")
	default:
		return false
	}
	header.Set("Access-Control-Expose-Headers", c.exposed)
	return true
}

// preflight answers what a browser asks before it lets a page call: it is no call of
// the partner's, and not in the journal.
func (c *cors) preflight(w http.ResponseWriter, r *http.Request, routes *routes) bool {
	method := r.Header.Get("Access-Control-Request-Method")
	if r.Method != http.MethodOptions || method == "" {
		return false
	}
	if route, _ := routes.find(r); route != nil {
		method = route.allow()
	}
	header := w.Header()
	header.Set("Access-Control-Allow-Methods", method)
	if asked := r.Header.Values("Access-Control-Request-Headers"); len(asked) > 0 {
		header.Set("Access-Control-Allow-Headers", strings.Join(asked, ", "))
	}
	header.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}
