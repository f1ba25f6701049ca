package control

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/access"
)

// nobody may what needs no token: whoever watches over processes has none.
var nobody = &access.Token{}

// who returns the token that a request carries, nobody where it needs none, and nil where
// the right one is missing.
func (c *reader) who(r *http.Request) *access.Token {
	if r.URL.Path == mockserver.ControlPrefix+"health" || r.URL.Path == mockserver.ControlPrefix+"ready" {
		return nobody
	}
	if c.token == "" && c.access == nil {
		return access.Administrator()
	}
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(c.token))
	if c.token != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1 {
		return access.Administrator()
	}
	if c.access == nil {
		return nil
	}
	return c.access.Of(given)
}

// tokenKey is the key of a request's token in its context.
type tokenKey struct{}

// as lets a request be that of a token, and end when the token is no longer what it was.
func as(token *access.Token, r *http.Request) (*http.Request, func()) {
	ctx := context.WithValue(r.Context(), tokenKey{}, token)
	if token.Served() == nil || token.Served().Done() == nil {
		return r.WithContext(ctx), func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(token.Served(), cancel)
	return r.WithContext(ctx), func() { stop(); cancel() }
}

// tokenOf is the token of a request that was let in.
func tokenOf(r *http.Request) *access.Token { return r.Context().Value(tokenKey{}).(*access.Token) }

// guarded lets in who may see the sandbox that a route is about and has the right to it.
// Whoever may not see a sandbox is answered as if there were none.
func (c *reader) guarded(need need, handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, name := tokenOf(r), ""
		switch need.of {
		case itsSandbox:
			name = cmp.Or(mockserver.SandboxName(r), mockserver.DefaultSandbox)
		case namedSandbox:
			name = mux.Vars(r)["name"]
		}
		switch {
		case name != "" && !token.Sees(name):
			c.notFound(w, "sandbox", name, "sandboxes")
		case !token.Can(need.right):
			lacking(w, need.right)
		default:
			handle(w, r)
		}
	}
}

func lacking(w http.ResponseWriter, right access.Right) {
	problem.Problem{Status: http.StatusForbidden, Kind: "right", Detail: fmt.Sprintf("this needs a token that may %s; yours may not", right)}.Write(w)
}
