package fault_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/traffic"
)

func TestPrefer(t *testing.T) {
	m := acme.New(t, nil)
	for _, test := range []struct {
		prefer  []string
		status  int
		body    string
		applied string
	}{
		{[]string{"code=404"}, 404, `{"error": "no"}`, "code=404"},
		{[]string{"example=other"}, 200, `{"id": "T-2"}`, "example=other"},
		{[]string{`example="other"`}, 200, `{"id": "T-2"}`, "example=other"},
		{[]string{`Code = "404"`}, 404, `{"error": "no"}`, "code=404"},
		{[]string{"code=200, example=other, delay=1"}, 200, `{"id": "T-2"}`, "code=200, example=other, delay=1"},
		{[]string{"code=200", "example=other", "delay=1"}, 200, `{"id": "T-2"}`, "code=200, example=other, delay=1"},
		{[]string{"delay=1"}, 200, `{"id": "T-1"}`, "delay=1"},
		{[]string{"delay=0"}, 200, `{"id": "T-1"}`, ""},
		{[]string{"code=404; why=\"a, b; c\", code=200"}, 404, `{"error": "no"}`, "code=404"},
		{[]string{`respond-async, wait=100, return="minimal, code=404"`}, 200, `{"id": "T-1"}`, ""},
		{[]string{`note="a \" code=404", example=other`}, 200, `{"id": "T-2"}`, "example=other"},
		{[]string{""}, 200, `{"id": "T-1"}`, ""},
	} {
		request, err := http.NewRequest("GET", m.URL+"/tickets/T-1", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header["Prefer"] = test.prefer
		a := m.RoundTrip(request)
		if a.Status != test.status || a.Body != test.body || a.Header.Get("Preference-Applied") != test.applied {
			t.Errorf("Prefer: %q is answered %d %s, applied %q; want %d %s, %q", test.prefer, a.Status, a.Body, a.Header.Get("Preference-Applied"), test.status, test.body, test.applied)
		}
	}
	acme.Below(t, traffic.Warn, m.Sandbox().Journal().Find(nil))
}

func TestPreferencesThatCannotBeFollowed(t *testing.T) {
	m := acme.New(t, nil)
	for prefer, says := range map[string]string{
		"code=many":                 `code=many is no final HTTP status; write for instance code=404`,
		"code":                      "code= is no final HTTP status",
		"code=42":                   "code=42 is no final HTTP status",
		"code=100":                  "code=100 is no final HTTP status",
		"code=204":                  `status 204 is not documented for operations/ticket (documented: 200, 404)`,
		"code=500, example=other":   `status 500 is not documented for operations/ticket (documented: 200, 404)`,
		"example=":                  "example has no value",
		`example="a, b"`:            "example=a, b: payload ticket has no sample of this name; it has documented, other",
		"code=404, example=other":   "payload error has no sample of this name; it has documented",
		"delay=soon":                "delay=soon is none; write milliseconds, at most 60000",
		"delay=-1":                  "delay=-1 is none",
		"delay=60001":               "delay=60001 is none",
		"delay=9223372036854775807": "is none; write milliseconds",
	} {
		a := m.Do("GET", "/tickets/T-1", "", "Prefer", prefer)
		if a.Status != 400 || !strings.Contains(acme.Detail(t, a), "Prefer: ") || !strings.Contains(acme.Detail(t, a), says) || a.Header.Get("Preference-Applied") != "" {
			t.Errorf("Prefer: %s is answered %d %s, want %q", prefer, a.Status, a.Body, says)
		}
		if e := m.Exchange(a); len(e.Findings) != 1 || e.Findings[0].Code != "call.prefer" || e.Findings[0].Actual != acme.Detail(t, a) {
			t.Errorf("Prefer: %s: the exchange has the findings %v, want one that says what is wrong with it", prefer, e.Findings)
		}
	}
}

// TestPreferredErrorsNeedNotBeDocumented: clients are to be tried with what vendors do not
// write down; the exchange says that it is not.
func TestPreferredErrorsNeedNotBeDocumented(t *testing.T) {
	m := acme.New(t, nil)
	a := m.Do("GET", "/tickets/T-1", "", "Prefer", "code=500")
	if a.Status != 500 || a.Header.Get("Preference-Applied") != "code=500" {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	e := m.Exchange(a)
	if len(e.Findings) != 1 || e.Findings[0].Severity != traffic.Info || e.Findings[0].Actual != "Prefer: status 500 is not documented for operations/ticket (documented: 200, 404); it is answered because it is asked for" {
		t.Errorf("the exchange has the findings %+v", e.Findings)
	}
}
