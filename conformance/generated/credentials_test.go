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
		{"", "open-sesame", conformance.VerdictPass},
		{"accepts-any-secret", "open-sesame", conformance.VerdictFail},
		{"accepts-any-secret", "", conformance.VerdictNotApplicable},
	} {
		report := run(t, c, test.defect, test.token, only)
		for _, r := range report.Results {
			want := conformance.VerdictPass
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

// TestCredentials: what the contract's security demands of a call. The partner sends
// X-Acme-Key unless its defect says otherwise.
func TestCredentials(t *testing.T) {
	const scheme, demand = "type: apiKey\n      in: header\n      name: X-Acme-Key", "security:\n  - key: []"
	for name, test := range map[string]struct {
		old, new string
		defect   string
		verdict  conformance.Verdict
		says     string
	}{
		"the header":                 {"", "", "", conformance.VerdictPass, ""},
		"another header":             {scheme, "type: apiKey\n      in: header\n      name: X-Other", "", conformance.VerdictFail, "the header X-Other"},
		"the query":                  {scheme, "type: apiKey\n      in: query\n      name: key", "", conformance.VerdictFail, "the query key"},
		"a cookie":                   {scheme, "type: apiKey\n      in: cookie\n      name: key", "", conformance.VerdictFail, "the cookie key"},
		"a bearer token":             {scheme, "type: http\n      scheme: bearer", "", conformance.VerdictFail, "a header Authorization of scheme bearer"},
		"OAuth":                      {scheme, "type: oauth2\n      flows: {}", "", conformance.VerdictFail, "a header Authorization of scheme bearer"},
		"an assumed scheme":          {`{class: documented, source: "tickets#keys"`, `{class: assumed, source: "tickets#keys"`, "sends-no-key", conformance.VerdictWarn, "the header X-Acme-Key"},
		"nothing is demanded":        {demand, "security: []", "sends-no-key", conformance.VerdictPass, ""},
		"nothing is an alternative":  {demand, "security: [{}, {key: []}]", "sends-no-key", conformance.VerdictPass, ""},
		"nothing by the operation":   {"operationId: getTicket", "operationId: getTicket\n      security: []", "sends-no-key", conformance.VerdictPass, ""},
		"something by the operation": {"operationId: getTicket", "operationId: getTicket\n      security: [{key: []}]", "sends-no-key", conformance.VerdictFail, "the header X-Acme-Key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t)
			if test.old != "" {
				c = altered(t, map[string][2]string{"openapi.yaml": {test.old, test.new}})
			}
			r := run(t, c, test.defect, "", "getTicket/call").Results[0]
			if r.Verdict != test.verdict || r.Expected != test.says {
				t.Errorf("%s, expected %q, got %q; want %s %q", r.Verdict, r.Expected, r.Actual, test.verdict, test.says)
			}
		})
	}
}
