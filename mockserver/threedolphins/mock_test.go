package threedolphins_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// graph is below what the service APIs lie.
const graph = "/dolphin/apiv1/graph"

// vendor is loaded once: a contract does not change.
var vendor = sync.OnceValue(threedolphins.Vendor)

// mock plays 3Dolphins behind a real socket, and judges itself.
type mock struct {
	*mockserver.Server
	t     testing.TB
	url   string
	token string // of the user parley

	mu  sync.Mutex
	now time.Time
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
	chosen := map[string]string{}
	for _, one := range strings.Fields(readings) {
		id, option, _ := strings.Cut(one, "=")
		chosen[id] = option
	}
	contract, err := vendor().Contract.WithReadings(chosen)
	if err != nil {
		t.Fatal(err)
	}
	m := newMockOf(t, contract, settings)
	m.token = m.login()
	return m
}

// newMockOf plays a contract; nobody has logged in.
func newMockOf(t testing.TB, contract *specs.Contract, settings threedolphins.Settings) *mock {
	t.Helper()
	m := &mock{t: t, now: start}
	var err error
	m.Server, err = mockserver.New(mockserver.Options{Control: control.New, SelfCheck: true, Now: m.clock}, mockserver.Vendor{Contract: contract, Play: settings.Play})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(m.Server)
	m.SetBaseURL(front.URL)
	m.url = front.URL
	t.Cleanup(func() {
		m.noHarnessError()
		m.Server.Close(soon(t))
		front.Close()
	})
	return m
}

func (m *mock) clock() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *mock) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// noHarnessError holds for every test: the mock keeps to the contract.
func (m *mock) noHarnessError() {
	m.t.Helper()
	for _, e := range m.Sandbox().Journal().Find(nil) {
		for _, f := range e.Findings {
			if f.Severity == traffic.HarnessError {
				m.t.Errorf("%s %s by %s: %s at %q: expected %s, got %s", e.ID, e.Operation, e.Caller, f.Code, f.Pointer, f.Expected, f.Actual)
			}
		}
	}
}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask calls an operation; a header Authorization of "-" is left out.
func (m *mock) ask(method, path, body, authorization, kind string) answer {
	m.t.Helper()
	return m.send(method, path, body, authorization, kind, "")
}

// prefer calls an operation with the token and a preference.
func (m *mock) prefer(method, path, body, preference string) answer {
	m.t.Helper()
	return m.send(method, path, body, "Bearer "+m.token, "application/json", preference)
}

func (m *mock) send(method, path, body, authorization, kind, preference string) answer {
	m.t.Helper()
	request, err := http.NewRequest(method, m.url+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if preference != "" {
		request.Header.Set("Prefer", preference)
	}
	if authorization != "-" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		m.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(data)}
}

// call calls an operation with the token.
func (m *mock) call(method, path, body string) answer {
	m.t.Helper()
	kind := "application/json"
	if body == "" {
		kind = ""
	}
	return m.ask(method, path, body, "Bearer "+m.token, kind)
}

// get reads data of a call that must succeed, after its status 200.
func (m *mock) get(path string) map[string]any { return m.good("GET", path, "") }

func (m *mock) good(method, path, body string) map[string]any {
	m.t.Helper()
	a := m.call(method, path, body)
	if a.status != 200 {
		m.t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	return decoded(m.t, a.body)
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
	a := m.ask("POST", graph+"/auth", credentials, "-", "application/json")
	if a.status != 200 {
		m.t.Fatalf("no token: %d %s", a.status, a.body)
	}
	return decoded(m.t, a.body)["token"].(string)
}

func (m *mock) state() threedolphins.State {
	m.t.Helper()
	state, ok := m.Sandbox().State()["3dolphins"].(threedolphins.State)
	if !ok {
		m.t.Fatal("there is no state of 3Dolphins")
	}
	return state
}

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}
