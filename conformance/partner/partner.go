// Package partner holds a reference partner: a messenger that does all that
// ELMA365 asks for, and the same messenger with one defect at a time. The judge is
// proven with it, and newcomers try Parley on it.
package partner

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options set up a partner. The zero value is a good ELMA365 messenger whose
// token is the empty string.
type Options struct {
	Vendor  string   // contract ID; "" means "elma365"
	Token   string   // the confirmation string that both sides know; may be empty
	Channel string   // ID of a channel that is known before its connect; "" for none
	Webhook string   // URL of the vendor for that channel; "" until its connect
	Defects []string // names of Defects(Vendor)

	RetryAfter time.Duration // how long an outcome is waited for, and the pause before a retry; default 1 s
	Attempts   int           // how often one message is sent at most; default 5

	// After is the clock of all waiting; default time.After.
	After func(time.Duration) <-chan time.Time
	// NewID makes the ID of a message, for several goroutines at once; default random.
	NewID func() string
	// Client makes the calls to the vendor; default with a timeout of 10 s, without
	// redirects and proxies.
	Client *http.Client
	// Pass hands an operator's message on to the client, one at a time and after it was
	// acknowledged; nil: nobody reads it.
	Pass func(chat, text string, files int)
	// Log is told in one line what the partner does. It never sees the token.
	Log func(line string)
}

// Partner is a running reference partner, an http.Handler:
//
//	POST /webhook     the vendor's events
//	POST /say         sends one message to the vendor, answers 202
//	POST /ask-user    asks the vendor for the data of a user
//	POST /disconnect  ends the traffic
//	GET  /health      200
type Partner struct {
	http.Handler
	close func()
}

// Close ends retries and waits until all of the partner's work has stopped.
func (p *Partner) Close() { p.close() }

// Vendors lists the vendors that a reference partner speaks with.
func Vendors() []string { return []string{"elma365"} }

// New returns a partner. An error names an unknown vendor or defect, or a Webhook
// that is no URL.
func New(o Options) (*Partner, error) {
	if o.Vendor == "" {
		o.Vendor = "elma365"
	}
	if !slices.Contains(Vendors(), o.Vendor) {
		return nil, fmt.Errorf("no reference partner for %q; there is one for %s", o.Vendor, strings.Join(Vendors(), ", "))
	}
	if o.Webhook != "" && !isHTTP(o.Webhook) {
		return nil, fmt.Errorf("webhook %q is not an absolute http or https URL", o.Webhook)
	}
	chosen, err := choose(o.Vendor, o.Defects)
	if err != nil {
		return nil, err
	}
	m := newMessenger(o.withDefaults(), chosen)
	return &Partner{Handler: m.routes(), close: m.close}, nil
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
		o.NewID = randomID
	}
	if o.Client == nil {
		o.Client = newClient()
	}
	if o.Pass == nil {
		o.Pass = func(string, string, int) {}
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	return o
}

func isHTTP(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
