// Package partner runs reference partners: integrations that do all that a vendor
// asks for, and the same integrations with one defect at a time. The judge is
// proven with them, and newcomers try Parley on them. What the partner of a
// vendor does stands in the package of the vendor's name.
package partner

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// Vendor is the reference partner of one vendor.
type Vendor struct {
	ID      string   // of the contract
	Defects []Defect // that it can have, grouped by what they are about
	Orders  []Order  // how a person makes it act
	// NoWebhook is for partners of a vendor that sends no events.
	NoWebhook bool
	// Start returns the running partner, and what ends it and waits until all of its
	// work has stopped. The options are filled in.
	Start func(Options, Defects) (handler http.Handler, stop func())
}

// Order is a request that makes a partner act: POST with an empty body.
type Order struct {
	Path  string // "/say"
	About string // what the partner then does: "sends one message to the vendor"
}

// Options set up a partner. All is optional.
type Options struct {
	Token   string   // the secret that both sides know; may be empty
	Channel string   // ID of a channel that is known from the start; "" for none
	Webhook string   // URL of the vendor for that channel; "" when the vendor tells it later
	API     string   // base URL of the vendor's API, "http://127.0.0.1:7357"
	Defects []string // names of Vendor.Defects

	RetryAfter time.Duration // how long an outcome is waited for, and the pause before a retry; default 1 s
	Attempts   int           // how often one message is sent at most; default 5

	// After is the clock of all waiting; default time.After.
	After func(time.Duration) <-chan time.Time
	// NewID makes the ID of a message, for several goroutines at once; default random.
	NewID func() string
	// Client makes the calls to the vendor; default with a timeout of 10 s, without
	// redirects and proxies.
	Client *http.Client
	// Pass hands a message of the vendor's side on to the client, one at a time and
	// after it was acknowledged; nil: nobody reads it.
	Pass func(chat, text string, files int)
	// Log is told in one line what the partner does. It never sees the token.
	Log func(line string)
}

// Logf tells Log a line that is made as by fmt. It may end with a reason that is empty.
func (o Options) Logf(format string, args ...any) {
	o.Log(strings.TrimRight(fmt.Sprintf(format, args...), " "))
}

// Partner is a running reference partner, an http.Handler:
//
//	POST /webhook     the vendor's events, unless it sends none
//	GET  /health      200
//	POST ...          the vendor's Orders
type Partner struct {
	http.Handler
	stop func()
}

// Close ends retries and waits until all of the partner's work has stopped.
func (p *Partner) Close() { p.stop() }

// New returns a running partner. An error names an unknown defect, or a Webhook or
// API that is no URL.
func New(v Vendor, o Options) (*Partner, error) {
	for name, address := range map[string]string{"webhook": o.Webhook, "API": o.API} {
		if address != "" && !partnerkit.IsHTTP(address) {
			return nil, fmt.Errorf("%s %q is not an absolute http or https URL", name, address)
		}
	}
	chosen, err := choose(v.Defects, o.Defects)
	if err != nil {
		return nil, err
	}
	handler, stop := v.Start(o.withDefaults(), chosen)
	return &Partner{Handler: handler, stop: stop}, nil
}

func (o Options) withDefaults() Options {
	if o.RetryAfter <= 0 {
		o.RetryAfter = time.Second
	}
	if o.Attempts <= 0 {
		o.Attempts = 5
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.NewID == nil {
		o.NewID = func() string { return "message-" + rand.Text() }
	}
	if o.Client == nil {
		o.Client = partnerkit.NewClient()
	}
	if o.Pass == nil {
		o.Pass = func(string, string, int) {}
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	return o
}
