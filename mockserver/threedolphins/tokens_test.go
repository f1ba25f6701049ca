package threedolphins_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/traffic"
)

const someTicket = graph + "/tickets/" + threedolphins.KnownTicket

func TestAToken(t *testing.T) {
	m := newMock(t, "")
	a := m.ask("POST", graph+"/auth", credentials, "-", "application/json")
	if got := decoded(t, a.body)["expireAt"]; got != "2026-03-04T13:00:00.000+07:00[Asia/Jakarta]" {
		t.Errorf("the token expires at %v", got)
	}
	utc := newMock(t, "3D-R-26=utc 3D-R-36=day")
	a = utc.ask("POST", graph+"/auth", credentials, "-", "application/json")
	if got := decoded(t, a.body)["expireAt"]; got != "2026-03-05T05:00:00.000Z[UTC]" {
		t.Errorf("in UTC the token of a day expires at %v", got)
	}
	for _, wrong := range []string{`{"username":"parley","password":"Parley"}`, `{"username":"parley","password":"parle"}`, `{"username":"x","password":"parley"}`} {
		if a := m.ask("POST", graph+"/auth", wrong, "-", "application/json"); a.status != 401 {
			t.Errorf("%s: %d", wrong, a.status)
		}
	}
}

func TestCallsWithoutAValidToken(t *testing.T) {
	m := newMock(t, "")
	for title, header := range map[string]string{
		"none": "-", "empty": "", "no scheme": m.token, "another scheme": "Basic " + m.token, "scheme alone": "Bearer",
		"no token": "Bearer ", "two words": "Bearer " + m.token + " x", "unknown": "Bearer x",
		"another case": "Bearer " + strings.ToUpper(m.token), "beginning": "Bearer " + m.token[:10],
	} {
		a := m.ask("GET", someTicket, "", header, "")
		if a.status != 401 {
			t.Errorf("%s: %d %s", title, a.status, a.body)
		}
		e, _ := m.Sandbox().Journal().Get(a.header.Get("Parley-Exchange"))
		if len(e.Findings) == 0 || e.Findings[len(e.Findings)-1].Code != "call.refused" || e.Findings[len(e.Findings)-1].Actual == "" {
			t.Errorf("%s: nothing says why: %+v", title, e.Findings)
		}
	}
	for _, header := range []string{"Bearer " + m.token, "bearer " + m.token} {
		if a := m.ask("GET", someTicket, "", header, ""); a.status != 200 {
			t.Errorf("%q: %d %s", header, a.status, a.body)
		}
	}
	if a := m.ask("PATCH", someTicket, "", "-", ""); a.status != 401 {
		t.Errorf("a method that is not served, without a token: %d", a.status)
	}
	if a := m.ask("GET", someTicket+"?access_token="+m.token, "", "-", ""); a.status != 401 {
		t.Errorf("a token in the URL: %d", a.status)
	}
	lenient := newMock(t, "3D-R-40=query-too")
	for _, prefix := range []string{"", "Bearer%20"} {
		if a := lenient.ask("GET", someTicket+"?access_token="+prefix+lenient.token, "", "-", ""); a.status != 200 {
			t.Errorf("a token in the URL, where that counts: %d %s", a.status, a.body)
		}
	}
}

func TestTokensExpireAndAreRenewed(t *testing.T) {
	m := played(t, "", threedolphins.Settings{TokenLife: time.Minute})
	m.pass(59 * time.Second)
	next := m.good("POST", graph+"/auth/refreshToken", "")["token"].(string)
	if a := m.call("GET", someTicket, ""); a.status != 200 || next == m.token {
		t.Errorf("before its end, and after a newer one, the token is answered %d", a.status)
	}
	m.pass(time.Second)
	for _, path := range []string{someTicket, graph + "/tickets"} {
		if a := m.call("GET", path, ""); a.status != 401 {
			t.Errorf("%s with an expired token: %d", path, a.status)
		}
	}
	if a := m.call("POST", graph+"/auth/refreshToken", ""); a.status != 401 {
		t.Errorf("an expired token was refreshed: %d", a.status)
	}
	m.token = next
	m.get(someTicket)
}

func TestReadingsOfTokens(t *testing.T) {
	late := newMock(t, "3D-R-36=minute 3D-R-38=refreshed")
	late.pass(time.Hour)
	if late.token = late.good("POST", graph+"/auth/refreshToken", "")["token"].(string); late.call("GET", someTicket, "").status != 200 {
		t.Error("a refreshed token is of no use")
	}
	one := newMock(t, "3D-R-37=one-per-user")
	first := one.token
	one.token = one.login()
	one.get(someTicket)
	if a := one.ask("GET", someTicket, "", "Bearer "+first, ""); a.status != 401 {
		t.Errorf("the first of two tokens: %d", a.status)
	}
	always := newMock(t, "3D-R-34=always-200")
	if a := always.ask("GET", someTicket, "", "Bearer x", ""); a.status != 200 || decoded(t, a.body)["status"] != "failed" {
		t.Errorf("a wrong token: %d %s", a.status, a.body)
	}
	if a := always.ask("GET", someTicket, "", "-", ""); a.status != 401 {
		t.Errorf("a missing token: %d %s", a.status, a.body)
	}
}

func TestTokensAreNotShown(t *testing.T) {
	m := newMock(t, "")
	a := m.ask("GET", "/_parley/journal.ndjson", "", "-", "")
	b := m.ask("GET", "/_parley/state", "", "-", "")
	if strings.Contains(a.body+b.body, m.token) {
		t.Error("the control API shows a token")
	}
}

// TestErrors is what 3Dolphins answers to what it cannot do.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		title, readings, method, path, body string
		status                              int
		has                                 string // in the body; "-" for no body
	}{
		{"framework", "", "POST", "/auth", "{", 400, `{"timestamp":"2026-03-04T12:00:00.000+07:00","status":400,"error":"Bad Request","message":`},
		{"empty", "3D-R-35=empty", "POST", "/auth", "{", 400, "-"},
		{"envelope", "3D-R-35=envelope", "POST", "/auth", "{", 400, `"status":"failed"`},
		{"a member missing", "", "POST", "/auth", `{"username":"parley"}`, 400, `"path":"/dolphin/apiv1/graph/auth"`},
		{"success with failure", "3D-R-09=success-status-with-failure", "POST", "/auth", "{", 200, `"status":"failed"`},
		{"server error", "3D-R-09=server-error", "POST", "/auth", "{", 500, `"error":"Internal Server Error","message":"Internal Server Error"`},
		{"a method", "", "DELETE", "/auth", "", 405, `"error":"Method Not Allowed","message":"Request method 'DELETE' not supported"`},
		{"a method, server error", "3D-R-09=server-error", "DELETE", "/auth", "", 500, `"error":"Internal Server Error","message":"Internal Server Error"`},
	} {
		m := newMock(t, test.readings)
		a := m.call(test.method, graph+test.path, test.body)
		if a.status != test.status || test.has == "-" && a.body != "" || test.has != "-" && !strings.Contains(a.body, test.has) {
			t.Errorf("%s: %d %s", test.title, a.status, a.body)
		}
	}
	strict := newMock(t, "3D-R-08=json-only")
	if a := strict.ask("POST", graph+"/auth", credentials, "-", "text/plain"); a.status != 415 {
		t.Errorf("text/plain: %d", a.status)
	}
	lenient := newMock(t, "")
	if a := lenient.ask("POST", graph+"/auth", credentials, "-", "text/plain"); a.status != 200 {
		t.Errorf("text/plain, where that is tolerated: %d", a.status)
	}
}

func TestTheStartFollowsFromTheSeed(t *testing.T) {
	first, again := newMock(t, ""), newMock(t, "")
	a, b := first.ask("GET", "/_parley/state", "", "-", ""), again.ask("GET", "/_parley/state", "", "-", "")
	if a.body != b.body || len(first.state().Tickets) < 11 {
		t.Errorf("two starts differ, or are empty:\n%s\n%s", a.body, b.body)
	}
	if e := first.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return len(e.Findings) > 0 }); len(e) > 0 {
		t.Errorf("findings at the start: %+v", e[0].Findings)
	}
}
