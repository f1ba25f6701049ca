package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/dotsegment"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/access"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// reader answers what needs no more than a journal and contracts, and lets in who may
// ask.
type reader struct {
	kind      string // what it belongs to: "mock"
	plays     string // "mock plays", before contract IDs
	ends      string // why a wait ends before its time
	redact    *redaction.Redactor
	judges    func() []*validator.Validator // one per contract
	source    func(*http.Request) source
	foreign   func(r *http.Request, what string) error
	token     string // "", and no access: none is demanded
	access    *access.Access
	bodyLimit int64

	router  *mux.Router
	table   []route
	frames  *frames
	streams places
	waits   places
	pace    pace // of streams
}

// source is the journal that a request is about.
type source interface {
	Journal() *traffic.Journal
	// BaseURL stands before the URLs of calls.
	BaseURL() string
	// After tells the exchanges that came later than one, by its ID.
	After(since string) func(*traffic.Exchange) bool
	// Follow reads what of the journal has traits and matches, from now on or from after an
	// exchange, with how many of those that followed it are gone. Match knows of since already.
	Follow(since string, t traffic.Traits, match func(*traffic.Exchange) bool) (s *traffic.Subscription, missed uint64)
	// WhileServed is a context that also ends when waits and streams must.
	WhileServed(context.Context) (context.Context, context.CancelFunc)
}

type route struct {
	method, path string
	handle       http.HandlerFunc
}

// bounded says how many streams and waits there may be at once, and returns the same
// reader.
func (c *reader) bounded(streams, waits int) *reader {
	c.frames = newFrames()
	c.streams.what, c.streams.of, c.streams.most = "event streams", c.kind, streams
	c.waits.what, c.waits.of, c.waits.most = "waits", c.kind, waits
	return c
}

// serve makes the router of all routes.
func (c *reader) serve(table []route) {
	c.table, c.router = table, mux.NewRouter().SkipClean(true)
	for _, r := range table {
		c.router.HandleFunc(mockserver.ControlPrefix+r.path, c.guarded(needOf(r), r.handle)).Methods(r.method)
	}
	c.router.NotFoundHandler = http.HandlerFunc(c.unknown)
	c.router.MethodNotAllowedHandler = http.HandlerFunc(c.wrongMethod)
}

// ofContracts are the routes that are about no journal.
func (c *reader) ofContracts() []route {
	return []route{
		{"GET", "health", c.health},
		{"GET", "version", c.plain(c.version)},
		{"GET", "contracts", c.plain(c.listContracts)},
		{"GET", "contracts/{vendor}", c.plain(c.contract)},
		{"GET", "contracts/{vendor}/payload", c.payload},
		{"POST", "judge", c.plain(c.judgeBody)},
	}
}

// ofJournal are the routes that read a journal.
func (c *reader) ofJournal() []route {
	return []route{
		{"GET", "journal", c.journal},
		{"GET", "journal.ndjson", c.exportJournal},
		{"GET", "journal.har", c.archiveJournal},
		{"GET", "journal/wait", c.waitJournal},
		{"GET", "journal/stream", c.streamJournal},
		{"GET", "journal/{id}", c.plain(c.exchange)},
		{"GET", "coverage", c.coverage},
	}
}

// contracts are those that something judges by.
func (c *reader) contracts() []*specs.Contract {
	var list []*specs.Contract
	for _, judge := range c.judges() {
		list = append(list, judge.Contract())
	}
	return list
}

// ServeHTTP lets a request in that comes from no foreign web page and carries the
// token, where one is set.
func (c *reader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refusal := c.foreign(r, "use the control API"); refusal != nil {
		problem.Of(refusal).Write(w)
		return
	}
	token := c.who(r)
	if token == nil {
		w.Header().Set("WWW-Authenticate", "Bearer")
		problem.Problem{Status: http.StatusUnauthorized, Kind: "token", Detail: "the control API of this " + c.kind + " demands its token; send it as \"Authorization: Bearer <token>\""}.Write(w)
		return
	}
	if unclean(r.URL.Path) {
		problem.Problem{Status: http.StatusNotFound, Kind: "path", Detail: fmt.Sprintf("the control API has no %s: a path with an empty segment, \".\" or \"..\" is not corrected, so that no request leaves its sandbox; write it without", r.URL.Path)}.Write(w)
		return
	}
	if err := c.access.Take(token, r); err != nil {
		access.Refuse(w, err)
		return
	}
	r, done := as(token, r)
	defer done()
	c.router.ServeHTTP(w, r)
}

// unclean reports a path that others take for a shorter one: with an empty segment
// that is not the last, or with a dot segment.
func unclean(path string) bool { return strings.Contains(path, "//") || dotsegment.In(path) }

func (c *reader) wrongMethod(w http.ResponseWriter, r *http.Request) {
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
