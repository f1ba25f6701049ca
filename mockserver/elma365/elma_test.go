package elma365_test

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
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// vendor is loaded once: a contract does not change.
var vendor = sync.OnceValue(elma365.Vendor)

// mock plays ELMA365 behind a real socket, and judges itself.
type mock struct {
	*mockserver.Server
	t   testing.TB
	url string
}

func newMock(t testing.TB, readings map[string]string) *mock {
	t.Helper()
	contract, err := vendor().Contract.WithReadings(readings)
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.New(mockserver.Options{Control: control.New, SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: elma365.Play})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server)
	server.SetBaseURL(front.URL)
	m := &mock{Server: server, t: t, url: front.URL}
	t.Cleanup(func() {
		m.noHarnessError()
		server.Close(soon(t))
		front.Close()
	})
	return m
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

func (m *mock) do(method, channel, body, kind string) answer {
	m.t.Helper()
	request, err := http.NewRequest(method, m.url+"/api/messengers/external/other/webhook/"+channel, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
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

func (m *mock) post(channel, body string) answer {
	m.t.Helper()
	return m.do("POST", channel, body, "application/json")
}

func (m *mock) state() elma365.State {
	m.t.Helper()
	state, ok := m.Sandbox().State()["elma365"].(elma365.State)
	if !ok {
		m.t.Fatal("there is no state of ELMA365")
	}
	return state
}

// message is a client's message over the default channel.
func message(id, text string) string {
	data, _ := json.Marshal(map[string]any{"type": "message", "token": "confirm", "data": map[string]any{
		"externalMessageId": id, "externalChatId": "chat-of-" + id, "externalUserId": "user1", "text": text,
	}})
	return string(data)
}

// events waits until n events of one kind have been delivered, and returns their
// bodies.
func (m *mock) events(n int, event string) []map[string]any {
	m.t.Helper()
	found, err := m.Sandbox().Journal().Wait(soon(m.t), n, func(e *traffic.Exchange) bool { return e.Operation == "events/"+event })
	if err != nil {
		m.t.Fatalf("%d of %d %s: %v", len(found), n, event, err)
	}
	var bodies []map[string]any
	for _, e := range found {
		var body map[string]any
		if err := json.Unmarshal(e.Request.Body.Kept, &body); err != nil {
			m.t.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	return bodies
}

func (m *mock) send(r mockserver.SendRequest) outbox.Delivery {
	m.t.Helper()
	r.Wait = true
	d, err := m.Sandbox().Send(soon(m.t), r)
	if err != nil {
		m.t.Fatal(err)
	}
	return d
}

// messenger is a webhook that answers as it is told; default 200.
type messenger struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	answer string
}

func newMessenger(t testing.TB) *messenger {
	p := &messenger{status: 200}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(p.status)
		io.WriteString(w, p.answer)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *messenger) answers(status int, body string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.answer = status, body
}

// connected opens the default channel to a messenger.
func (m *mock) connected(p *messenger) mockserver.Channel {
	m.t.Helper()
	c, _, err := m.Sandbox().OpenChannel(soon(m.t), mockserver.Channel{ID: elma365.DefaultChannel, Token: "confirm", URL: p.URL})
	if err != nil {
		m.t.Fatal(err)
	}
	return c
}

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func sample(t testing.TB, payload string) string {
	t.Helper()
	s, ok := vendor().Contract.Payloads[payload].Sample("documented")
	if !ok {
		t.Fatalf("payload %s has no documented sample", payload)
	}
	return string(s.Body)
}
