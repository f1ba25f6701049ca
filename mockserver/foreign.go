package mockserver

import (
	"net/http"

	"github.com/parleykit/parley/internal/foreign"
)

// Foreign refuses a request that a web page of another origin sent, or that calls
// the mock by a name which is not its own. What says what is refused, as "make
// sandboxes".
func (s *Server) Foreign(r *http.Request, what string) error { return s.guard.Check(r, what) }

func (s *Server) newGuard() *foreign.Guard {
	return &foreign.Guard{
		Server: "mock", Advice: "set the base URL (parley serve --base-url), or a control token", BaseURL: s.BaseURL, Token: s.options.ControlToken != "" || s.options.Access != nil,
	}
}
