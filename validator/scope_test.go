package validator

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

func TestScope(t *testing.T) {
	const elmaPath = "/api/messengers/external/other/webhook/c1"
	for _, c := range []struct {
		v                 *Validator
		base, method, url string
		caller            traffic.Caller
		becomes           string
	}{
		{elma(t), "", "POST", "https://h.example" + elmaPath + "?a=1", traffic.Partner, elmaPath + "?a=1"},
		{elma(t), "", "POST", elmaPath, traffic.Partner, elmaPath},
		{elma(t), "", "POST", "https://h.example/gateway/v1" + elmaPath, traffic.Partner, elmaPath},
		{elma(t), "", "PUT", "https://h.example" + elmaPath, traffic.Partner, elmaPath},
		{elma(t), "", "OPTIONS", "https://h.example" + elmaPath, "", ""},
		{elma(t), "", "POST", "https://h.example/api/messengers/external/other/webhok/c1", traffic.Partner, "/api/messengers/external/other/webhok/c1"},
		{elma(t), "", "POST", "https://h.example/api/messengers/external/other/webhook", traffic.Partner, "/api/messengers/external/other/webhook"},
		{elma(t), "", "POST", "https://h.example/x" + elmaPath + "/", traffic.Partner, elmaPath + "/"},
		{elma(t), "", "GET", "https://h.example/api/messengers", "", ""},
		{elma(t), "", "GET", "https://h.example/app.js", "", ""},
		{elma(t), "", "GET", "https://h.example/", "", ""},
		{elma(t), "", "GET", "%zz", "", ""},
		{elma(t), "https://h.example", "POST", "https://H.example:443" + elmaPath, traffic.Partner, elmaPath},
		{elma(t), "https://h.example/", "GET", "https://h.example/app.js", traffic.Partner, "/app.js"},
		{elma(t), "https://h.example/crm/", "POST", "https://h.example/crm" + elmaPath, traffic.Partner, elmaPath},
		{elma(t), "https://h.example/crm", "POST", "https://h.example/crmx" + elmaPath, "", ""},
		{elma(t), "https://h.example", "POST", "http://h.example" + elmaPath, "", ""},
		{elma(t), "https://h.example", "POST", "https://other.example" + elmaPath, "", ""},
		{elma(t), "", "POST", "http://localhost:3000/webhook?x=1", traffic.Vendor, "http://localhost:3000/webhook?x=1"},
		{elma(t), "", "GET", "http://localhost:3000/webhook/", traffic.Vendor, "http://localhost:3000/webhook/"},
		{elma(t), "", "POST", "http://localhost:3001/webhook", "", ""},
		{elma(t), "", "POST", "http://localhost:3000/other", "", ""},
		{acme(t), "", "GET", "https://h.example/v1/tickets/a%2Fb", traffic.Partner, "/v1/tickets/a%2Fb"},
		{acme(t), "", "GET", "https://h.example/pre/v1/tickets/a%2Fb", traffic.Partner, "/v1/tickets/a%2Fb"},
		{acme(t), "", "POST", "https://h.example/v1/calls", traffic.Partner, "/v1/calls"},
		{acme(t), "", "GET", "https://h.example/v1", "", ""},
	} {
		scope, err := c.v.Scope(c.base, "http://localhost:3000/webhook")
		if err != nil {
			t.Fatal(err)
		}
		e := &traffic.Exchange{Request: traffic.Request{Method: c.method, URL: c.url}}
		taken := scope.Take(e)
		if taken != (c.caller != "") || e.Caller != c.caller || taken && e.Request.URL != c.becomes {
			t.Errorf("%s %s below %q: %v, %q, %s; want %q, %s", c.method, c.url, c.base, taken, e.Caller, e.Request.URL, c.caller, c.becomes)
		}
	}
}

// What is taken because it is nearly right is a finding when it is judged.
func TestNearlyRightCallsAreFindings(t *testing.T) {
	v := elma(t)
	scope, err := v.Scope("")
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"https://h.example/x/api/messengers/external/other/webhok/c1":  "request error operation.path",
		"https://h.example/x/api/messengers/external/other/webhook":    "request error operation.path",
		"https://h.example/api/messengers/external/other/webhook/c1/":  "request error operation.path",
		"https://h.example//api/messengers/external/other/webhook/c1":  "request error operation.path",
		"https://h.example/x/api/messengers/external/other/webhook/c1": "",
	} {
		e := call("POST", url, `{"type":"disconnect","token":""}`)
		if !scope.Take(e) {
			t.Errorf("%s is not taken", url)
		}
		if got := judged(v, e); got != want {
			t.Errorf("%s: %s", url, got)
		}
	}
}

// An exchange of a journal says itself what it is, and is judged anew.
func TestScopeOfJournals(t *testing.T) {
	scope, err := elma(t).Scope("https://elsewhere.example")
	if err != nil {
		t.Fatal(err)
	}
	own := &traffic.Exchange{Vendor: "elma365", Caller: traffic.Vendor, Operation: "events/connect", Findings: []traffic.Finding{{Code: "x"}}}
	if !scope.Take(own) || own.Findings != nil || own.Operation != "" || own.Caller != traffic.Vendor {
		t.Errorf("got %+v", own)
	}
	other := &traffic.Exchange{Vendor: "acme", Caller: traffic.Vendor}
	if scope.Take(other) || scope.Host(other) != "contract acme" {
		t.Errorf("%s is taken", scope.Host(other))
	}
	if host := scope.Host(&traffic.Exchange{Request: traffic.Request{URL: "https://h.example:8443/x"}}); host != "h.example:8443" {
		t.Errorf("got %s", host)
	}
}

func TestScopeRefusesWhatIsNoURL(t *testing.T) {
	for _, text := range []string{"h.example/x", "/webhook", "http://[::1", "localhost:3000"} {
		if _, err := elma(t).Scope(text); err == nil {
			t.Errorf("base %s is taken", text)
		}
		if _, err := elma(t).Scope("", text); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("webhook %s: %v", text, err)
		}
	}
}

// A body that a capture does not hold is no missing body, and nobody says that
// it names no operation.
func TestBodiesThatWereNotKept(t *testing.T) {
	for _, kept := range []string{"", `{"type":"mess`} {
		e := call("POST", "/api/messengers/external/other/webhook/c1", kept)
		e.Request.Body.Size = 500
		if got := judged(elma(t), e); got != "request info body.cut" {
			t.Errorf("%q: %s", kept, got)
		}
	}
}
