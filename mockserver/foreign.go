package mockserver

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/internal/problem"
)

// Foreign refuses a request that a web page of another origin sent, or that calls
// the mock by a name which is not its own. What says what is refused, as "make
// sandboxes".
//
// The standard library judges Origin and Sec-Fetch-Site, but lets GET, HEAD and
// OPTIONS pass because they should change nothing. Here a GET takes hand-overs and
// makes sandboxes, so each is judged as if it were a POST.
func (s *Server) Foreign(r *http.Request, what string) error {
	asked := *r
	asked.Method = http.MethodPost
	if s.origin.Check(&asked) != nil {
		return &problem.Problem{Status: http.StatusForbidden, Kind: "origin", Detail: fmt.Sprintf("a web page of another origin may not %s; do so from a program, without the headers Origin and Sec-Fetch-Site", what)}
	}
	if !s.calledByName(r) {
		return &problem.Problem{Status: http.StatusForbidden, Kind: "host", Detail: fmt.Sprintf("this mock is not called %q, so that this may not %s: without a control token it answers to localhost and to its base URL only, so that no web page reaches it by a name of its own; set the base URL (parley serve --base-url), or a control token", r.Host, what)}
	}
	return nil
}

// calledByName reports whether a request was meant for this mock. A web page can
// give its own name the address of this machine, and would then be of the same
// origin.
func (s *Server) calledByName(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if local == nil || !local.IP.IsLoopback() || s.options.ControlToken != "" {
		return true // a handler called in a test, or one whose control API demands a token
	}
	asked := (&url.URL{Host: r.Host}).Hostname()
	ip := net.ParseIP(asked)
	base, err := url.Parse(s.BaseURL())
	return ip != nil && ip.IsLoopback() || strings.EqualFold(asked, "localhost") || err == nil && strings.EqualFold(asked, base.Hostname())
}
