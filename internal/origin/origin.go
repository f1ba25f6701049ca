// Package origin compares where URLs lead.
package origin

import (
	"net/url"
	"strings"
)

// Same reports whether two URLs name the same host and port. Without a port it is that
// of http, or else of https.
func Same(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}
