package mockserver

import "net/http"

const (
	controlSegment = "_parley"
	controlPrefix  = "/_parley/"
)

func newControl(s *Server) http.Handler { return http.NotFoundHandler() }
