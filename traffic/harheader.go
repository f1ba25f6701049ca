package traffic

import (
	"net/http"
	"slices"
	"strings"
)

// harHeaders makes headers of entries. Those that are like one of the last few are the same
// map: most calls of a capture have the headers of the call before, and to make them anew is a
// third of what is allocated for a small one. Nobody changes a header of an exchange.
type harHeaders struct {
	recent [4]recentHeader
	next   int // of them
}

type recentHeader struct {
	pairs    []harPair
	mimeType string
	header   http.Header // nil: none yet
}

// longestHeader is how many bytes of names and values are remembered at most.
const longestHeader = 4 << 10

// of is harHeader.
func (m *harHeaders) of(pairs []harPair, mimeType, cookie string, cookies []harPair) http.Header {
	if len(cookies) > 0 {
		return harHeader(pairs, mimeType, cookie, cookies)
	}
	for i := range m.recent {
		if one := &m.recent[i]; one.header != nil && one.mimeType == mimeType && slices.Equal(one.pairs, pairs) {
			return one.header
		}
	}
	made := harHeader(pairs, mimeType, cookie, nil)
	size := len(mimeType)
	for _, p := range pairs {
		size += len(p.Name) + len(p.Value)
	}
	if size <= longestHeader {
		m.recent[m.next] = recentHeader{slices.Clone(pairs), mimeType, made}
		m.next = (m.next + 1) % len(m.recent)
	}
	return made
}

// harHeader leaves out what HTTP/2 writes as pseudo headers, and adds cookies
// and a Content-Type that stand nowhere else.
func harHeader(pairs []harPair, mimeType, cookie string, cookies []harPair) http.Header {
	h, values := http.Header{}, make([]string, len(pairs)) // one for all, each with no room to grow into the next
	for i, p := range pairs {
		if p.Name == "" || p.Name[0] == ':' {
			continue
		}
		if key := http.CanonicalHeaderKey(p.Name); h[key] != nil {
			h[key] = append(h[key], p.Value)
		} else {
			values[i] = p.Value
			h[key] = values[i : i+1 : i+1]
		}
	}
	if mimeType != "" && h.Get("Content-Type") == "" {
		h.Set("Content-Type", mimeType)
	}
	if len(cookies) == 0 || h.Get(cookie) != "" {
		return h
	}
	var all []string
	for _, c := range cookies {
		all = append(all, c.Name+"="+c.Value)
	}
	if cookie == "Cookie" {
		all = []string{strings.Join(all, "; ")}
	}
	h[cookie] = all
	return h
}
