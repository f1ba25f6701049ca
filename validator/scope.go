package validator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/origin"
	"github.com/parleykit/parley/traffic"
)

// Scope tells the exchanges of a contract from others that a capture holds too,
// and who called whom. It may be shared between goroutines.
type Scope struct {
	v        *Validator
	base     *url.URL // nil: the vendor is where a path of the contract is called
	webhooks []*url.URL
	starts   map[string]bool // fixed first segments of the contract's paths
	servers  []*url.URL      // that the contract names with their hosts
	recent   *recent[scoped]
}

// scoped is what a method and a URL say of an exchange.
type scoped struct {
	taken  bool
	caller traffic.Caller
	url    string // as the contract knows it
}

// Scope takes calls of one of the webhooks as events, and calls below base as
// operations; base may be "", and then the vendor is any server that the contract
// names, and any host on which a path of the contract is called, below whatever prefix.
// An error is a URL that is none.
func (v *Validator) Scope(base string, webhooks ...string) (*Scope, error) {
	s := &Scope{v: v, starts: map[string]bool{}, recent: newRecent[scoped]()}
	if base != "" {
		u, err := origin.Absolute(base)
		if err != nil {
			return nil, err
		}
		s.base = u
	}
	for _, text := range webhooks {
		u, err := origin.Absolute(text)
		if err != nil {
			return nil, err
		}
		s.webhooks = append(s.webhooks, u)
	}
	if s.base == nil && !v.contract.Proven() {
		s.servers = v.contract.Hosts()
	}
	for _, o := range v.contract.Operations {
		if first := o.Segments()[0]; !strings.HasPrefix(first, "{") {
			s.starts[first] = true
		}
	}
	return s, nil
}

// Take reports whether an exchange is one of the contract's. Of one that is, it
// sets caller and vendor, makes the URL of an operation the one that the contract
// knows (no host, no prefix), and forgets what was judged before. One that says
// its vendor itself, as those of Parley's journals do, is taken at its word.
//
// Without a base, calls that miss a path or its method by little are taken too,
// because they are mistakes that somebody wants to know of.
func (s *Scope) Take(e *traffic.Exchange) bool {
	if e.Vendor != "" && (e.Caller == traffic.Vendor || e.Caller == traffic.Partner) {
		if e.Vendor != s.v.contract.ID {
			return false
		}
		e.Operation, e.Findings = "", nil
		return true
	}
	found, ok := s.recent.find(e.Request.Method, e.Request.URL)
	if !ok {
		found = s.look(e.Request.Method, e.Request.URL)
		s.recent.keep(e.Request.Method, e.Request.URL, found)
	}
	if found.taken {
		e.Request.URL = found.url
		e.Caller, e.Vendor, e.Operation, e.Findings = found.caller, s.v.contract.ID, "", nil
	}
	return found.taken
}

// look is Take of what was not asked for lately, by its method and its URL.
func (s *Scope) look(method, address string) scoped {
	u, err := url.Parse(address)
	if err != nil {
		return scoped{}
	}
	if slices.ContainsFunc(s.webhooks, func(w *url.URL) bool { return origin.Same(u, w) && samePath(u, w) }) {
		return scoped{true, traffic.Vendor, strings.Clone(address)}
	}
	path, ok := s.path(method, u)
	if !ok {
		return scoped{}
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return scoped{true, traffic.Partner, path}
}

// Host names whom an exchange was for: the host that was called, or the vendor
// that it says itself.
func (s *Scope) Host(e *traffic.Exchange) string {
	if e.Vendor != "" {
		return "contract " + shorten(e.Vendor)
	}
	u, err := url.Parse(e.Request.URL)
	if err != nil || u.Host == "" {
		return ""
	}
	return shorten(u.Host)
}

// path is where the contract's own path begins in a URL.
func (s *Scope) path(method string, u *url.URL) (string, bool) {
	path := u.EscapedPath()
	if s.base != nil {
		below := strings.TrimRight(s.base.EscapedPath(), "/")
		rest, ok := strings.CutPrefix(path, below)
		return "/" + strings.TrimLeft(rest, "/"), ok && origin.Same(u, s.base) && (rest == "" || rest[0] == '/')
	}
	if rest, ok := s.served(method, path, u); ok {
		return rest, true
	}
	if s.routed(method, path) {
		return path, true
	}
	for i := range len(path) {
		if path[i] != '/' {
			continue
		}
		first, _, _ := strings.Cut(path[i+1:], "/")
		if !s.starts[first] || !s.prefixed(method, path[i:]) && !s.near(method, path[i:]) {
			continue
		}
		if i > 0 && path[i-1] == '/' {
			i-- // an empty segment is a mistake, not a prefix
		}
		return path[i:], true
	}
	return "", false
}

// served is the path below a server that the contract names. Of a server without a base
// path, only what begins like a path of the contract is the contract's: pages and their
// parts may come from there as well.
func (s *Scope) served(method, path string, u *url.URL) (string, bool) {
	for _, server := range s.servers {
		below := strings.TrimRight(server.EscapedPath(), "/")
		rest, ok := strings.CutPrefix(path, below)
		if !ok || !origin.Same(u, server) || rest != "" && rest[0] != '/' {
			continue
		}
		rest = "/" + strings.TrimPrefix(rest, "/")
		asked := method != http.MethodOptions && method != http.MethodHead // browsers ask these by themselves
		first, _, _ := strings.Cut(rest[1:], "/")
		if s.routed(method, rest) || asked && (below != "" || s.starts[first]) {
			return rest, true
		}
	}
	return "", false
}

func (s *Scope) routed(method, path string) bool {
	_, ok := s.v.router.routes().Find(method, path)
	return ok
}

// prefixed is routed for a path behind a prefix that nothing announces. Where the
// contract names its servers, one word of it may stand in the URL of any other.
func (s *Scope) prefixed(method, path string) bool {
	template, ok := s.v.router.routes().Find(method, path)
	return ok && (len(s.servers) == 0 || fixed(segments(template)) > 1)
}

// fixed counts the segments of a template that have no parameter.
func fixed(segments []string) int {
	n := 0
	for _, segment := range segments {
		if !strings.HasPrefix(segment, "{") {
			n++
		}
	}
	return n
}

func unescapedPath(path string) string {
	text, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return text
}

// near tells whether a path misses one of the contract by its method, by one
// misspelled segment, by its last segment or by a slash. Two segments must be
// those of the contract: one word may stand in any URL.
func (s *Scope) near(method, path string) bool {
	given := slices.DeleteFunc(segments(path), func(segment string) bool { return segment == "" })
	for _, o := range s.v.contract.Operations {
		wanted := o.Segments()
		if n := len(wanted) - len(given); n < 0 || n > 1 {
			continue
		}
		wrong, at := differences(given, wanted)
		switch {
		case fixed(wanted[:len(given)])-wrong < 2:
		case wrong == 0:
			return method != http.MethodOptions && method != http.MethodHead // browsers ask these by themselves
		case wrong == 1 && len(given) == len(wanted) && near.Is(wanted[at], given[at]):
			return true
		}
	}
	return false
}

func samePath(a, b *url.URL) bool {
	return strings.TrimRight(a.EscapedPath(), "/") == strings.TrimRight(b.EscapedPath(), "/")
}
