package mockserver_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parleykit/parley/mockserver"
	mockcontrol "github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// acme is an invented vendor: two operations with a path in common, one that
// takes no body, and one event that is tried three times.
const acme = `openapi: 3.1.0
info: {title: Acme, version: "1"}
x-parley:
  id: acme
  name: Acme
  sources: {page: {title: A page}}
  delivery: {timeout: 5s, attempts: 3, backoff: 1ms, success: [200, 202]}
paths:
  /tickets/{id}:
    get:
      operationId: ticket
      responses:
        "200": {description: The ticket., content: {application/json: {schema: {$ref: ./schemas/ticket.schema.json}}}}
        "404": {description: There is none., content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
  /tickets/{id}/notes:
    post:
      operationId: note
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/note.schema.json}}}}
      responses:
        "201": {description: Written.}
        "422": {description: Not understood., content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
  /tickets/open/notes:
    post:
      operationId: noteAll
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/note.schema.json}}}}
      responses:
        "202": {description: Taken.}
  /notes:
    post:
      operationId: noteAlone
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/note.schema.json}}}}
      responses:
        "201": {description: Written.}
        default: {description: Not written., content: {application/json: {schema: {$ref: ./schemas/error.schema.json}}}}
webhooks:
  changed:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/changed.schema.json}}}}
      responses:
        "200": {description: Seen.}
        "202": {description: Will be seen.}
        "503": {description: Later.}
`

const draft = `{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", `

func acmeFolder() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"openapi.yaml":                    file(acme),
		"schemas/ticket.schema.json":      file(draft + `"required": ["id"], "properties": {"id": {"type": "string"}}}`),
		"schemas/error.schema.json":       file(draft + `"required": ["error"], "properties": {"error": {"type": "string"}}}`),
		"schemas/note.schema.json":        file(draft + `"required": ["text"], "properties": {"text": {"type": "string"}}}`),
		"schemas/changed.schema.json":     file(draft + `"required": ["ticket"], "properties": {"ticket": {"type": "string"}, "parts": {"type": "array"}, "secret": {"type": "string", "x-secret": true}}}`),
		"samples/ticket/documented.json":  file(`{"id": "T-1"}`),
		"samples/ticket/other.json":       file(`{"id": "T-2"}`),
		"samples/error/documented.json":   file(`{"error": "no"}`),
		"samples/changed/documented.json": file(`{"ticket": "T-1", "parts": [{"name": "a"}], "secret": "s3cr3t"}`),
	}
}

func acmeContract(t testing.TB) *specs.Contract {
	t.Helper()
	contract, err := specs.Load(acmeFolder(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

// mock is a mock of Acme behind a real socket.
type mock struct {
	*mockserver.Server
	t   testing.TB
	url string
}

func newMock(t testing.TB, o mockserver.Options, play func(*mockserver.Stage) mockserver.Behaviour) *mock {
	t.Helper()
	return newMockOf(t, acmeContract(t), o, play)
}

func newMockOf(t testing.TB, contract *specs.Contract, o mockserver.Options, play func(*mockserver.Stage) mockserver.Behaviour) *mock {
	t.Helper()
	o.SelfCheck, o.Control = true, mockcontrol.New
	server, err := mockserver.New(o, mockserver.Vendor{Contract: contract, Play: play})
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, server)
}

func serve(t testing.TB, server *mockserver.Server) *mock {
	front := httptest.NewServer(server)
	server.SetBaseURL(front.URL)
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		server.Close(ctx)
		front.Close()
	})
	return &mock{Server: server, t: t, url: front.URL}
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

func (m *mock) do(method, path, body string, header ...string) answer {
	m.t.Helper()
	request, err := http.NewRequest(method, m.url+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return m.send(request)
}

func (m *mock) send(request *http.Request) answer {
	m.t.Helper()
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

func (a answer) detail(t testing.TB) string {
	t.Helper()
	var p struct{ Type, Detail string }
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || !strings.HasPrefix(p.Type, "urn:parley:problem:") {
		t.Fatalf("not a problem of Parley's own: %d %s", a.status, a.body)
	}
	return p.Detail
}

func (m *mock) exchange(a answer) *traffic.Exchange {
	m.t.Helper()
	id := a.header.Get(mockserver.HeaderExchange)
	e, ok := m.Sandbox().Journal().Get(id)
	if !ok {
		m.t.Fatalf("exchange %q is not in the journal", id)
	}
	return e
}

// partner is a webhook that remembers what it was sent.
type partner struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	came   chan struct{} // one for each request
	answer http.HandlerFunc
}

func newPartner(t testing.TB, handle http.HandlerFunc) *partner {
	p := &partner{came: make(chan struct{}, 10_000), answer: handle}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *partner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.bodies = append(p.bodies, string(body))
	p.mu.Unlock()
	p.came <- struct{}{}
	if p.answer != nil {
		p.answer(w, r)
	}
}

func (p *partner) received() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.bodies...)
}

// hanging answers nothing until the test ends.
func hanging(t testing.TB) *partner {
	released := make(chan struct{})
	p := newPartner(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-released:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(released) }) // before the server is closed, which waits for it
	return p
}

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func openChannel(t testing.TB, m *mock, c mockserver.Channel) mockserver.Channel {
	t.Helper()
	opened, _, err := m.Sandbox().OpenChannel(soon(t), c)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func worst(t testing.TB, list []*traffic.Exchange, than traffic.Severity) {
	t.Helper()
	for _, e := range list {
		for _, f := range e.Findings {
			if f.Severity.AtLeast(than) {
				t.Errorf("%s %s %s: %s %s at %q: expected %s, got %s", e.ID, e.Caller, e.Operation, f.Severity, f.Code, f.Pointer, f.Expected, f.Actual)
			}
		}
	}
}

// until waits for a condition that nothing announces.
func until(t testing.TB, is func() bool) {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for ctx := soon(t); !is(); {
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatal("not so within 20 s")
		}
	}
}
