package mockserver

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"

	"github.com/parleykit/parley/internal/problem"
)

// admit counts a call of a vendor's to the limits of the token that covers its sandbox.
func (s *Server) admit(sandbox string, r *http.Request) error {
	if s.options.Access == nil {
		return nil
	}
	return s.options.Access.Take(s.options.Access.Covering(cmp.Or(sandbox, DefaultSandbox)), r)
}

// covered refuses to make a sandbox that no token sees.
func (s *Server) covered(sandbox string) error {
	if s.options.Access == nil || s.options.Access.Covering(sandbox) != nil {
		return nil
	}
	return &problem.Problem{Status: http.StatusNotFound, Kind: "sandbox", Detail: fmt.Sprintf("there is no sandbox %q, and no token of this mock has one of that name", sandbox)}
}

// room refuses one more sandbox where the token that covers it has no more.
func (s *sandboxes) room(sandbox string) error {
	if s.server.options.Access == nil {
		return nil
	}
	return s.server.options.Access.Room(sandbox, maps.Keys(s.byName))
}
