package validator

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// documented are the names that requests of one operation may use.
type documented struct {
	query, header map[string]bool // of headers in the canonical form
	objects       []string        // begin the names of a query that are members of one object: "filter["
	anyQuery      bool            // an object's members stand in the query under names of their own
}

// documentedOf are the names of every operation, made when one is first asked for: of
// most calls all names are standard ones.
func documentedOf(c *specs.Contract) func() map[operationKey]*documented {
	return sync.OnceValue(func() map[operationKey]*documented {
		table := map[operationKey]*documented{}
		for _, o := range slices.Concat(c.Operations, c.Events) {
			table[keyOf(o)] = namesOf(c, o)
		}
		return table
	})
}

func namesOf(c *specs.Contract, o *specs.Operation) *documented {
	d := &documented{query: map[string]bool{}, header: map[string]bool{}}
	for _, p := range o.Parameters {
		d.add(p.In, p.Name)
		if p.In == "query" && p.Style == "deepObject" {
			d.objects = append(d.objects, p.Name+"[")
		} else if p.In == "query" && p.Explode && p.ContentType == "" && !isAnyText(p.Schema) && mayBeObject(p.Schema) {
			d.anyQuery = true
		}
	}
	for _, k := range c.KnownCredentials() {
		d.add(k.In, k.Name)
	}
	if s := c.Signature; s != nil && o.Event {
		for _, name := range []string{s.Header, s.IDHeader, s.TimestampHeader} {
			d.add("header", name)
		}
	}
	return d
}

// mayBeObject reports whether a schema does not exclude objects by its type.
func mayBeObject(schema map[string]any) bool {
	switch kind := schema["type"].(type) {
	case string:
		return kind == "object"
	case []any:
		return slices.Contains(kind, any("object"))
	}
	return schema["enum"] == nil && schema["const"] == nil
}

func (d *documented) add(in, name string) {
	switch in {
	case "query":
		d.query[name] = true
	case "header":
		d.header[http.CanonicalHeaderKey(name)] = true
	}
}

// has reports whether a name of a query is documented, or a part of what is.
func (d *documented) has(name string) bool {
	within := func(object string) bool { return strings.HasPrefix(name, object) }
	return d.anyQuery || d.query[name] || d.query[strings.TrimSuffix(name, "[]")] || slices.ContainsFunc(d.objects, within)
}

// IgnoringHeaders returns a validator that reports no undocumented header whose name fits
// one of the patterns, in which * stands for any text: x-*. An error is a pattern that
// can't be read.
func (v *Validator) IgnoringHeaders(patterns ...string) (*Validator, error) {
	if len(patterns) == 0 {
		return v, nil
	}
	next := *v
	next.ignored = nil
	for _, pattern := range patterns {
		pattern = strings.ToLower(pattern)
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("the pattern %q of headers can't be read: %w; write x-* for all that begin so", pattern, err)
		}
		next.ignored = append(next.ignored, pattern)
	}
	return &next, nil
}

// Undocumented are notes of what a request has in its query and its headers and its
// operation does not document: nobody says that the other side reads it. Headers that
// belong to HTTP, to browsers, proxies and tracing, or to Parley are not reported; nor is
// the query of an event, which is part of the address that the partner chose.
func (v *Validator) Undocumented(o *specs.Operation, r *traffic.Request) []traffic.Finding {
	var found []traffic.Finding
	if _, query, there := strings.Cut(r.URL, "?"); there && query != "" && !o.Event {
		found = v.undocumentedQuery(o, r)
	}
	for name := range r.Header {
		if !isStandard(name) && !v.names()[keyOf(o)].header[name] && !v.isIgnored(name) {
			found = append(found, undocumented("header", name, v.names()[keyOf(o)].header))
		}
	}
	slices.SortFunc(found, func(a, b traffic.Finding) int { return strings.Compare(a.Pointer, b.Pointer) })
	if left := len(found) - maxFindings; left > 0 {
		found = append(found[:maxFindings:maxFindings], leftOut(left))
	}
	return found
}

func (v *Validator) undocumentedQuery(o *specs.Operation, r *traffic.Request) []traffic.Finding {
	var found []traffic.Finding
	known := v.names()[keyOf(o)]
	for name := range (&sent{url: r.URL}).inQuery() {
		if !known.has(name) {
			found = append(found, undocumented("query", name, known.query))
		}
	}
	return found
}

func undocumented(in, name string, known map[string]bool) traffic.Finding {
	what := map[string]string{"query": "query parameters", "header": "headers"}[in]
	return finding(codeUndocumented, traffic.Finding{
		Pointer: in + ":" + shorten(name), Expected: "only " + what + " that the operation documents", Actual: strconv.Quote(shorten(name)),
		Hint: near.DidYouMean(name, slices.Sorted(maps.Keys(known))),
	})
}

func (v *Validator) isIgnored(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(v.ignored, func(pattern string) bool {
		fits, _ := path.Match(pattern, name)
		return fits
	})
}

const codeUndocumented = "parameter.undocumented"

// IsStandardHeader reports whether a header is one that any request may have, so that it
// needs no documents.
func IsStandardHeader(name string) bool { return isStandard(http.CanonicalHeaderKey(name)) }

// isStandard reports whether a header, in canonical form, is one that any request may
// have, whatever its API.
func isStandard(name string) bool {
	switch name { // most calls have no others, and of each call all are asked for
	case "Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Length", "Content-Type", "User-Agent":
		return true
	}
	return standard[name] || slices.ContainsFunc(standardBeginnings, func(start string) bool { return strings.HasPrefix(name, start) })
}

var standardBeginnings = []string{"Sec-", "X-Forwarded-", "X-Envoy-", "X-B3-", "X-Amzn-", "Access-Control-", "Cf-", "Parley-"}

// standard are the headers of requests that RFC 9110 to 9114 and the registry of IANA
// have, and those that browsers, proxies and tracing add by themselves.
var standard = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range strings.Fields(`
		Accept Accept-Charset Accept-Encoding Accept-Language Accept-Datetime Alt-Used Authorization Cache-Control
		Connection Content-Digest Content-Disposition Content-Encoding Content-Language Content-Length
		Content-Location Content-Md5 Content-Range Content-Type Cookie Date Digest Dnt Early-Data Expect Forwarded
		From Host Http2-Settings Idempotency-Key If-Match If-Modified-Since If-None-Match If-Range
		If-Unmodified-Since Keep-Alive Link Max-Forwards Origin Pragma Prefer Priority Proxy-Authorization
		Proxy-Connection Range Referer Repr-Digest Save-Data Signature Signature-Input Te Trailer
		Transfer-Encoding Upgrade Upgrade-Insecure-Requests User-Agent Via Want-Content-Digest Want-Repr-Digest
		Downlink Ect Rtt Device-Memory Viewport-Width Width Dpr Ping-From Ping-To Service-Worker
		Baggage Traceparent Tracestate Uber-Trace-Id B3 Cdn-Loop True-Client-Ip X-Real-Ip X-Client-Ip
		X-Cluster-Client-Ip X-Original-Host X-Original-Uri X-Original-Url X-Request-Id X-Request-Start
		X-Correlation-Id X-Cloud-Trace-Context X-Requested-With X-Http-Method-Override X-Csrf-Token X-Xsrf-Token
		Remote-Host`) {
		names[http.CanonicalHeaderKey(name)] = true
	}
	return names
}()
