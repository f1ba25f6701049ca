package threedolphins_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/specs"
)

// graph is below what the service APIs lie.
const graph = "/dolphin/apiv1/graph"

// vendor is loaded once: a contract does not change.
var vendor = sync.OnceValue(threedolphins.Vendor)

// mock plays 3Dolphins behind a real socket, and judges itself.
type mock struct {
	*mocktest.Mock
	t     testing.TB
	token string // of the user parley
}

// start is noon in Jakarta.
var start = time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)

func newMock(t testing.TB, readings string) *mock {
	t.Helper()
	return played(t, readings, threedolphins.Settings{})
}

// played plays with readings as "3D-R-36=day 3D-R-37=one-per-user".
func played(t testing.TB, readings string, settings threedolphins.Settings) *mock {
	t.Helper()
	read := mocktest.WithReadings(t, vendor(), strings.Fields(readings)...)
	m := newMockOf(t, read.Contract, settings)
	m.token = m.login()
	return m
}

// newMockOf plays a contract; nobody has logged in. Its clock starts at noon and
// stands, but for Advance.
func newMockOf(t testing.TB, contract *specs.Contract, settings threedolphins.Settings) *mock {
	t.Helper()
	o := mockserver.Options{Now: func() time.Time { return start }}
	m := &mock{Mock: mocktest.NewWith(t, o, mockserver.Vendor{Contract: contract, Play: settings.Play}), t: t}
	m.Timeout = mocktest.Patience
	return m
}

// prefer calls an operation with the token and a preference.
func (m *mock) prefer(method, path, body, preference string) mocktest.Answer {
	m.t.Helper()
	return m.Do(method, path, body, "Authorization", "Bearer "+m.token, "Content-Type", "application/json", "Prefer", preference)
}

// call calls an operation with the token.
func (m *mock) call(method, path, body string) mocktest.Answer {
	m.t.Helper()
	return m.Do(method, path, body, "Authorization", "Bearer "+m.token)
}

// get reads data of a call that must succeed, after its status 200.
func (m *mock) get(path string) map[string]any { return m.good("GET", path, "") }

func (m *mock) good(method, path, body string) map[string]any {
	m.t.Helper()
	a := m.call(method, path, body)
	if a.Status != 200 {
		m.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return decoded(m.t, a.Body)
}

func decoded(t testing.TB, text string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

const credentials = `{"username":"parley","password":"parley"}`

func (m *mock) login() string {
	m.t.Helper()
	a := m.Do("POST", graph+"/auth", credentials)
	if a.Status != 200 {
		m.t.Fatalf("no token: %d %s", a.Status, a.Body)
	}
	return decoded(m.t, a.Body)["token"].(string)
}

func (m *mock) state() threedolphins.State {
	m.t.Helper()
	return mocktest.State[threedolphins.State](m.Mock, "3dolphins")
}
