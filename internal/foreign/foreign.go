// Package foreign tells requests that web pages of others send to a server that is for
// programs, and for its own page.
package foreign

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/internal/problem"
)

// Guard refuses such requests to one server.
type Guard struct {
	Server  string        // what it is: "mock"
	Advice  string        // what to do where it is called by a name that it does not know
	BaseURL func() string // how it is called; "" while that is not known
	Token   bool          // it demands one, which no page of others has

	origin http.CrossOriginProtection
}

// Check refuses a request that a web page of another origin sent, or that calls the
// server by a name which is not its own. What says what is refused, as "make
// sandboxes".
//
// The standard library judges Origin and Sec-Fetch-Site, but lets GET, HEAD and
// OPTIONS pass because they should change nothing. Here a GET takes hand-overs and
// makes sandboxes, so each is judged as if it were a POST.
func (g *Guard) Check(r *http.Request, what string) error {
	asked := *r
	asked.Method = http.MethodPost
	if g.origin.Check(&asked) != nil {
		return &problem.Problem{Status: http.StatusForbidden, Kind: "origin", Detail: fmt.Sprintf("a web page of another origin may not %s; do so from a program, without the headers Origin and Sec-Fetch-Site", what)}
	}
	if !g.calledByName(r) {
		return &problem.Problem{Status: http.StatusForbidden, Kind: "host", Detail: fmt.Sprintf("this %s is not called %q, so that this may not %s: without a control token it answers to localhost and to its base URL only, so that no web page reaches it by a name of its own; %s", g.Server, r.Host, what, g.Advice)}
	}
	return nil
}

// calledByName reports whether a request was meant for this server. A web page can
// give its own name the address of this machine, and would then be of the same
// origin.
func (g *Guard) calledByName(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if local == nil || !local.IP.IsLoopback() || g.Token {
		return true // a handler called in a test, or one whose control API demands a token
	}
	asked := (&url.URL{Host: r.Host}).Hostname()
	ip := net.ParseIP(asked)
	base, err := url.Parse(g.BaseURL())
	return ip != nil && ip.IsLoopback() || strings.EqualFold(asked, "localhost") || err == nil && strings.EqualFold(asked, base.Hostname())
}
