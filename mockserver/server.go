// Package mockserver plays vendors: it serves their operations, calls partners'
// webhooks with their events, and remembers what was said. The mock is an
// http.Handler without sockets, flags or signals.
package mockserver

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// Server plays one or more vendors under one address, with its control API
// below /_parley/.
type Server struct {
	options Options
	vendors []*vendor
	routes  *routes
	control http.Handler
	sandbox *Sandbox
	baseURL atomic.Pointer[string]
	ended   chan struct{} // closed when waits and streams must end
	endOnce sync.Once
}

// New returns a mock of the given vendors. An error names a contract that cannot
// be played, or two that serve the same path.
func New(o Options, vendors ...Vendor) (*Server, error) {
	s := &Server{options: o.withDefaults(), ended: make(chan struct{})}
	var err error
	if s.vendors, err = newVendors(vendors); err != nil {
		return nil, err
	}
	if s.routes, err = newRoutes(s.vendors); err != nil {
		return nil, err
	}
	s.SetBaseURL(o.BaseURL)
	s.sandbox = newSandbox(s)
	s.control = newControl(s)
	return s, nil
}

// ServeHTTP answers vendor paths and the control API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.control.ServeHTTP(w, r)
		return
	}
	s.sandbox.serve(w, r)
}

// SetBaseURL says how partners reach the mock, once that is known.
func (s *Server) SetBaseURL(url string) {
	url = strings.TrimRight(url, "/")
	s.baseURL.Store(&url)
}

// BaseURL returns how partners reach the mock; "" while it is not known.
func (s *Server) BaseURL() string { return *s.baseURL.Load() }

// Sandbox returns the default sandbox.
func (s *Server) Sandbox() *Sandbox { return s.sandbox }

// Close takes no more deliveries, lets those that are queued finish until ctx
// ends, and returns the ones that did not reach their end. Waits and streams of
// the control API end at once.
func (s *Server) Close(ctx context.Context) (undelivered []Delivery) {
	s.endStreams()
	return s.sandbox.current().outbox.close(ctx, "the mock was closed")
}

func (s *Server) endStreams() { s.endOnce.Do(func() { close(s.ended) }) }
