package infer

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// call is what was seen of requests with one method to one path, and in the end to all
// paths of one template.
type call struct {
	host, method, path string // path is as it was sent, below the base
	event              bool   // the vendor sends it
	url                string // of the first
	left               string // why it is left out; "" where it is not
	hidden             map[string]bool

	seen       int
	unanswered int
	paths      []string
	query      fields
	headers    fields
	proofs     map[string]int // credentials of a request, joined by a blank; how often
	request    part
	answers    map[int]*part

	template string
	names    []string // of the template's parameters
	id       string
}

// blank is a call to the same place of which nothing was seen yet.
func (c *call) blank() *call {
	return &call{host: c.host, method: c.method, path: c.path, event: c.event, query: fields{}, headers: fields{}, proofs: map[string]int{}, answers: map[int]*part{}}
}

// add takes one exchange. Shown is the exchange without its secrets.
func (c *call) add(e, shown *traffic.Exchange) {
	c.seen++
	if !slices.Contains(c.paths, c.path) {
		c.paths = append(c.paths, c.path)
	}
	proofs, keys := credentialsIn(e)
	c.proofs[strings.Join(proofs, " ")]++
	c.query.add(queryOf(e.Request.URL, keys), queryOf(shown.Request.URL, keys))
	c.headers.add(c.ownHeaders(e.Request.Header), c.ownHeaders(shown.Request.Header))
	c.request.add(e.Request.Header, shown.Request.Header, e.Request.Body, shown.Request.Body)
	if e.Response == nil {
		c.unanswered++
		return
	}
	status := e.Response.Status
	if c.answers[status] == nil {
		c.answers[status] = &part{}
	}
	c.answers[status].add(e.Response.Header, shown.Response.Header, e.Response.Body, shown.Response.Body)
}

func (c *call) merge(o *call) {
	c.seen, c.unanswered = c.seen+o.seen, c.unanswered+o.unanswered
	c.paths = append(c.paths, o.paths...)
	c.query.merge(o.query)
	c.headers.merge(o.headers)
	for set, n := range o.proofs {
		c.proofs[set] += n
	}
	c.request.merge(&o.request)
	for _, status := range slices.Sorted(maps.Keys(o.answers)) {
		if c.answers[status] == nil {
			c.answers[status] = &part{}
		}
		c.answers[status].merge(o.answers[status])
	}
}

// answered lists the places of members in the answers that are no errors.
func (c *call) answered() map[string]bool {
	all := &shape{}
	for status, p := range c.answers {
		if status >= 200 && status < 300 {
			for _, k := range p.kinds {
				all.merge(k.shape)
			}
		}
	}
	return all.paths()
}

// queryOf are the parameters of a URL without those that are credentials.
func queryOf(address string, without map[string]bool) url.Values {
	_, text, _ := strings.Cut(address, "?")
	text, _, _ = strings.Cut(text, "#")
	values, _ := pairs.Parse(text) // what can be read of it
	maps.DeleteFunc(values, func(name string, _ []string) bool { return without[name] || name == "" })
	return values
}

// passing are headers with X- that what stands on the way adds, or every browser.
var passing = []string{"X-Forwarded-", "X-Real-Ip", "X-Requested-With", "X-Client-Data", "X-B3-", "X-Datadog-", "X-Amzn-Trace-Id", "X-Cloud-Trace-Context"}

// ownHeaders are those of a request that its API seems to have invented, and that prove
// nothing: of a call, which anybody makes, those with X-; of an event all that are not
// standard, since a vendor adds no others.
func (c *call) ownHeaders(header http.Header) url.Values {
	values := url.Values{}
	for name, given := range header {
		name = http.CanonicalHeaderKey(name)
		empty := strings.Join(given, "") == ""
		own := strings.HasPrefix(name, "X-") && !isPassing(name) && !empty && !secretName(name)
		if c.event { // what is empty proves nothing
			own = len(given) > 0 && !validator.IsStandardHeader(name) && (empty || !secretName(name))
		}
		if own {
			values[name] = given[:1]
		}
	}
	return values
}

func isPassing(name string) bool {
	return slices.ContainsFunc(passing, func(beginning string) bool { return strings.HasPrefix(name, beginning) })
}
