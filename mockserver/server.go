// Package mockserver plays vendors: it serves their operations, calls partners'
// webhooks with their events, and remembers what was said. The mock is an
// http.Handler without sockets, flags or signals.
package mockserver

import (
	"context"
	"net/http"
)

// Server plays one or more vendors under one address, with its control API
// below /_parley/.
type Server struct {
	options Options
}

// New returns a mock of the given vendors. An error names a contract that cannot
// be played, or two that serve the same method and path.
func New(o Options, vendors ...Vendor) (*Server, error) { panic("not yet") }

// ServeHTTP answers vendor paths and the control API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { panic("not yet") }

// SetBaseURL says how partners reach the mock, once that is known.
func (s *Server) SetBaseURL(url string) { panic("not yet") }

// BaseURL returns how partners reach the mock; "" while it is not known.
func (s *Server) BaseURL() string { panic("not yet") }

// Sandbox returns the default sandbox.
func (s *Server) Sandbox() *Sandbox { panic("not yet") }

// endStreams ends waits and streams of the control API.
func (s *Server) endStreams() { panic("not yet") }

// Close takes no more deliveries, lets those that are queued finish until ctx
// ends, and returns the ones that did not reach their end.
func (s *Server) Close(ctx context.Context) (undelivered []Delivery) { panic("not yet") }
