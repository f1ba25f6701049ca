package mcp

import (
	"net/http"
	"sync"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/mockserver"
)

// Path is where a mock answers assistants, below mockserver.ControlPrefix.
const Path = "mcp"

// Handler answers assistants over HTTP, each in the sandbox that the address of its
// requests names: it keeps no sessions of the protocol's. It must stand where the
// control API's guard lets requests in. Options.Play is not asked: what mock plays is
// there already.
func Handler(o Options, mock *mockserver.Server) http.Handler {
	all := &sessions{options: o, mock: mock, bySandbox: map[string]*sdk.Server{}}
	return sdk.NewStreamableHTTPHandler(all.of, &sdk.StreamableHTTPOptions{
		Stateless:                    true,
		DisableLocalhostProtection:   true, // the guard knows the mock's own names
		PropagateRequestCancellation: true,
	})
}

// sessions are those of the sandboxes that assistants use.
type sessions struct {
	options Options
	mock    *mockserver.Server

	mu        sync.Mutex
	bySandbox map[string]*sdk.Server
}

// of returns the server of a request's sandbox.
func (a *sessions) of(r *http.Request) *sdk.Server {
	name := mockserver.SandboxName(r)
	a.mu.Lock()
	defer a.mu.Unlock()
	if server := a.bySandbox[name]; server != nil {
		return server
	}
	for other := range a.bySandbox {
		if other != "" && a.mock.Existing(other) == nil {
			delete(a.bySandbox, other) // it was removed, and what was known of it is of no use
		}
	}
	session := newSession(a.options, name)
	for _, c := range a.mock.Contracts() {
		session.mocks[c.ID] = a.mock
	}
	a.bySandbox[name] = session.server()
	return a.bySandbox[name]
}
