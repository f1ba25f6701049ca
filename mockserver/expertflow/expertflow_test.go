package expertflow_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/mockserver/mocktest"
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
	*mocktest.Mock
	t     testing.TB
	judge *validator.Validator
}

// start is when the clock of a mock begins. It stands, but for Advance.
var start = time.UnixMilli(1680560551020).UTC()

// newMock takes readings as "EF-R-01=on", several with spaces.
func newMock(t testing.TB, readings string) *mock {
	t.Helper()
	p := prepare(t, readings)
	o := mockserver.Options{Now: func() time.Time { return start }}
	m := &mock{mocktest.NewWith(t, o, p.vendor), t, p.judge}
	m.Timeout = mocktest.Patience
	t.Cleanup(m.publishesByTheContract)
	return m
}

// prepared is a vendor with readings, and its judge, made once for all tests.
type prepared struct {
	vendor mockserver.Vendor
	judge  *validator.Validator
}

var allPrepared sync.Map // by readings

func prepare(t testing.TB, readings string) prepared {
	t.Helper()
	if p, ok := allPrepared.Load(readings); ok {
		return p.(prepared)
	}
	p := prepared{vendor: mocktest.WithReadings(t, vendor(), strings.Fields(readings)...)}
	var err error
	if p.judge, err = validator.New(p.vendor.Contract); err != nil {
		t.Fatal(err)
	}
	allPrepared.Store(readings, p)
	return p
}

// publishesByTheContract holds for every test: events are as documented.
func (m *mock) publishesByTheContract() {
	m.t.Helper()
	for _, a := range m.state().Activities {
		for _, f := range m.judge.Payload("topic/thirdPartyActivity", validator.Decode(a.Event)) {
			if f.Severity.AtLeast(traffic.Error) {
				m.t.Errorf("the event of activity %s: %s at %q: expected %s, got %s", a.ID, f.Code, f.Pointer, f.Expected, f.Actual)
			}
		}
	}
}

// push pushes an activity. No answer to one has a body.
func (m *mock) push(body string) mocktest.Answer {
	m.t.Helper()
	return m.pushAs("", body)
}

func (m *mock) pushAs(authorization, body string) mocktest.Answer {
	m.t.Helper()
	a := m.Do("POST", activities, body, "Content-Type", jsonType, "Authorization", authorization)
	if a.Body != "" {
		m.t.Errorf("answered %d with the body %q, want none", a.Status, a.Body)
	}
	return a
}

// login asks for a token with form fields, "name=value" each.
func (m *mock) login(fields string) (mocktest.Answer, grant) {
	m.t.Helper()
	a := m.Do("POST", tokens, fields, "Content-Type", formType)
	var g grant
	if a.Status == http.StatusOK {
		if err := json.Unmarshal([]byte(a.Body), &g); err != nil {
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
	return mocktest.State[expertflow.State](m.Mock, "expertflow")
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
