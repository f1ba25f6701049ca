package proxy

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// hopByHop are the headers that may stand in Connection (RFC 9110, section 7.6.1):
// they are for the next hop only.
var hopByHop = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Http2-Settings"}

// drop takes out of a request what its Connection header names: it is not forwarded,
// and what is judged is what is forwarded.
func (c *call) drop() {
	named := c.request.Header["Connection"]
	if len(named) == 0 {
		return
	}
	for _, name := range strings.Split(strings.Join(named, ","), ",") {
		name = http.CanonicalHeaderKey(strings.TrimSpace(name))
		if _, ok := c.request.Header[name]; !ok || slices.Contains(hopByHop, name) {
			continue
		}
		if c.dropped == nil {
			c.request.Header = c.request.Header.Clone()
		}
		c.request.Header.Del(name)
		c.dropped = append(c.dropped, name)
	}
}

// droppedFindings says what drop took out.
func (c *call) droppedFindings() []traffic.Finding {
	var list []traffic.Finding
	for _, name := range c.dropped {
		f := finding(codeDropped, traffic.InRequest)
		f.Pointer, f.Expected, f.Actual = "header:Connection", "the names of headers for the next hop", visible.Shorten(name, maxShown)
		f.Hint = "a proxy takes out what Connection names, so that the target does not get it; send " + visible.Shorten(name, maxShown) + " without naming it there"
		list = append(list, f)
	}
	return list
}
