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
	a := m.Do("POST", graph+"/auth", credentials)
	if got := decoded(t, a.Body)["expireAt"]; got != "2026-03-04T13:00:00.000+07:00[Asia/Jakarta]" {
		t.Errorf("the token expires at %v", got)
	}
	utc := newMock(t, "3D-R-26=utc 3D-R-36=day")
	a = utc.Do("POST", graph+"/auth", credentials)
	if got := decoded(t, a.Body)["expireAt"]; got != "2026-03-05T05:00:00.000Z[UTC]" {
		t.Errorf("in UTC the token of a day expires at %v", got)
	}
	for _, wrong := range []string{`{"username":"parley","password":"Parley"}`, `{"username":"parley","password":"parle"}`, `{"username":"x","password":"parley"}`} {
		if a := m.Do("POST", graph+"/auth", wrong); a.Status != 401 {
			t.Errorf("%s: %d", wrong, a.Status)
		}
	}
}

func TestCallsWithoutAValidToken(t *testing.T) {
	m := newMock(t, "")
	for title, header := range map[string]string{
		"none": "", "empty": " ", "no scheme": m.token, "another scheme": "Basic " + m.token, "scheme alone": "Bearer",
		"no token": "Bearer ", "two words": "Bearer " + m.token + " x", "unknown": "Bearer x",
		"another case": "Bearer " + strings.ToUpper(m.token), "beginning": "Bearer " + m.token[:10],
	} {
		a := m.Do("GET", someTicket, "", "Authorization", header)
		if a.Status != 401 {
			t.Errorf("%s: %d %s", title, a.Status, a.Body)
		}
		e, _ := m.Sandbox().Journal().Get(a.Header.Get("Parley-Exchange"))
		if len(e.Findings) == 0 || e.Findings[len(e.Findings)-1].Code != "call.refused" || e.Findings[len(e.Findings)-1].Actual == "" {
			t.Errorf("%s: nothing says why: %+v", title, e.Findings)
		}
	}
	for _, header := range []string{"Bearer " + m.token, "bearer " + m.token} {
		if a := m.Do("GET", someTicket, "", "Authorization", header); a.Status != 200 {
			t.Errorf("%q: %d %s", header, a.Status, a.Body)
		}
	}
	if a := m.Do("PATCH", someTicket, ""); a.Status != 401 {
		t.Errorf("a method that is not served, without a token: %d", a.Status)
	}
	if a := m.Do("GET", someTicket+"?access_token="+m.token, ""); a.Status != 401 {
		t.Errorf("a token in the URL: %d", a.Status)
	}
	lenient := newMock(t, "3D-R-40=query-too")
	for _, prefix := range []string{"", "Bearer%20"} {
		if a := lenient.Do("GET", someTicket+"?access_token="+prefix+lenient.token, ""); a.Status != 200 {
			t.Errorf("a token in the URL, where that counts: %d %s", a.Status, a.Body)
		}
	}
}

func TestTokensExpireAndAreRenewed(t *testing.T) {
	m := played(t, "", threedolphins.Settings{TokenLife: time.Minute})
	m.Advance(59 * time.Second)
	next := m.good("POST", graph+"/auth/refreshToken", "")["token"].(string)
	if a := m.call("GET", someTicket, ""); a.Status != 200 || next == m.token {
		t.Errorf("before its end, and after a newer one, the token is answered %d", a.Status)
	}
	m.Advance(time.Second)
	for _, path := range []string{someTicket, graph + "/tickets"} {
		if a := m.call("GET", path, ""); a.Status != 401 {
			t.Errorf("%s with an expired token: %d", path, a.Status)
		}
	}
	if a := m.call("POST", graph+"/auth/refreshToken", ""); a.Status != 401 {
		t.Errorf("an expired token was refreshed: %d", a.Status)
	}
	m.token = next
	m.get(someTicket)
}

func TestReadingsOfTokens(t *testing.T) {
	late := newMock(t, "3D-R-36=minute 3D-R-38=refreshed")
	late.Advance(time.Hour)
	if late.token = late.good("POST", graph+"/auth/refreshToken", "")["token"].(string); late.call("GET", someTicket, "").Status != 200 {
		t.Error("a refreshed token is of no use")
	}
	one := newMock(t, "3D-R-37=one-per-user")
	first := one.token
	one.token = one.login()
	one.get(someTicket)
	if a := one.Do("GET", someTicket, "", "Authorization", "Bearer "+first); a.Status != 401 {
		t.Errorf("the first of two tokens: %d", a.Status)
	}
	always := newMock(t, "3D-R-34=always-200")
	if a := always.Do("GET", someTicket, "", "Authorization", "Bearer x"); a.Status != 200 || decoded(t, a.Body)["status"] != "failed" {
		t.Errorf("a wrong token: %d %s", a.Status, a.Body)
	}
	if a := always.Do("GET", someTicket, ""); a.Status != 401 {
		t.Errorf("a missing token: %d %s", a.Status, a.Body)
	}
}

func TestTokensAreNotShown(t *testing.T) {
	m := newMock(t, "")
	a := m.Do("GET", "/_parley/journal.ndjson", "")
	b := m.Do("GET", "/_parley/state", "")
	if strings.Contains(a.Body+b.Body, m.token) {
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
		if a.Status != test.status || test.has == "-" && a.Body != "" || test.has != "-" && !strings.Contains(a.Body, test.has) {
			t.Errorf("%s: %d %s", test.title, a.Status, a.Body)
		}
	}
	strict := newMock(t, "3D-R-08=json-only")
	if a := strict.Do("POST", graph+"/auth", credentials, "Content-Type", "text/plain"); a.Status != 415 {
		t.Errorf("text/plain: %d", a.Status)
	}
	lenient := newMock(t, "")
	if a := lenient.Do("POST", graph+"/auth", credentials, "Content-Type", "text/plain"); a.Status != 200 {
		t.Errorf("text/plain, where that is tolerated: %d", a.Status)
	}
}

func TestTheStartFollowsFromTheSeed(t *testing.T) {
	first, again := newMock(t, ""), newMock(t, "")
	a, b := first.Do("GET", "/_parley/state", ""), again.Do("GET", "/_parley/state", "")
	if a.Body != b.Body || len(first.state().Tickets) < 11 {
		t.Errorf("two starts differ, or are empty:\n%s\n%s", a.Body, b.Body)
	}
	if e := first.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return len(e.Findings) > 0 }); len(e) > 0 {
		t.Errorf("findings at the start: %+v", e[0].Findings)
	}
}
