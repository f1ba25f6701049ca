// Package dotsegment finds what makes a path another on its way: who looks at it,
// and who then serves it, must mean the same.
package dotsegment

import (
	"net/url"
	"strings"
)

// In reports whether a decoded path has a segment "." or "..", which clients,
// proxies and servers take out (RFC 3986, section 5.2.4; WHATWG URL takes \ for /,
// and servers behind others decode once more).
func In(path string) bool {
	if strings.IndexByte(path, '.') < 0 && strings.IndexByte(path, '%') < 0 {
		return false // as most
	}
	for range 3 {
		for segment := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' || r == '\\' }) {
			if segment == "." || segment == ".." {
				return true
			}
		}
		again, err := url.PathUnescape(path)
		if err != nil || again == path {
			return false
		}
		path = again
	}
	return false
}
