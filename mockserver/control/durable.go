package control

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
)

// durably lets the answer of a route that changes a sandbox leave when the change is as
// durable as the ledger makes it.
func (c *API) durably(one route) route {
	handle := one.handle
	if one.method == http.MethodGet || one.path == "sandboxes" { // a new one has its checkpoint already
		return one
	}
	one.handle = func(w http.ResponseWriter, r *http.Request) {
		name := mockserver.SandboxName(r)
		if strings.HasPrefix(one.path, "sandboxes/{name}") {
			name = mux.Vars(r)["name"]
		}
		handle(&durable{ResponseWriter: w, await: func() error {
			b := c.mock.Existing(cmp.Or(name, mockserver.DefaultSandbox))
			if b == nil { // it was just removed
				return nil
			}
			return b.Durable(r.Context())
		}}, r)
	}
	return one
}

// durable is an answer that waits before its first byte.
type durable struct {
	http.ResponseWriter
	await   func() error
	begun   bool
	refused bool // it was answered that nothing can be written down
}

func (d *durable) WriteHeader(status int) {
	if !d.begun {
		d.begun = true
		if err := d.await(); err != nil {
			d.refused = true
			problem.Of(err).Write(d.ResponseWriter)
			return
		}
	}
	if !d.refused {
		d.ResponseWriter.WriteHeader(status)
	}
}

func (d *durable) Write(p []byte) (int, error) {
	if !d.begun {
		d.WriteHeader(http.StatusOK)
	}
	if d.refused {
		return len(p), nil
	}
	return d.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (d *durable) Unwrap() http.ResponseWriter { return d.ResponseWriter }
