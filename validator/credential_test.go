package validator

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
)

const guarded = `security: [{bearer: []}, {key: [], cookie: []}]
paths:
  /any: {get: {operationId: any, responses: {"200": {description: ok}}}}
  /open: {get: {operationId: open, security: [], responses: {"200": {description: ok}}}}
  /either: {get: {operationId: either, security: [{}, {bearer: []}], responses: {"200": {description: ok}}}}
  /basic: {get: {operationId: basic, security: [{basic: []}], responses: {"200": {description: ok}}}}
  /query: {get: {operationId: query, security: [{query: []}], responses: {"200": {description: ok}}}}
  /oauth: {get: {operationId: oauth, security: [{oauth: [read]}], responses: {"200": {description: ok}}}}
  /oidc: {get: {operationId: oidc, security: [{oidc: []}], responses: {"200": {description: ok}}}}
  /tls: {get: {operationId: tls, security: [{tls: []}], responses: {"200": {description: ok}}}}
  /guess: {get: {operationId: guess, security: [{guess: []}], responses: {"200": {description: ok}}}}
webhooks:
  free: {post: {responses: {"200": {description: ok}}}}
  kept: {put: {security: [{key: []}], responses: {"200": {description: ok}}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: Bearer}
    basic: {type: http, scheme: basic}
    key: {type: apiKey, in: header, name: X-Key}
    cookie: {type: apiKey, in: cookie, name: sid}
    query: {type: apiKey, in: query, name: api_key}
    guess: {type: apiKey, in: query, name: k, x-evidence: assumed}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://a.example/", scopes: {read: Read}}}}
    oidc: {type: openIdConnect, openIdConnectUrl: "https://a.example/"}
    tls: {type: mutualTLS}
`

// TestCallsWithoutCredentials get a finding where the document demands some.
func TestCallsWithoutCredentials(t *testing.T) {
	v := shopOf(t, guarded, nil)
	if got := strings.Join(v.Contract().NotJudged, ";"); got != "credentials of the connection: mutualTLS (operations/tls)" {
		t.Errorf("not judged: %s", got)
	}
	const missing = "error credential.missing"
	for _, c := range []struct {
		url    string
		header http.Header
		want   string
	}{
		{"/any", nil, missing},
		{"/any", http.Header{"Authorization": {"Bearer abc"}}, ""},
		{"/any", http.Header{"Authorization": {"bearer abc"}}, ""},
		{"/any", http.Header{"Authorization": {"Bearer "}}, missing},
		{"/any", http.Header{"Authorization": {"Basic abc"}}, missing},
		{"/any", http.Header{"Authorization": {traffic.Redacted}}, ""},
		{"/any", http.Header{"X-Key": {"a"}}, missing},
		{"/any", http.Header{"X-Key": {"a"}, "Cookie": {"sid=b"}}, ""},
		{"/any", http.Header{"X-Key": {traffic.Redacted}, "Cookie": {traffic.Redacted}}, ""},
		{"/open", nil, ""},
		{"/either", nil, ""},
		{"/basic", http.Header{"Authorization": {"Basic abc"}}, ""},
		{"/basic", http.Header{"Authorization": {"Bearer abc"}}, missing},
		{"/query?api_key=a", nil, ""},
		{"/query?api_key=", nil, missing},
		{"/oauth", http.Header{"Authorization": {"Bearer abc"}}, ""},
		{"/oauth", nil, missing},
		{"/oidc", http.Header{"Authorization": {"Bearer abc"}}, ""},
		{"/oidc", nil, missing},
		{"/tls", nil, ""},
		{"/guess", nil, "warn credential.missing"},
	} {
		e := call("GET", c.url, "")
		if e.Request.Header = c.header; c.header == nil {
			e.Request.Header = http.Header{}
		}
		v.Exchange(e)
		if got := brief(e.Findings); got != c.want {
			t.Errorf("%s %v: got %q, want %q", c.url, c.header, got, c.want)
		}
	}
	for _, c := range []struct {
		method string
		header http.Header
		want   string
	}{
		{"POST", http.Header{}, ""}, // what is demanded of all operations, events need not have
		{"PUT", http.Header{}, missing},
		{"PUT", http.Header{"X-Key": {"a"}}, ""},
	} {
		e := call(c.method, "http://me.test/", "")
		e.Caller, e.Request.Header = traffic.Vendor, c.header
		v.Exchange(e)
		if got := brief(e.Findings); got != c.want {
			t.Errorf("event by %s %v: got %q, want %q", c.method, c.header, got, c.want)
		}
	}
	e := call("GET", "/any", "")
	v.Exchange(e)
	if f := only(t, e.Findings); f.Expected != "a header Authorization of scheme bearer or the cookie sid and the header X-Key" || f.Actual != "nothing" {
		t.Errorf("got %+v", f)
	}
}

// Of a shipped contract, its own requirements say what is judged, whichever readings are
// chosen.
func TestCredentialsOfShippedContracts(t *testing.T) {
	for _, c := range specstest.Shipped(t) {
		choices := map[string]string{}
		for _, s := range c.Settings() {
			choices[s.ID] = s.Chosen
		}
		chosen, err := c.WithReadings(choices)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range []*specs.Contract{c, chosen} {
			if found := credentialsOf(one); len(found) > 0 {
				t.Errorf("%s: %v", c.ID, maps.Collect(maps.All(found)))
			}
		}
	}
}
