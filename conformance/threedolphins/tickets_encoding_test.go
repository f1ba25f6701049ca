package threedolphins

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

func TestMisencoded(t *testing.T) {
	for _, test := range []struct{ value, written, want string }{
		{"Ada promo?", "Ada%20promo%3F", ""},
		{"/start", "%2Fstart", ""},
		{"a+b", "a+b", ""}, // a plus sign may stand in a path
		{"plain", "another", ""},
		{"100%", "100%25", ""},
		{"Ada promo?", "Ada%20promo?", "not encoded"},
		{"Ada promo? Ya", "Ada%20promo?%20Ya", "not encoded"},
		{"/start", "/start", "not encoded"},
		{"Ada promo?", "Ada%2520promo%253F", "twice"},
		{"Ada promo?", "Ada+promo%3F", "+ for a blank"},
		{"x", "%zz", ""}, // strayByte finds it
	} {
		got := misencoded(test.value, test.written)
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%q as %s: %q, want %q", test.value, test.written, got, test.want)
		}
	}
}

func TestStrayBytes(t *testing.T) {
	for url, want := range map[string]string{
		"/a/b-c_d.e~f?x=1&y=%20%C3%A9&z=a+b/c:d@e!$'()*,;=#": "",
		"/a b": " ", "/é": "\u00e9", "/a?x=<b": "<", "/a|b": "|", `/a\b`: `\`, "/50%": "%", "/50%2": "%2", "/5%zz": "%z", "/5%2g": "%2g",
	} {
		if got := strayByte().FindString(url); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}

// TestCallsAreReadAsFarAsTheyCanBe: whatever a client sends.
func TestCallsAreReadAsFarAsTheyCanBe(t *testing.T) {
	calls := ticketCalls(&specs.Contract{}, []*traffic.Exchange{
		{Operation: "operations/getTicket", Request: traffic.Request{Method: "GET", URL: graph + "/tickets/1?a=1;b=%zz&c=2", Header: http.Header{"Authorization": {"Bearer  x"}}}},
		{Request: traffic.Request{Method: "POST", URL: "*", Body: traffic.NewBody([]byte("[1]"), 0)}},
		{Request: traffic.Request{Method: "POST", URL: graph + "/auth/", Body: traffic.NewBody([]byte("{"), 0)}},
	})
	first, second, third := calls[0], calls[1], calls[2]
	if first.operation != "getTicket" || first.path != graph+"/tickets/1" || first.query.Get("c") != "2" || first.token() != "x" || first.login() {
		t.Errorf("%+v", first)
	}
	if second.body != nil || second.token() != "" || second.changes() || second.answer() != nil || second.succeeded() {
		t.Errorf("%+v", second)
	}
	if third.body != nil || !third.login() {
		t.Errorf("%+v", third)
	}
}
