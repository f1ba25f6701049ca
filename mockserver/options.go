package mockserver

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/parleykit/parley/mockserver/access"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// DefaultBodyLimit is how large a request's body may be unless Options say otherwise.
const DefaultBodyLimit = 1 << 20

// Options set up a mock. The zero value is useful.
type Options struct {
	// Seed decides every ID that the mock makes up; in a named sandbox together with
	// its name. 0 is a seed like any other.
	Seed uint64
	// Now is what the sandboxes' clocks run with; default time.Now.
	Now func() time.Time
	// BaseURL is how partners reach the mock ("http://127.0.0.1:7357"), without a
	// slash at the end. SetBaseURL may give it later.
	BaseURL string
	// BodyLimit bounds the body of a request, and of a partner's answer, in bytes;
	// default DefaultBodyLimit.
	BodyLimit int64
	// Journal bounds the record of exchanges of the default sandbox.
	Journal traffic.Limits
	// Sandboxes bound the named sandboxes.
	Sandboxes SandboxLimits
	// Streams and Waits are how many event streams, and how many waits, the control API
	// has open at once, of all sandboxes together; default 2,500 each.
	Streams, Waits int
	// Ledger keeps what happens in all sandboxes, step by step, and what it has already
	// they go on from. Nil: they begin anew and are forgotten at the end. Who gives it closes
	// it, after the server.
	Ledger ledger.Ledger
	// History keeps what was from the beginning, in memory, where there is no Ledger; else
	// that begins when somebody first asks (Sandbox.StateAt, Server.Fork).
	History bool
	// Shared tells that other mocks use the ledger, too: a sandbox is there from TakeUp to
	// LetGo or Lose alone, the default one likewise.
	Shared bool
	// SelfCheck judges every answer and event of the mock's own. What it finds is a
	// finding of severity harness_error in the exchange.
	SelfCheck bool
	// Changes records from the beginning what changes in the vendors' state; else that
	// begins when somebody first asks (Sandbox.Changes).
	Changes bool
	// Recorded is called with every exchange of every sandbox as it enters its journal,
	// in the journal's order. The sandbox waits for it: it must be quick.
	Recorded func(*traffic.Exchange)
	// Control makes what answers below ControlPrefix: control.New. Nil: nothing does.
	Control func(*Server) http.Handler
	// Metrics makes what answers GET /_parley/metrics: metrics.New does so. Nil: nothing is
	// counted.
	Metrics func(*Server) http.Handler
	// Ready says why the mock should get no traffic yet, or not now, such as "the ledger is
	// being read"; nil, or an error that is nil: it should. GET /_parley/ready asks it each
	// time, so it must be quick.
	Ready func() error
	// ControlToken, when set, must come with every request to the control API but
	// health and ready, as "Authorization: Bearer <token>".
	ControlToken string
	// Access are tokens beside that one, for some sandboxes and some of what can be done,
	// with limits; they must come likewise. Where there are some, a vendor's path makes
	// sandboxes that one of them sees alone. Nil: there are none.
	Access *access.Access
	// AllowTargets allows deliveries to further URLs than those of channels; nil: none.
	AllowTargets func(*url.URL) bool
	// CORS are the origins whose web pages may read what the vendors answer, such as
	// "http://localhost:3000"; "*" are all. The control API answers no page.
	CORS []string
	// State is what the vendors know from the beginning, beside what they always know,
	// by contract ID and in the form that Behaviour.AddState takes. It is given to
	// every sandbox, and again after a reset.
	State map[string]json.RawMessage
	// Channels are there from the beginning in the default sandbox, and again after a
	// reset; the partner is not told. Vendor must be given where the mock plays several.
	Channels []Channel
	// Secrets are what the vendors sign their events with, by contract ID: one, or the
	// new one and the old one while it is replaced. The contract says how.
	Secrets map[string][]string
	// IgnoreHeaders are patterns of headers, such as x-*, that calls may have although no
	// contract documents them; validator.IgnoringHeaders reads them.
	IgnoreHeaders []string
	// Redactor takes secrets out of what the control API shows, and learns those of the
	// mock: the control token, channels' tokens, and what vendors issue. Who writes
	// exchanges down writes them through the same one (Server.Redactor). Default: what
	// the contracts say.
	Redactor *redaction.Redactor
	// Transport carries deliveries; default NewTransport().
	Transport http.RoundTripper
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = DefaultBodyLimit
	}
	o.Streams, o.Waits = cmp.Or(max(o.Streams, 0), 2_500), cmp.Or(max(o.Waits, 0), 2_500)
	o.Sandboxes = o.Sandboxes.withDefaults()
	if o.Transport == nil {
		o.Transport = NewTransport()
	}
	return o
}
