// Package origin reads and compares where URLs lead.
package origin

import (
	"fmt"
	"net/url"
	"strings"
)

// Absolute reads a URL that says where it leads: with a scheme and a host.
func Absolute(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if u.Host == "" || u.Scheme == "" {
		return nil, fmt.Errorf("%q is no URL; write it whole, for example https://my-domain.example/api", text)
	}
	return u, nil
}

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
