package generated_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

// TestEventsCarryCredentials: an event carries the token that the run was given as the
// document demands it, and a foreign one is not to be taken where 401 is documented.
func TestEventsCarryCredentials(t *testing.T) {
	for name, test := range map[string]struct {
		scheme, token string
		given         func(r *http.Request) string
		foreign       conformance.Verdict
	}{
		"basic": {"type: http\n      scheme: basic", "ada:open:sesame", func(r *http.Request) string {
			user, password, _ := r.BasicAuth()
			return user + ":" + password
		}, conformance.VerdictPass},
		"bearer": {"type: http\n      scheme: bearer", "sesame", func(r *http.Request) string {
			return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		}, conformance.VerdictPass},
		"header": {"type: apiKey\n      in: header\n      name: X-Acme-Hook", "sesame", func(r *http.Request) string { return r.Header.Get("X-Acme-Hook") }, conformance.VerdictPass},
		"cookie": {"type: apiKey\n      in: cookie\n      name: key", "sesame", func(r *http.Request) string {
			cookie, err := r.Cookie("key")
			if err != nil {
				return ""
			}
			return cookie.Value
		}, conformance.VerdictPass},
		"query": {"type: apiKey\n      in: query\n      name: key", "open sesame", func(r *http.Request) string { return r.URL.Query().Get("key") }, conformance.VerdictNotApplicable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := altered(t, map[string][2]string{"openapi.yaml": {
				"summary: An agent answered a ticket\n", "summary: An agent answered a ticket\n      security: [{hook: []}]\n",
			}}, map[string][2]string{"openapi.yaml": {
				`"404": {description: The ticket is not known., x-evidence: documented}`, `"401": {description: Another secret., x-evidence: documented}`,
			}}, map[string][2]string{"openapi.yaml": {
				"  securitySchemes:\n", "  securitySchemes:\n    hook:\n      " + test.scheme + "\n      x-evidence: documented\n",
			}})
			if !generated.Suites(c)[0].Needs.Token {
				t.Error("the webhook's suite does not ask for the token")
			}
			for _, verifies := range []bool{true, false} {
				report := runCredentials(t, c, test.token, func(r *http.Request) bool { return !verifies || test.given(r) == test.token })
				for _, r := range report.Results {
					want := conformance.VerdictPass
					if strings.HasSuffix(r.ID, "/foreign-credential") {
						if want = test.foreign; !verifies && want == conformance.VerdictPass {
							want = conformance.VerdictFail
						}
					}
					if r.Verdict != want {
						t.Errorf("%s of a partner that verifies: %t: %s, want %s: %s", r.ID, verifies, r.Verdict, want, r.Actual)
					}
					if strings.Contains(r.Actual+r.Expected, test.token) {
						t.Errorf("%s tells the token: %s", r.ID, r.Actual)
					}
				}
			}
			report := runCredentials(t, c, "", func(*http.Request) bool { return true })
			for _, r := range report.Results {
				if r.Verdict == conformance.VerdictHarnessError || strings.HasSuffix(r.ID, "/foreign-credential") && r.Verdict != conformance.VerdictNotApplicable {
					t.Errorf("without a token %s is %s: %s", r.ID, r.Verdict, r.Actual)
				}
			}
		})
	}
}

// TestSeveralCredentialsAtOnce are not sent, and no partner is blamed for refusing what
// lacks them.
func TestSeveralCredentialsAtOnce(t *testing.T) {
	c := altered(t, map[string][2]string{"openapi.yaml": {
		"summary: An agent answered a ticket\n", "summary: An agent answered a ticket\n      security: [{key: [], other: []}]\n",
	}}, map[string][2]string{"openapi.yaml": {"  securitySchemes:\n", "  securitySchemes:\n    other: {type: http, scheme: bearer}\n"}})
	for _, r := range runCredentials(t, c, "sesame", func(*http.Request) bool { return false }).Results {
		if r.Verdict != conformance.VerdictCouldNotRun || !strings.Contains(r.Actual, "several credentials at once") {
			t.Errorf("%s is %s: %s", r.ID, r.Verdict, r.Actual)
		}
	}
}

// runCredentials judges Acme's good partner behind what looks at credentials.
func runCredentials(t *testing.T, c *specs.Contract, token string, accepts func(r *http.Request) bool) *conformance.Report {
	t.Helper()
	mock, api := checktest.Play(t, c, nil)
	d := &desk{t: t, api: api, token: token, done: make(chan struct{}), seen: map[string]bool{}, meeting: make(chan struct{})}
	webhook := checktest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead && !accepts(r) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		d.ServeHTTP(w, r)
	}), func() { close(d.done); d.work.Wait() })
	return checktest.JudgeFunc(conformance.Judge).Report(t, conformance.Options{
		Suites: generated.Suites(c), Only: []string{"acme/webhook/ticketAnswered/*"}, Contract: c, Sandbox: mock.Sandbox(), Token: token,
		Target: webhook + "/hook", Timing: quick, Seed: 1,
	})
}
