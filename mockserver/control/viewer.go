package control

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/internal/foreign"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// ViewerOptions are what a viewer shows.
type ViewerOptions struct {
	// Kind is what it belongs to, as GET /_parley/version and errors call it: "proxy".
	Kind string
	// Judges are what judges by the contracts, one for each.
	Judges []*validator.Validator
	// Journal has the exchanges.
	Journal *traffic.Journal
	// Run is the judgment that the exchanges are of; nil: none.
	Run Run
	// Redactor takes secrets out of what is shown; default: what the contracts say.
	Redactor *redaction.Redactor
	// ControlToken, when set, must come with every request but health, as
	// "Authorization: Bearer <token>".
	ControlToken string
	// BaseURL is how the viewer is called, beside localhost.
	BaseURL string
	// Target stands before the URLs of calls in an HTTP Archive; default: the base URL.
	Target string
	// BodyLimit bounds the body of a request in bytes; default
	// mockserver.DefaultBodyLimit.
	BodyLimit int64
	// Streams and Waits are how many there may be at once; default 100 each.
	Streams, Waits int
	// Served ends when streams and waits must; nil: never.
	Served context.Context
}

// NewViewer returns the part of the control API that needs no mock, for the paths below
// mockserver.ControlPrefix: health, version, contracts, judge, coverage, and reading the
// journal; beside it that of a run, which conformance/run.openapi.yaml describes.
func NewViewer(o ViewerOptions) http.Handler {
	v := &viewer{options: o}
	if o.Served == nil {
		v.options.Served = context.Background()
	}
	guard := &foreign.Guard{
		Server: o.Kind, Advice: "call it by one of these names, or give it a control token", BaseURL: func() string { return o.BaseURL }, Token: o.ControlToken != "",
	}
	c := (&reader{
		kind: o.Kind, plays: o.Kind + " judges by", ends: "the " + o.Kind + " is being closed", redact: o.Redactor,
		judges: func() []*validator.Validator { return o.Judges }, source: func(*http.Request) source { return v }, foreign: guard.Check,
		token: o.ControlToken, bodyLimit: cmp.Or(max(o.BodyLimit, 0), mockserver.DefaultBodyLimit),
	}).bounded(cmp.Or(max(o.Streams, 0), 100), cmp.Or(max(o.Waits, 0), 100))
	if c.redact == nil {
		c.redact = validator.Redactor(c.contracts()...)
	}
	c.redact.Know(o.ControlToken)
	var table []route
	routes := append(c.ofContracts(), c.ofJournal()...)
	if o.Run != nil {
		routes = append(routes, c.ofRun(o.Run)...)
	}
	for _, r := range routes {
		table = append(table, route{r.method, r.path, c.alone(r.handle)})
	}
	c.serve(table)
	return c
}

// alone refuses a request that names a sandbox: a viewer has none.
func (c *reader) alone(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if name := r.Header.Get(mockserver.HeaderSandbox); name != "" && name != mockserver.DefaultSandbox {
			problem.Problem{Status: http.StatusBadRequest, Kind: "sandbox", Detail: fmt.Sprintf("this %s has no sandboxes; leave out the header %s", c.kind, mockserver.HeaderSandbox)}.Write(w)
			return
		}
		handle(w, r)
	}
}

// viewer is the one journal of a viewer as what is read. IDs need not follow the order
// of the journal: a call that began earlier may have ended later.
type viewer struct{ options ViewerOptions }

func (v *viewer) Journal() *traffic.Journal { return v.options.Journal }

func (v *viewer) BaseURL() string { return cmp.Or(v.options.Target, v.options.BaseURL) }

// After tells the exchanges that entered the journal later than one; all, when the
// journal does not have that.
func (v *viewer) After(since string) func(*traffic.Exchange) bool {
	earlier, found := v.upTo(since)
	return func(e *traffic.Exchange) bool { return !found || !earlier[e.ID] }
}

// upTo are the IDs of an exchange, and of those that entered the journal before it.
func (v *viewer) upTo(since string) (ids map[string]bool, found bool) {
	ids = map[string]bool{}
	for _, e := range v.options.Journal.Find(nil) {
		if ids[e.ID] = true; e.ID == since {
			return ids, true
		}
	}
	return nil, false
}

// Follow counts as missed all that the journal let go, where it does not have the
// exchange any more.
func (v *viewer) Follow(since string, t traffic.Traits, match func(*traffic.Exchange) bool) (*traffic.Subscription, uint64) {
	if since == "" {
		return v.options.Journal.Only(t).Subscribe(match), 0
	}
	s := v.options.Journal.Only(t).SubscribeKept(match)
	if _, found := v.upTo(since); found {
		return s, 0
	}
	return s, v.options.Journal.Stats().Dropped
}

func (v *viewer) WhileServed(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(v.options.Served, cancel)
	return ctx, func() { stop(); cancel() }
}
