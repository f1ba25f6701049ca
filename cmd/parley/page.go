package main

import (
	"net/http"
	"slices"

	ui "github.com/parleykit/parley/console"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/specs"
)

// withConsole is the control API of a mock with the page beside it.
func withConsole(mock *mockserver.Server) http.Handler { return ui.Beside(control.New(mock)) }

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
