package threedolphins

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// TestATokenFromBeforeTheRun: a client may have kept one, until it is told that it is
// worth nothing and gets another. One that never does sends what nobody issued.
func TestATokenFromBeforeTheRun(t *testing.T) {
	began := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	call := func(after time.Duration, operation, token string, status int, answer string) *traffic.Exchange {
		return &traffic.Exchange{
			Operation: operation, Time: began.Add(after), Duration: time.Millisecond,
			Request:  traffic.Request{Method: "GET", URL: graph + "/tickets", Header: http.Header{"Authorization": {"Bearer " + token}}},
			Response: &traffic.Response{Status: status, Body: traffic.NewBody([]byte(answer), 1<<10)},
		}
	}
	login := call(2*time.Second, "operations/getToken", "", 200, `{"token":"new","expireAt":"2026-03-04T13:00:00.000+07:00[Asia/Jakarta]"}`)
	login.Request = traffic.Request{Method: "POST", URL: graph + "/auth"}
	calls := ticketCalls(&specs.Contract{}, []*traffic.Exchange{
		call(time.Second, "operations/listTickets", "kept", 401, ""), login,
		call(3*time.Second, "operations/listTickets", "kept", 401, ""), call(4*time.Second, "operations/listTickets", "new", 200, ""),
	})
	for i, want := range []bool{true, false, false, false} {
		if got := calls[i].stale(calls); got != want {
			t.Errorf("call %d: %t", i, got)
		}
	}
	if calls[:1][0].stale(calls[:1]) {
		t.Error("a client that never gets a token of this run is excused")
	}
}

// TestCallsForATokenAreKnown, wherever they go.
func TestCallsForATokenAreKnown(t *testing.T) {
	for _, test := range []struct {
		method, url, body, authorization string
		want                             bool
	}{
		{"POST", "/auth", `{"username":"a","password":"b"}`, "", true},
		{"GET", "/auth/?username=a", "", "", true},
		{"POST", "/authenticate", `{"username":"a","password":"b"}`, "", true},
		{"POST", "/login", "username=a&password=b", "", true},
		{"POST", "/users", `{"username":"a","password":"b"}`, "Bearer x", false},
		{"GET", "/tickets", "", "", false},
	} {
		c := ticketCalls(&specs.Contract{}, []*traffic.Exchange{{Request: traffic.Request{
			Method: test.method, URL: graph + test.url, Header: http.Header{"Authorization": {test.authorization}}, Body: traffic.NewBody([]byte(test.body), 1<<10),
		}}})[0]
		if c.wantsToken() != test.want || c.wantsMore() == test.want {
			t.Errorf("%+v: %t", test, c.wantsToken())
		}
	}
}

// TestAWrongPathIsNoWrongMethod, also where a ticket's number may stand.
func TestAWrongPathIsNoWrongMethod(t *testing.T) {
	contract, err := specs.Embedded("3dolphins")
	if err != nil {
		t.Fatal(err)
	}
	judge, err := validator.New(contract)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ method, path, expected, quoted, misspelt string }{
		{"PUT", "/tickets/close", "", "", "did you mean PUT " + graph + "/tickets/update/close?"},
		{"POST", "/tickets/file", "", "", "did you mean POST " + graph + "/tickets/files?"},
		{"POST", "/tickets/update/5", "PUT " + graph + "/tickets/update/5", "/tickets/update/[ticketNumber]", ""},
		{"GET", "/tickets/sendMessage", "POST " + graph + "/tickets/sendMessage", "/tickets/sendMessage", ""},
		{"GET", "/tickets/close", "", "", ""},
	} {
		e := &traffic.Exchange{Caller: traffic.Partner, Request: traffic.Request{Method: test.method, URL: graph + test.path}, Response: &traffic.Response{Status: 200}}
		judge.Exchange(e)
		c := ticketCalls(contract, []*traffic.Exchange{e})[0]
		expected := ""
		if d := conformance.DeviationOf(c.wrongMethod(contract)); d != nil {
			expected = d.Expected
			if _, path, _ := strings.Cut(d.Place.Quote, graph); !strings.HasPrefix(path, test.quoted) || test.quoted == "" {
				t.Errorf("%s %s: quoted is %+v", test.method, test.path, d.Place)
			}
		}
		if expected != test.expected || c.misspelt() != test.misspelt {
			t.Errorf("%s %s: expected %q, %q", test.method, test.path, expected, c.misspelt())
		}
	}
}

func TestMisauthorized(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer good": "", "Bearer  good": "a blank beside the token", "good": "the token alone",
		"bearer good": `the word "bearer" instead of Bearer`, "Bearer other": "something that 3Dolphins did not issue as a token",
	} {
		c := ticketCall{Exchange: &traffic.Exchange{Request: traffic.Request{Header: http.Header{"Authorization": {header}}}}}
		if got := c.misauthorized(map[string]bool{"good": true}); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}
