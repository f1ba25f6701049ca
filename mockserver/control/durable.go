package control

import (
	"net/http"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
)

// durably lets the answer of a route that changes the sandbox it works in leave when the
// change is as durable as the ledger makes it. It asks that sandbox and no other of its name:
// one that was lost meanwhile, or taken up anew, says nothing of what was done in it.
func (c *API) durably(one route) http.HandlerFunc {
	if one.method == http.MethodGet {
		return one.handle
	}
	return func(w http.ResponseWriter, r *http.Request) {
		one.handle(durableIn(c.box(r), w, r), r)
	}
}

// durableIn is an answer about what was done in a sandbox.
func durableIn(b *mockserver.Sandbox, w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	return &durable{ResponseWriter: w, await: func() error { return b.Durable(r.Context()) }}
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
