// Package control is the control API of a mock: what a person or a test does on the
// vendor's side, over HTTP. It is described in openapi.yaml beside this file, and uses
// what package mockserver exports alone.
package control

import (
	"net/http"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// API answers the control API of a mock.
type API struct {
	*reader
	mock *mockserver.Server
}

// New returns what Options.Control of a mock makes: an http.Handler for the paths
// below mockserver.ControlPrefix.
func New(mock *mockserver.Server) http.Handler { return NewWith(mock, nil) }

// NewWith is New with further handlers, each for its path below mockserver.ControlPrefix:
// who may not use the control API reaches none of them.
func NewWith(mock *mockserver.Server, further map[string]http.Handler) http.Handler {
	o := mock.Options()
	c := &API{mock: mock}
	c.reader = (&reader{
		kind: "mock", plays: "mock plays", ends: "the mock is being closed, or the sandbox was removed, or moved to another replica: then ask again", redact: mock.Redactor(),
		judges: mock.Judges, source: func(r *http.Request) source { return sandboxSource{c.box(r)} }, foreign: mock.Foreign,
		token: o.ControlToken, access: o.Access, bodyLimit: o.BodyLimit,
	}).bounded(o.Streams, o.Waits)
	table := c.ofMock()
	for _, r := range c.ofSandbox() {
		table = append(table, route{r.method, r.path, c.in(c.durably(r))})
	}
	c.serve(table)
	for path, handler := range further {
		c.router.HandleFunc(mockserver.ControlPrefix+path, c.guarded(beside, handler.ServeHTTP))
	}
	return c
}

// sandboxSource is a sandbox as what is read.
type sandboxSource struct{ *mockserver.Sandbox }

// After tells later exchanges by their IDs, which follow the order of the journal.
func (sandboxSource) After(since string) func(*traffic.Exchange) bool {
	return func(e *traffic.Exchange) bool { return serial.Compare(e.ID, since) > 0 }
}

// ofMock are the routes of the whole mock.
func (c *API) ofMock() []route {
	return append(c.ofContracts(), []route{
		{"GET", "openapi.json", c.plain(c.document)},
		{"GET", "ready", c.ready},
		{"GET", "metrics", c.plain(c.metrics())},

		{"GET", "sandboxes", c.plain(c.sandboxes)},
		{"POST", "sandboxes", c.plain(c.addSandbox)},
		{"GET", "sandboxes/{name}", c.plain(c.sandbox)},
		{"DELETE", "sandboxes/{name}", c.plain(c.removeSandbox)},
		{"POST", "sandboxes/{name}/reset", c.plain(c.resetSandbox)},
	}...)
}

// ofSandbox are the routes of one sandbox.
func (c *API) ofSandbox() []route {
	return append(c.ofJournal(), []route{
		{"DELETE", "journal", c.plain(c.clearJournal)},
		{"GET", "journal/{id}/diff", c.diff},

		{"GET", "clock", c.plain(c.clock)},
		{"PUT", "clock", c.plain(c.setClock)},
		{"POST", "clock", c.plain(c.advanceClock)},

		{"GET", "channels", c.channels},
		{"POST", "channels", c.openChannel},
		{"GET", "channels/{id}", c.channel},
		{"PATCH", "channels/{id}", c.changeChannel},
		{"DELETE", "channels/{id}", c.plain(c.removeChannel)},

		{"POST", "send", c.plain(c.send)},
		{"POST", "compose", c.plain(c.compose)},
		{"GET", "deliveries", c.deliveries},
		{"GET", "deliveries/{id}", c.plain(c.delivery)},
		{"POST", "deliveries/{id}/retry", c.plain(c.retryDelivery)},
		{"POST", "deliveries/{id}/cancel", c.plain(c.cancelDelivery)},
		{"POST", "deliveries/{id}/replay", c.plain(c.replayDelivery)},

		{"GET", "listen/{name}", c.listen},
		{"POST", "listen/{name}/{id}", c.plain(c.complete)},

		{"GET", "faults", c.plain(c.faults)},
		{"POST", "faults", c.plain(c.addFault)},
		{"DELETE", "faults", c.plain(c.clearFaults)},
		{"DELETE", "faults/{id}", c.plain(c.removeFault)},

		{"GET", "state", c.state},
		{"GET", "state/list", c.elements},
		{"GET", "state/wait", c.waitElements},
		{"GET", "state/stream", c.streamElements},
		{"POST", "state", c.plain(c.addState)},
		{"GET", "changes", c.changes},
		{"POST", "reset", c.plain(c.reset)},
	}...)
}
