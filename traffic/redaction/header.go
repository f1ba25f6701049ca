package redaction

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/traffic"
)

// header redacts a header; what does not change is shared.
func (p *pass) header(h http.Header) http.Header {
	var next http.Header // nil: nothing has changed
	for name, values := range h {
		shownName := p.values(name)
		var shown []string
		for i, value := range values {
			if one := p.headerValue(name, value); one != value {
				if shown == nil {
					shown = slices.Clone(values)
				}
				shown[i] = one
			}
		}
		if shown == nil && shownName == name {
			continue
		}
		if next == nil {
			next = maps.Clone(h)
		}
		if shownName != name {
			delete(next, name)
		}
		if shown == nil {
			shown = values
		}
		next[shownName] = shown
	}
	if next == nil {
		return h
	}
	return next
}

// plainHeaders hold nothing but words, and are most of what there is.
var plainHeaders = setOf("Accept", "Accept-Encoding", "Accept-Language", "Content-Length", "Connection", "Date", "Content-Type", "Vary", "Cache-Control")

func (p *pass) headerValue(name, value string) string {
	if value == "" {
		return ""
	}
	if plainHeaders[name] {
		return p.values(value)
	}
	switch p.weigh(name) {
	case certain:
		return p.secretHeader(value)
	case maybe:
		if !isTelling(value) {
			p.learn(value)
			return traffic.Redacted
		}
	}
	if mayHold(value) {
		value = p.value(value)
	}
	return p.values(value)
}

// secretHeader keeps the scheme of credentials: "Bearer [redacted]".
func (p *pass) secretHeader(value string) string {
	if value == "true" || value == "false" {
		return value // Access-Control-Allow-Credentials
	}
	for _, pair := range strings.FieldsFunc(value, func(c rune) bool { return c == ';' || c == ',' || c == ' ' }) {
		_, inside, ok := strings.Cut(pair, "=")
		if !ok || strings.Trim(inside, "=") == "" {
			inside = pair
		}
		p.learn(strings.Trim(inside, `"`))
	}
	return redactedHeader(value)
}

func redactedHeader(value string) string {
	if value == "" {
		return ""
	}
	scheme, rest, ok := strings.Cut(value, " ")
	if ok && rest != "" && slices.Contains([]string{"basic", "bearer", "digest", "token", "apikey"}, strings.ToLower(scheme)) {
		return scheme + " " + traffic.Redacted
	}
	return traffic.Redacted
}
