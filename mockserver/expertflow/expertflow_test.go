package expertflow_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

const (
	activities = "/conversation-manager/activities"
	tokens     = "/auth/realms/example/protocol/openid-connect/token"
	jsonType   = "application/json"
	formType   = "application/x-www-form-urlencoded"
)

// vendor is loaded once: a contract does not change.
var vendor = sync.OnceValue(expertflow.Vendor)

// mock plays Expertflow CX behind a real socket, and judges itself.
type mock struct {
	*mockserver.Server
	t     testing.TB
	url   string
	judge *validator.Validator
	clock *clock
}

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newMock takes readings as "EF-R-01=on", several with spaces.
func newMock(t testing.TB, readings string) *mock {
	t.Helper()
	p := prepare(t, readings)
	clock := &clock{now: time.UnixMilli(1680560551020).UTC()}
	server, err := mockserver.New(mockserver.Options{Control: control.New, SelfCheck: true, Now: clock.read}, mockserver.Vendor{Contract: p.contract, Play: expertflow.Play})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server)
	server.SetBaseURL(front.URL)
	m := &mock{Server: server, t: t, url: front.URL, judge: p.judge, clock: clock}
	t.Cleanup(func() {
		m.keepsToTheContract()
		server.Close(context.Background())
		front.Close()
	})
	return m
}

// prepared is a contract with readings, and its judge, made once for all tests.
type prepared struct {
	contract *specs.Contract
	judge    *validator.Validator
}

var allPrepared sync.Map // by readings

func prepare(t testing.TB, readings string) prepared {
	t.Helper()
	if p, ok := allPrepared.Load(readings); ok {
		return p.(prepared)
	}
	chosen := map[string]string{}
	for _, part := range strings.Fields(readings) {
		id, option, _ := strings.Cut(part, "=")
		chosen[id] = option
	}
	contract, err := vendor().Contract.WithReadings(chosen)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := validator.New(contract)
	if err != nil {
		t.Fatal(err)
	}
	p := prepared{contract, judge}
	allPrepared.Store(readings, p)
	return p
}

// keepsToTheContract holds for every test: answers and events are as documented.
func (m *mock) keepsToTheContract() {
	m.t.Helper()
	for _, e := range m.Sandbox().Journal().Find(nil) {
		for _, f := range e.Findings {
			if f.Severity == traffic.HarnessError {
				m.t.Errorf("%s %s: %s at %q: expected %s, got %s", e.ID, e.Operation, f.Code, f.Pointer, f.Expected, f.Actual)
			}
		}
	}
	for _, a := range m.state().Activities {
		for _, f := range m.judge.Payload("topic/thirdPartyActivity", validator.Decode(a.Event)) {
			if f.Severity.AtLeast(traffic.Error) {
				m.t.Errorf("the event of activity %s: %s at %q: expected %s, got %s", a.ID, f.Code, f.Pointer, f.Expected, f.Actual)
			}
		}
	}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (m *mock) do(method, path, contentType, body, authorization string) answer {
	m.t.Helper()
	request, err := http.NewRequest(method, m.url+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	if authorization != "" {
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

// push pushes an activity. No answer to one has a body.
func (m *mock) push(body string) answer {
	m.t.Helper()
	return m.pushAs("", body)
}

func (m *mock) pushAs(authorization, body string) answer {
	m.t.Helper()
	a := m.do("POST", activities, jsonType, body, authorization)
	if a.body != "" {
		m.t.Errorf("answered %d with the body %q, want none", a.status, a.body)
	}
	return a
}

// login asks for a token with form fields, "name=value" each.
func (m *mock) login(fields string) (answer, grant) {
	m.t.Helper()
	a := m.do("POST", tokens, formType, fields, "")
	var g grant
	if a.status == http.StatusOK {
		if err := json.Unmarshal([]byte(a.body), &g); err != nil {
			m.t.Fatal(err)
		}
	}
	return a, g
}

type grant struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
}

// password is the form of a login with a password.
func password(user string) string {
	return url.Values{
		"grant_type": {"password"}, "client_id": {expertflow.ClientID}, "client_secret": {expertflow.ClientSecret},
		"username": {user}, "password": {expertflow.Password},
	}.Encode()
}

func (m *mock) state() expertflow.State {
	m.t.Helper()
	state, ok := m.Sandbox().State()["expertflow"].(expertflow.State)
	if !ok {
		m.t.Fatal("there is no state of Expertflow CX")
	}
	return state
}

// warnings lists findings from warnings on of the last exchange, as "code pointer".
func (m *mock) warnings() []string {
	m.t.Helper()
	all := m.Sandbox().Journal().Find(nil)
	list := []string{}
	for _, f := range all[len(all)-1].Findings {
		if f.Severity.AtLeast(traffic.Warn) {
			list = append(list, f.Code+" "+f.Pointer)
		}
	}
	return list
}

// activity is a message with a header of one's own besides the sender.
func activity(id, header string) string {
	return `{"id":"` + id + `","header":{"sender":{"id":"app","type":"APP","senderName":"Example"},"timestamp":1680560551000,` + header + `},"body":{"type":"NOTE","markdownText":"n"}}`
}

const (
	ofActive  = `"conversationId":"` + expertflow.ActiveConversation + `"`
	ofPast    = `"conversationId":"` + expertflow.PastConversation + `"`
	ofSession = `"channelSessionId":"` + expertflow.ActiveSession + `"`
	ofOld     = `"channelSessionId":"` + expertflow.PastSession + `"`
	ofAlex    = `"customer":{"_id":"` + expertflow.SampleCustomer + `"}`
)

func sample(t testing.TB, payload, name string) string {
	t.Helper()
	s, ok := vendor().Contract.Payloads[payload].Sample(name)
	if !ok {
		t.Fatalf("payload %s has no sample %s", payload, name)
	}
	return string(s.Body)
}
