package main

import (
	"net/http"
	"net/url"
	"slices"

	ui "github.com/parleykit/parley/console"
	"github.com/parleykit/parley/mcp"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/specs"
)

// withConsole is the control API of a mock with the page beside it.
func withConsole(mock *mockserver.Server) http.Handler { return ui.Beside(control.New(mock)) }

// withAssistants is withConsole for a mock whose tools assistants may use, too.
func withAssistants(targets func(*url.URL) bool) func(*mockserver.Server) http.Handler {
	return func(mock *mockserver.Server) http.Handler {
		o := assistantOptions(mock.Redactor())
		o.Contracts = func() ([]*specs.Contract, error) { return mock.Contracts(), nil }
		o.Contract = func(name string) (*specs.Contract, error) { return playedBy(mock, name) }
		o.AllowTarget = targets
		return ui.Beside(control.NewWith(mock, map[string]http.Handler{mcp.Path: mcp.Handler(o, mock)}))
	}
}

// playedBy finds a contract that a mock plays.
func playedBy(mock *mockserver.Server, name string) (*specs.Contract, error) {
	all := mock.Contracts()
	i := slices.IndexFunc(all, func(c *specs.Contract) bool { return c.ID == name })
	if i < 0 {
		return nil, usage("contract %q is not played here; there are %s", name, specs.JoinIDs(all))
	}
	return all[i], nil
}

// serverWithConsole serves a mock that leads browsers to its page. It is made for the mock
// itself, whose streams it ends when it is shut down.
func serverWithConsole(mock *mockserver.Server, contracts []*specs.Contract) *http.Server {
	server := mockserver.HTTPServer(mock)
	server.Handler = leadToConsole(mock, contracts)
	return server
}

// leadToConsole lets a browser that opens the root of the mock find the page, unless a
// vendor serves the root.
func leadToConsole(mock http.Handler, contracts []*specs.Contract) http.Handler {
	for _, c := range contracts {
		if slices.ContainsFunc(c.Operations, func(o *specs.Operation) bool { return o.Path == "/" }) {
			return mock
		}
	}
	return ui.Lead(mock)
}
