package generated

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// alternatives are the sets of security schemes of which a call needs one; none when
// the operation demands nothing, or leaves it open with an empty set.
func (c calling) alternatives() [][]*openapi3.SecurityScheme {
	document := c.contract.Document()
	demanded := document.Security
	if own := document.Paths.Value(c.Path).GetOperation(c.Method).Security; own != nil {
		demanded = *own
	}
	var sets [][]*openapi3.SecurityScheme
	for _, requirement := range demanded {
		var set []*openapi3.SecurityScheme
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			if document.Components != nil && document.Components.SecuritySchemes[name] != nil {
				set = append(set, document.Components.SecuritySchemes[name].Value)
			}
		}
		if len(set) == 0 {
			return nil
		}
		sets = append(sets, set)
	}
	return sets
}

// security says in words which credentials a call needs, "" for none, and why.
func (c calling) security() (string, specs.Evidence) {
	var texts []string
	var evidence specs.Evidence
	for _, set := range c.alternatives() {
		var parts []string
		for _, scheme := range set {
			parts = append(parts, credential(scheme))
			evidence = specs.EvidenceOf(scheme.Extensions)
		}
		texts = append(texts, enumerate(parts, "and"))
	}
	return enumerate(texts, "or"), evidence
}

// credential says in words what a scheme asks for.
func credential(s *openapi3.SecurityScheme) string {
	switch s.Type {
	case "apiKey":
		return fmt.Sprintf("the %s %s", s.In, s.Name)
	case "http":
		return "a header Authorization of scheme " + strings.ToLower(s.Scheme)
	case "oauth2", "openIdConnect":
		return "a header Authorization of scheme bearer"
	}
	return s.Type
}

// authorized demands that a call carries what one of the alternatives asks for. What
// it is worth, only the vendor knows.
func (c calling) authorized(e *traffic.Exchange) error {
	sets := c.alternatives()
	carried := func(set []*openapi3.SecurityScheme) bool {
		return !slices.ContainsFunc(set, func(s *openapi3.SecurityScheme) bool { return !carries(&e.Request, s) })
	}
	if len(sets) == 0 || slices.ContainsFunc(sets, carried) {
		return nil
	}
	expected, _ := c.security()
	actual := fmt.Sprintf("%s %s came without", e.Request.Method, e.Request.URL)
	return conformance.Breaking(conformance.Fail(expected, actual, e), c.securityFact())
}

func (c calling) securityFact() string { return c.Name() + " security" }

func carries(r *traffic.Request, s *openapi3.SecurityScheme) bool {
	switch s.Type {
	case "apiKey":
		return carriesKey(r, s)
	case "http":
		return authorization(r, s.Scheme)
	case "oauth2", "openIdConnect":
		return authorization(r, "bearer")
	}
	return true // mutualTLS and what is to come: nothing of it is seen here
}

func carriesKey(r *traffic.Request, s *openapi3.SecurityScheme) bool {
	switch s.In {
	case "query":
		address, err := url.ParseRequestURI(r.URL)
		return err == nil && address.Query().Get(s.Name) != ""
	case "cookie":
		cookie, err := (&http.Request{Header: r.Header}).Cookie(s.Name)
		return err == nil && cookie.Value != ""
	}
	return r.Header.Get(s.Name) != ""
}

// authorization reports whether the header names the scheme and has something behind it.
func authorization(r *traffic.Request, scheme string) bool {
	name, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(name, scheme) && strings.TrimSpace(value) != ""
}
