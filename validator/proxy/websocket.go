package proxy

import (
	"net/http"
	"slices"
	"strings"
)

// opensSocket reports whether a request asks for a WebSocket (RFC 6455, section 4.1).
// Contracts say nothing about what is spoken there: it is forwarded and not judged.
func opensSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket") &&
		slices.ContainsFunc(strings.Split(strings.Join(r.Header["Connection"], ","), ","), func(token string) bool {
			return strings.EqualFold(strings.TrimSpace(token), "upgrade")
		})
}

// openSocket enters the exchange that opened a socket into the journal at once, because
// the socket may stay open for days.
func (c *call) openSocket() {
	c.took = c.proxy.options.Now().Sub(c.began)
	c.header = c.header.Clone() // the record's; the other is written to
	c.judged = c.exchange()
	c.proxy.judge.Exchange(c.judged)
	c.judged.Findings = append(c.judged.Findings, c.droppedFindings()...)
	c.socket = true
	c.proxy.handOver(c)
}
