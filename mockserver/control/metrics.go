package control

import (
	"net/http"

	"github.com/parleykit/parley/internal/problem"
)

// metrics shows what the mock counts, where it counts.
func (c *API) metrics() http.HandlerFunc {
	if made := c.mock.Options().Metrics; made != nil {
		return made(c.mock).ServeHTTP
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		problem.Problem{Status: http.StatusNotFound, Kind: "path", Detail: "this mock counts nothing; parley serve does, and in Go what package mockserver/metrics puts into mockserver.Options"}.Write(w)
	}
}
