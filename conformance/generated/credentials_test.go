package generated_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/specs"
)

// withSecret is Acme's contract with a secret in ticketAnswered.
func withSecret(t *testing.T) *specs.Contract {
	return altered(t, map[string][2]string{
		answeredSchema: {`"answer": {`, `"secret": {"type": "string", "x-secret": true, "x-evidence": "documented"}, "answer": {`},
		answeredSample: {`"answer":`, `"secret": "of the page", "answer":`},
		"openapi.yaml": {`"404": {description: The ticket is not known., x-evidence: documented}`, `"401": {description: Another secret., x-evidence: documented}`},
	})
}

// TestSecrets: an event carries the token that the run was given, and a foreign one
// is not to be taken where the contract documents 401.
func TestSecrets(t *testing.T) {
	c := withSecret(t)
	if suites := generated.Suites(c); !suites[0].Needs.Token || suites[1].Needs.Token {
		t.Error("the webhook's suite needs the token, the client's does not")
	}
	const only = "acme/webhook/ticketAnswered/*"
	for _, test := range []struct {
		defect, token string
		verdict       conformance.Verdict
	}{
		{"", "open-sesame", conformance.Pass},
		{"accepts-any-secret", "open-sesame", conformance.Failed},
		{"accepts-any-secret", "", conformance.Inapplicable},
	} {
		report := run(t, c, test.defect, test.token, only)
		for _, r := range report.Results {
			want := conformance.Pass
			if strings.HasSuffix(r.ID, "/foreign-secret") {
				want = test.verdict
			}
			if r.Verdict != want {
				t.Errorf("%s %s, %q: %s, want %s: %s", r.ID, test.defect, test.token, r.Verdict, want, r.Actual)
			}
			if test.token != "" && strings.Contains(r.Actual+r.Expected, test.token) {
				t.Errorf("%s tells the token: %s", r.ID, r.Actual)
			}
		}
	}
}

// TestCredentials: what the contract's security demands of a call.
func TestCredentials(t *testing.T) {
	scheme := "type: apiKey\n      in: header\n      name: X-Acme-Key"
	for name, test := range map[string]struct {
		scheme, demand string
		says           string // "" when the partner's X-Acme-Key is enough
	}{
		"the header":             {scheme, "- key: []", ""},
		"another header":         {"type: apiKey\n      in: header\n      name: X-Other", "- key: []", "the header X-Other"},
		"the query":              {"type: apiKey\n      in: query\n      name: key", "- key: []", "the query key"},
		"a cookie":               {"type: apiKey\n      in: cookie\n      name: key", "- key: []", "the cookie key"},
		"a bearer token":         {"type: http\n      scheme: bearer", "- key: []", "a header Authorization of scheme bearer"},
		"OAuth":                  {"type: oauth2\n      flows: {}", "- key: []", "a header Authorization of scheme bearer"},
		"nothing":                {"type: http\n      scheme: bearer", "[]", ""},
		"nothing is enough, too": {"type: http\n      scheme: bearer", "[{}, {key: []}]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t)
			if test.scheme != scheme {
				c = altered(t, map[string][2]string{"openapi.yaml": {scheme, test.scheme}})
			}
			if test.demand != "- key: []" {
				c = altered(t, map[string][2]string{"openapi.yaml": {"security:\n  - key: []", "security: " + test.demand}})
			}
			r := run(t, c, "", "", "getTicket/call").Results[0]
			if failed := r.Verdict == conformance.Failed; failed != (test.says != "") || r.Expected != test.says {
				t.Errorf("%s, expected %q, got %q; want %q", r.Verdict, r.Expected, r.Actual, test.says)
			}
		})
	}
}
