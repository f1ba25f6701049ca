package elma365_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
)

// vendor is loaded once: a contract does not change.
var vendor = sync.OnceValue(elma365.Vendor)

// mock plays ELMA365 behind a real socket, and judges itself.
type mock struct {
	*mocktest.Mock
	t testing.TB
}

// newMock takes readings as "ELMA365-R-03=http-customary", several with spaces.
func newMock(t testing.TB, readings string) *mock {
	t.Helper()
	m := &mock{mocktest.New(t, mocktest.WithReadings(t, vendor(), strings.Fields(readings)...)), t}
	m.Timeout = mocktest.Patience
	return m
}

func (m *mock) do(method, channel, body, kind string) mocktest.Answer {
	m.t.Helper()
	return m.Do(method, "/api/messengers/external/other/webhook/"+channel, body, "Content-Type", kind)
}

func (m *mock) post(channel, body string) mocktest.Answer {
	m.t.Helper()
	return m.do("POST", channel, body, "application/json")
}

func (m *mock) state() elma365.State {
	m.t.Helper()
	return mocktest.State[elma365.State](m.Mock, "elma365")
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
	var bodies []map[string]any
	for _, e := range m.ExpectN(n, mockserver.Match{Operation: "events/" + event}) {
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
	d, err := m.Sandbox().Send(mocktest.Soon(m.t), r)
	if err != nil {
		m.t.Fatal(err)
	}
	return d
}

// says is a messenger's answer.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// connected opens the default channel to a messenger.
func (m *mock) connected(p *mocktest.Partner) {
	m.t.Helper()
	m.Connect(mockserver.Channel{ID: elma365.DefaultChannel, Token: "confirm", URL: p.URL})
}

func sample(t testing.TB, payload string) string {
	t.Helper()
	s, ok := vendor().Contract.Payloads[payload].Sample("documented")
	if !ok {
		t.Fatalf("payload %s has no documented sample", payload)
	}
	return string(s.Body)
}
