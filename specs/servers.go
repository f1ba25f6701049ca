package specs

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// mostURLs bounds the URLs of one server, which multiply with each of its variables.
const mostURLs = 64

// basesOf are the base paths of servers, variables being what they are as a rule or may
// be; nil where all of them are the root.
func basesOf(servers openapi3.Servers) []string {
	var bases []string
	for _, s := range servers {
		for _, u := range serverURLs(s) {
			base := "/"
			if u != nil && strings.Trim(u.Path, "/") != "" {
				base = "/" + strings.Trim(u.EscapedPath(), "/")
			}
			if !slices.Contains(bases, base) {
				bases = append(bases, base)
			}
		}
	}
	if len(bases) == 1 && bases[0] == "/" {
		return nil
	}
	return bases
}

// serverURL is the URL of a server as it is as a rule; nil if it has none.
func serverURL(s *openapi3.Server) *url.URL { return serverURLs(s)[0] }

// serverURLs are those that a server can have by what its variables list in enum; of a
// variable whose values would be too many, only the default. One that is no URL is nil.
func serverURLs(s *openapi3.Server) []*url.URL {
	if s == nil {
		return []*url.URL{nil}
	}
	texts := []string{s.URL}
	for _, name := range slices.Sorted(maps.Keys(s.Variables)) {
		variable, written := s.Variables[name], "{"+name+"}"
		if variable == nil || !strings.Contains(s.URL, written) {
			continue
		}
		values := []string{variable.Default}
		if len(texts)*(len(variable.Enum)+1) <= mostURLs {
			values = append(values, variable.Enum...)
		}
		var next []string
		for _, value := range values {
			for _, text := range texts {
				next = append(next, strings.ReplaceAll(text, written, value))
			}
		}
		texts = next
	}
	list := make([]*url.URL, len(texts))
	for i, text := range texts {
		list[i], _ = url.Parse(text) // nil for one that is none
	}
	return list
}

// Hosts are the URLs of those servers that the document names with their host; none
// where a variable stands for it.
func (c *Contract) Hosts() []*url.URL {
	var list []*url.URL
	document := c.Document()
	all := slices.Clone(document.Servers)
	for _, path := range document.Paths.Map() {
		all = append(all, path.Servers...)
		for _, operation := range path.Operations() {
			if operation.Servers != nil {
				all = append(all, *operation.Servers...)
			}
		}
	}
	for _, s := range all {
		u := serverURL(s)
		if u == nil || u.Host == "" {
			continue
		}
		host, _, _ := strings.Cut(strings.TrimPrefix(s.URL, u.Scheme+"://"), "/")
		if !strings.Contains(host, "{") {
			list = append(list, u)
		}
	}
	return list
}

// serversOf are the base paths that an operation has instead of the contract's.
func serversOf(item *openapi3.PathItem, source *openapi3.Operation) []string {
	servers := item.Servers
	if source.Servers != nil {
		servers = *source.Servers
	}
	if len(servers) == 0 {
		return nil
	}
	if bases := basesOf(servers); bases != nil {
		return bases
	}
	return []string{"/"}
}

// Bases are the paths below which an operation is served: its own servers', or the
// contract's. The first is always "", because a mock and a proxy have addresses of
// their own.
func (c *Contract) Bases(o *Operation) []string {
	bases := c.Servers
	if len(o.Servers) > 0 {
		bases = o.Servers
	}
	list := []string{""}
	for _, base := range bases {
		if base = strings.TrimRight(base, "/"); !slices.Contains(list, base) {
			list = append(list, base)
		}
	}
	return list
}
