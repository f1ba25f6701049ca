// Package pairs reads queries and forms: names and values joined by &.
package pairs

import (
	"net/url"
	"strings"
)

// Parse is url.ParseQuery, except that a semicolon is data as any other character, as in
// WHATWG URL, 5.1: a query may hold one (RFC 3986, 3.4), and browsers, curl and most
// vendors take it for nothing else.
func Parse(text string) (url.Values, error) {
	return url.ParseQuery(strings.ReplaceAll(text, ";", "%3B"))
}

// InQuery is what can be read of an address's query.
func InQuery(u *url.URL) url.Values {
	values, _ := Parse(u.RawQuery)
	return values
}
