// Package control is the control API of a mock: what a person or a test does on the
// vendor's side, over HTTP. It is described in openapi.yaml beside this file, and uses
// what package mockserver exports alone.
package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/dotsegment"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic/redaction"
)

// API answers the control API of a mock.
type API struct {
	mock    *mockserver.Server
	router  *mux.Router
	table   []route
	redact  *redaction.Redactor
	frames  *frames
	streams places
	waits   places
	pace    pace // of streams
}

type route struct {
	method, path string
	handle       http.HandlerFunc
}

// New returns what Options.Control of a mock makes: an http.Handler for the paths
// below mockserver.ControlPrefix.
func New(mock *mockserver.Server) http.Handler {
	o := mock.Options()
	c := &API{
		mock: mock, router: mux.NewRouter().SkipClean(true), redact: mock.Redactor(), frames: newFrames(),
		streams: places{what: "event streams", most: o.Streams}, waits: places{what: "waits", most: o.Waits},
	}
	c.table = c.ofMock()
	for _, r := range c.ofSandbox() {
		c.table = append(c.table, route{r.method, r.path, c.in(r.handle)})
	}
	for _, r := range c.table {
		c.router.HandleFunc(mockserver.ControlPrefix+r.path, r.handle).Methods(r.method)
	}
	c.router.NotFoundHandler = http.HandlerFunc(c.unknown)
	c.router.MethodNotAllowedHandler = http.HandlerFunc(c.wrongMethod)
	return c
}

// ofMock are the routes of the whole mock.
func (c *API) ofMock() []route {
	return []route{
		{"GET", "health", c.health},
		{"GET", "version", c.plain(c.version)},

		{"GET", "contracts", c.plain(c.listContracts)},
		{"GET", "contracts/{vendor}", c.plain(c.contract)},
		{"GET", "contracts/{vendor}/payload", c.payload},
		{"POST", "judge", c.plain(c.judgeBody)},

		{"GET", "sandboxes", c.plain(c.sandboxes)},
		{"POST", "sandboxes", c.plain(c.addSandbox)},
		{"GET", "sandboxes/{name}", c.plain(c.sandbox)},
		{"DELETE", "sandboxes/{name}", c.plain(c.removeSandbox)},
		{"POST", "sandboxes/{name}/reset", c.plain(c.resetSandbox)},
	}
}

// ofSandbox are the routes of one sandbox.
func (c *API) ofSandbox() []route {
	return []route{
		{"GET", "clock", c.plain(c.clock)},
		{"PUT", "clock", c.plain(c.setClock)},
		{"POST", "clock", c.plain(c.advanceClock)},

		{"GET", "journal", c.journal},
		{"DELETE", "journal", c.plain(c.clearJournal)},
		{"GET", "journal.ndjson", c.exportJournal},
		{"GET", "journal.har", c.archiveJournal},
		{"GET", "journal/wait", c.waitJournal},
		{"GET", "journal/stream", c.streamJournal},
		{"GET", "journal/{id}", c.plain(c.exchange)},

		{"GET", "coverage", c.coverage},

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
		{"POST", "reset", c.plain(c.reset)},
	}
}

// ServeHTTP lets a request in that comes from no foreign web page and carries the
// token, where one is set.
func (c *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refusal := c.mock.Foreign(r, "use the control API"); refusal != nil {
		problem.Of(refusal).Write(w)
		return
	}
	if r.URL.Path != mockserver.ControlPrefix+"health" && !c.authorized(r) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		problem.Problem{Status: http.StatusUnauthorized, Kind: "token", Detail: "the control API of this mock demands its token; send it as \"Authorization: Bearer <token>\""}.Write(w)
		return
	}
	if unclean(r.URL.Path) {
		problem.Problem{Status: http.StatusNotFound, Kind: "path", Detail: fmt.Sprintf("the control API has no %s: a path with an empty segment, \".\" or \"..\" is not corrected, so that no request leaves its sandbox; write it without", r.URL.Path)}.Write(w)
		return
	}
	c.router.ServeHTTP(w, r)
}

// unclean reports a path that others take for a shorter one: with an empty segment
// that is not the last, or with a dot segment.
func unclean(path string) bool { return strings.Contains(path, "//") || dotsegment.In(path) }

func (c *API) authorized(r *http.Request) bool {
	expected := c.mock.Options().ControlToken
	if expected == "" {
		return true
	}
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return false
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(expected))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

func (c *API) wrongMethod(w http.ResponseWriter, r *http.Request) {
	var methods []string
	for _, route := range c.table {
		var match mux.RouteMatch
		probe := &http.Request{Method: route.method, URL: r.URL}
		if c.router.Match(probe, &match) && match.MatchErr == nil && !slices.Contains(methods, route.method) {
			methods = append(methods, route.method)
		}
	}
	slices.Sort(methods)
	w.Header().Set("Allow", strings.Join(methods, ", "))
	problem.Problem{
		Status: http.StatusMethodNotAllowed, Kind: "method",
		Detail: fmt.Sprintf("%s knows %s, not %s", r.URL.Path, strings.Join(methods, ", "), r.Method),
	}.Write(w)
}
