// Package infer makes a contract of recorded traffic: operations and events, parameters
// in paths and queries, and a schema of each body, all of it as evidence observed. What
// was seen fits the contract; what else there is, nobody can say.
package infer

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/origin"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// Options say what a contract is made of.
type Options struct {
	ID        string   // by which users call the contract
	Capture   string   // what evidence calls the capture
	Base      string   // URL at which the vendor's API begins; "": the one host that was called
	Webhooks  []string // URLs; calls to them are events
	NoSamples bool     // bodies are not kept as samples
}

// Inference is filled by Add and read by Contract. It is not safe for concurrent use.
type Inference struct {
	options  Options
	base     *url.URL
	webhooks []*url.URL
	redact   *redaction.Redactor

	calls     map[string]*call // by host, method and path
	events    map[string]*event
	vendors   map[string]int  // exchanges that name another vendor
	beyond    map[string]int  // exchanges that are not below the base, by host
	elsewhere map[string]bool // their methods and URLs
	leftOut   map[string]int  // exchanges that no host has, by reason
	headers   map[string]bool
	cookies   map[string]bool
	seen      int
}

// New returns an empty inference. An error is a URL that is none.
func New(o Options) (*Inference, error) {
	i := &Inference{
		options: o, redact: redaction.New(redaction.Options{}), calls: map[string]*call{}, events: map[string]*event{},
		vendors: map[string]int{}, beyond: map[string]int{}, elsewhere: map[string]bool{}, leftOut: map[string]int{}, headers: map[string]bool{}, cookies: map[string]bool{},
	}
	for _, text := range append([]string{o.Base}, o.Webhooks...) {
		if text == "" {
			continue
		}
		u, err := origin.Absolute(text)
		if err != nil {
			return nil, err
		}
		if text == o.Base {
			i.base = u
		} else {
			i.webhooks = append(i.webhooks, u)
		}
	}
	return i, nil
}

// Add takes one exchange; it is not changed.
func (i *Inference) Add(e *traffic.Exchange) {
	i.seen++
	known := e.Vendor != "" && (e.Caller == traffic.Vendor || e.Caller == traffic.Partner)
	if known && e.Vendor != i.options.ID {
		i.vendors[e.Vendor]++
		return
	}
	u, err := url.Parse(e.Request.URL)
	switch {
	case err != nil:
		i.leftOut["calls whose URL cannot be read"]++
	case known && e.Caller == traffic.Vendor, !known && i.isWebhook(u):
		i.addEvent(e, u)
	case known:
		i.addCall(e, "", u.EscapedPath())
	case u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		i.leftOut["calls that are not HTTP"]++
	case i.base == nil:
		i.addCall(e, strings.ToLower(u.Scheme+"://"+u.Host), u.EscapedPath())
	default:
		if path, ok := i.belowBase(u); ok {
			i.addCall(e, i.options.Base, path)
		} else {
			i.beyond[u.Host]++
			i.elsewhere[e.Request.Method+" "+u.Scheme+"://"+u.Host+u.EscapedPath()] = true
		}
	}
}

func (i *Inference) isWebhook(u *url.URL) bool {
	return slices.ContainsFunc(i.webhooks, func(w *url.URL) bool {
		return origin.Same(u, w) && strings.TrimRight(u.EscapedPath(), "/") == strings.TrimRight(w.EscapedPath(), "/")
	})
}

// belowBase is the path of a URL below the base, as validator.Scope has it.
func (i *Inference) belowBase(u *url.URL) (string, bool) {
	rest, ok := strings.CutPrefix(u.EscapedPath(), strings.TrimRight(i.base.EscapedPath(), "/"))
	return "/" + strings.TrimLeft(rest, "/"), ok && origin.Same(u, i.base) && (rest == "" || rest[0] == '/')
}

func (i *Inference) addCall(e *traffic.Exchange, host, path string) {
	path = cmp.Or(path, "/")
	key := host + " " + e.Request.Method + " " + path
	c := i.calls[key]
	if c == nil {
		c = (&call{host: host, method: e.Request.Method, path: path}).blank()
		c.url = e.Request.URL
		i.calls[key] = c
	}
	if reason := aside(e, path); c.seen == 0 {
		c.left = reason
	} else if reason == "" {
		c.left = "" // it is an API's at least once
	}
	shown := i.redact.Exchange(e)
	c.hide(e.Request.URL, shown.Request.URL)
	c.add(e, shown)
	i.noteHeaders(e.Request.Header)
}

func (i *Inference) addEvent(e *traffic.Exchange, u *url.URL) {
	found := tags(e.Request.Body.Kept)
	key := e.Request.Method + " " + u.EscapedPath()
	for _, name := range slices.Sorted(maps.Keys(found)) {
		key += " " + name + "=" + found[name]
	}
	if i.events[key] == nil {
		i.events[key] = &event{call: (&call{method: e.Request.Method, path: u.EscapedPath(), event: true}).blank(), tags: found}
	}
	i.events[key].add(e, i.redact.Exchange(e))
}

// hide notes the segments of a path that are not to be shown.
func (c *call) hide(given, shown string) {
	given, _, _ = strings.Cut(given, "?")
	shown, _, _ = strings.Cut(shown, "?")
	before, after := strings.Split(given, "/"), strings.Split(shown, "/")
	for n, segment := range before {
		if len(before) != len(after) || segment != after[n] {
			if c.hidden == nil {
				c.hidden = map[string]bool{}
			}
			c.hidden[segment] = true
		}
	}
}

// usualHeaders say how a message is sent, or who sends it, and are the same everywhere.
var usualHeaders = []string{"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Encoding",
	"Content-Length", "Content-Type", "Cookie", "Date", "Dnt", "Expect", "Forwarded", "From", "Host", "Keep-Alive", "Origin", "Pragma", "Priority", "Proxy-Connection",
	"Proxy-Authorization", "Referer", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests", "User-Agent", "Via", "Traceparent", "Tracestate"}

// noteHeaders remembers what of a request's header no contract will have.
func (i *Inference) noteHeaders(header http.Header) {
	const most = 50
	for name := range header {
		name = http.CanonicalHeaderKey(name)
		if slices.Contains(usualHeaders, name) || strings.HasPrefix(name, "Sec-") || strings.HasPrefix(name, "X-") || strings.HasPrefix(name, "Parley-") || secretName(name) || len(i.headers) >= most {
			continue
		}
		i.headers[name] = true
	}
	for _, cookie := range (&http.Request{Header: header}).Cookies() {
		if len(i.cookies) < most {
			i.cookies[cookie.Name] = true
		}
	}
}
