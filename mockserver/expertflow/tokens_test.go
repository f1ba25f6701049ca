package expertflow_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/mockserver/fault"
)

// TestGateway: EF-R-01.
func TestGateway(t *testing.T) {
	good := activity("a1", ofActive)
	for _, test := range []struct {
		title, readings, authorization, body string
		status                               int
	}{
		{"no token where none is asked for", "", "", good, 200},
		{"a foreign token where none is asked for", "", "Bearer foreign", good, 200},
		{"no token", "EF-R-01=on", "", good, 401},
		{"a token", "EF-R-01=on", "Bearer " + expertflow.SampleToken, good, 200},
		{"a token after a word in another case", "EF-R-01=on", "bearer " + expertflow.SampleToken, good, 200},
		{"a foreign token", "EF-R-01=on", "Bearer foreign", good, 401},
		{"the beginning of a token", "EF-R-01=on", "Bearer " + expertflow.SampleToken[:8], good, 401},
		{"a token without a word", "EF-R-01=on", expertflow.SampleToken, good, 401},
		{"nothing after the word", "EF-R-01=on", "Bearer ", good, 401},
		{"another scheme", "EF-R-01=on", "Basic " + expertflow.SampleToken, good, 401},
		{"a refresh token", "EF-R-01=on", "Bearer " + expertflow.SampleRefreshToken, good, 401},
		{"a token that permits nothing", "EF-R-01=on", "Bearer " + expertflow.GuestToken, good, 403},
		{"no token and a bad message", "EF-R-01=on", "", "{", 401},
		{"a token that permits nothing and a bad message", "EF-R-01=on", "Bearer " + expertflow.GuestToken, "{", 403},
		{"a token and a bad message", "EF-R-01=on", "Bearer " + expertflow.SampleToken, "{", 400},
	} {
		t.Run(test.title, func(t *testing.T) {
			m := newMock(t, test.readings)
			a := m.pushAs(test.authorization, test.body)
			if a.Status != test.status {
				t.Errorf("answered %d, want %d", a.Status, test.status)
			}
			kept := 0
			if test.status == 200 {
				kept = 1
			}
			if n := len(m.state().Activities); n != kept {
				t.Errorf("kept %d activities, want %d", n, kept)
			}
		})
	}
}

// TestLogin: a client gets a token, uses it, and renews it when it has expired.
func TestLogin(t *testing.T) {
	m := newMock(t, "EF-R-01=on")
	a, first := m.login(password(expertflow.User))
	if a.Status != 200 || a.Header.Get("Content-Type") != jsonType || first.ExpiresIn != 1800 {
		t.Fatalf("answered %d %v %q", a.Status, a.Header, a.Body)
	}
	push := func(g grant, want int) {
		t.Helper()
		if a := m.pushAs("Bearer "+g.AccessToken, activity("a1", ofActive)); a.Status != want {
			t.Errorf("answered %d, want %d", a.Status, want)
		}
	}
	push(first, 200)
	m.Advance(1800*time.Second - time.Nanosecond)
	push(first, 200)
	_, second := m.login("grant_type=refresh_token&client_id=cim&client_secret=example-secret&refresh_token=" + first.RefreshToken)
	m.Advance(time.Nanosecond)
	push(first, 401)
	push(second, 200)
	if a, _ := m.login("grant_type=refresh_token&client_id=cim&client_secret=example-secret&refresh_token=" + first.RefreshToken); a.Status != 400 {
		t.Errorf("a refresh token that has expired is answered %d", a.Status)
	}
	_, guest := m.login(password(expertflow.GuestUser))
	push(guest, 403)
	if first.AccessToken == second.AccessToken || second.AccessToken == guest.AccessToken {
		t.Error("a token was given out twice")
	}
}

func TestRefusedLogins(t *testing.T) {
	good := password(expertflow.User)
	for title, test := range map[string]struct {
		fields string
		status int
	}{
		"another client":           {strings.Replace(good, "client_id=cim", "client_id=cam", 1), 401},
		"a wrong secret":           {strings.Replace(good, "example-secret", "wrong", 1), 401},
		"an unknown user":          {strings.Replace(good, "api-user", "nobody", 1), 401},
		"a wrong password":         {strings.Replace(good, "example-password", "wrong", 1), 401},
		"no password":              {strings.Replace(good, "password=example-password", "", 1), 400},
		"no grant type":            {strings.Replace(good, "grant_type=password", "", 1), 400},
		"an unknown grant type":    {strings.Replace(good, "grant_type=password", "grant_type=implicit", 1), 400},
		"an unknown refresh token": {"grant_type=refresh_token&client_id=cim&client_secret=example-secret&refresh_token=foreign", 400},
		"an access token":          {"grant_type=refresh_token&client_id=cim&client_secret=example-secret&refresh_token=" + expertflow.SampleToken, 400},
		"nothing":                  {"", 400},
	} {
		t.Run(title, func(t *testing.T) {
			m := newMock(t, "")
			if a, _ := m.login(test.fields); a.Status != test.status || a.Body != "" {
				t.Errorf("answered %d %q, want %d", a.Status, a.Body, test.status)
			}
		})
	}
	m := newMock(t, "")
	if a := m.Do("POST", tokens, sample(t, "operations/requestToken", "password")); a.Status != 400 {
		t.Errorf("a login in JSON is answered %d; it is a form (EF-AUTH-003)", a.Status)
	}
}

// The journal has no token, and the state none either.
func TestTokensAreNotShown(t *testing.T) {
	m := newMock(t, "EF-R-01=on")
	_, g := m.login(password(expertflow.User))
	m.pushAs("Bearer "+g.AccessToken, activity("a1", ofActive))
	for _, path := range []string{"/_parley/journal.ndjson", "/_parley/state"} {
		a := m.Do("GET", path, "")
		if a.Status != http.StatusOK || !strings.Contains(a.Body, `"a1"`) && !strings.Contains(a.Body, `\"a1\"`) {
			t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
		for _, secret := range []string{g.AccessToken, g.RefreshToken, expertflow.ClientSecret, expertflow.Password} {
			if strings.Contains(a.Body, secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
}

// TestStatusesOnDemand: what is refused by a fault is not kept.
func TestStatusesOnDemand(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 500} {
		m := newMock(t, "")
		m.Fault(fault.Rule{Operation: "pushActivity", Status: status, Times: 1})
		for i, want := range []int{status, 200} {
			if a := m.push(activity("a1", ofActive)); a.Status != want || len(m.state().Activities) != i {
				t.Errorf("answered %d, want %d; kept %d", a.Status, want, len(m.state().Activities))
			}
		}
	}
}
