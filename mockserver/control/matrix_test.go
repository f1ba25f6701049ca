package control_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

const controlToken = "open sesame"

// matrix asks one mock for everything that its document describes.
type matrix struct {
	*testing.T
	*mockserver.Server
	judge    *validator.Validator
	token    bool // the mock demands it
	byMethod map[string]*specs.Operation
	path     string
	turn     int // which origin begins
	fresh    int
}

// TestControlIsAsItsDocumentSays goes through every route, method, token, origin and
// sandbox, and takes from the document what has to come. What an operation does depends on
// all of these; a method that no operation has is asked for with each token in each
// sandbox, and each time from another origin.
func TestControlIsAsItsDocumentSays(t *testing.T) {
	judge := controlJudge()
	byPath := map[string]map[string]*specs.Operation{}
	for _, o := range judge.Contract().Operations {
		if byPath[o.Path] == nil {
			byPath[o.Path] = map[string]*specs.Operation{}
		}
		byPath[o.Path][o.Method] = o
	}
	for _, token := range []string{"", controlToken} {
		server, err := mockserver.New(mockserver.Options{Control: control.New, ControlToken: token, BaseURL: "http://127.0.0.1:7357"}, acme.Vendor())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { server.Close(t.Context()) })
		for turn, path := range slices.Sorted(maps.Keys(byPath)) {
			(&matrix{T: t, Server: server, judge: judge, token: token != "", byMethod: byPath[path], path: path, turn: turn}).route()
		}
	}
}

func (m *matrix) route() {
	by := slices.Sorted(maps.Keys(origins))
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		for _, credential := range []string{"", "Bearer wrong", "Bearer " + controlToken} {
			for _, sandbox := range []string{"default", "named", "fresh"} {
				asking := by
				if m.byMethod[method] == nil {
					asking = by[m.turn%len(by):][:1]
					m.turn++
				}
				for _, name := range asking {
					m.in(sandbox, method, credential, name)
				}
			}
		}
	}
}

// in asks in the default sandbox, in one that the path names, or in one that is not there
// yet, which nobody makes who is not let in.
func (m *matrix) in(sandbox, method, credential, by string) {
	switch sandbox {
	case "default":
		m.ask(method, credential, by, "", http.Header{})
	case "named":
		m.ask(method, credential, by, "/~mine", http.Header{})
	case "fresh":
		m.fresh++
		made := fmt.Sprintf("fresh-%d", m.fresh)
		allowed := m.ask(method, credential, by, "", http.Header{mockserver.HeaderSandbox: {made}})
		if there := m.has(made); there && !allowed {
			m.Errorf("%s %s by %s with the token %q made a sandbox", method, m.path, by, credential)
		}
		m.Server.RemoveSandbox(made)
	}
}

func (m *matrix) has(name string) bool {
	return slices.ContainsFunc(m.Server.Sandboxes(), func(b *mockserver.Sandbox) bool { return b.Name() == name })
}

// ask sends one request, judges its answer, and reports whether it had to be let in.
func (m *matrix) ask(method, credential, by, prefix string, header http.Header) bool {
	from := origins[by]
	for name, values := range from.header {
		header[name] = values
	}
	if credential != "" {
		header.Set("Authorization", credential)
	}
	url := strings.NewReplacer("{name}", "nobody", "{vendor}", "acme", "{id}", "x-1").Replace(m.path) + query(m.byMethod[method])
	body := bodyFor(m.byMethod[method])
	if body != "" {
		header.Set("Content-Type", "application/json")
	}
	ctx, cancel := context.WithCancel(m.Context())
	defer cancel()
	if endless(m.byMethod[method]) {
		cancel() // its reader leaves at once
	}
	request := httptest.NewRequestWithContext(ctx, method, "http://127.0.0.1:7357"+prefix+url, strings.NewReader(body))
	request.Header = header
	w := httptest.NewRecorder()
	m.Server.ServeHTTP(w, request)

	what := fmt.Sprintf("%s %s%s by %s with the token %q (demanded: %v)", method, prefix, m.path, by, credential, m.token)
	var want []int
	switch o := m.byMethod[method]; {
	case from.foreign && m.documented(http.StatusForbidden):
		want = []int{http.StatusForbidden}
	case m.token && m.documented(http.StatusUnauthorized) && credential != "Bearer "+controlToken:
		want = []int{http.StatusUnauthorized}
	case o == nil:
		want = []int{http.StatusMethodNotAllowed}
	default:
		for status := range o.Responses {
			if status != http.StatusForbidden && status != http.StatusUnauthorized && status != http.StatusMethodNotAllowed && status != http.StatusTooManyRequests {
				want = append(want, status)
			}
		}
	}
	if !slices.Contains(want, w.Code) {
		m.Errorf("%s: %d %s, want one of %v", what, w.Code, w.Body, want)
	}
	if kind := w.Header().Get("Content-Type"); w.Code >= 400 && kind != "application/problem+json" {
		m.Errorf("%s: %d with %s", what, w.Code, kind)
	}
	if o := m.byMethod[method]; o != nil {
		answer := &traffic.Response{Status: w.Code, Header: w.Header(), Body: traffic.NewBody(w.Body.Bytes(), 1<<24)}
		for _, f := range m.judge.Response(o, answer) {
			m.Errorf("%s: %d: %s\n%s", what, w.Code, f, w.Body)
		}
	}
	return len(want) > 1 || want[0] < 400
}

// documented reports whether every operation of the path can answer so.
func (m *matrix) documented(status int) bool {
	for _, o := range m.byMethod {
		if _, ok := o.Responses[status]; !ok {
			return false
		}
	}
	return true
}

func endless(o *specs.Operation) bool {
	return o != nil && slices.Contains(o.Responses[http.StatusOK].ContentTypes, "text/event-stream")
}

// query is what an operation needs in order to answer at once.
func query(o *specs.Operation) string {
	switch {
	case o == nil:
		return ""
	case o.ID == "payload":
		return "?name=changed"
	case strings.HasPrefix(o.Path, "/_parley/state/") && !strings.HasSuffix(o.Path, "/wait"):
		return "?path=/notes"
	case strings.HasPrefix(o.Path, "/_parley/state/"):
		return "?path=/notes&timeout=1ms"
	case strings.HasSuffix(o.Path, "/wait"), o.ID == "listen":
		return "?timeout=1ms"
	}
	return ""
}

func bodyFor(o *specs.Operation) string {
	if o == nil || o.Payload == "" {
		return ""
	}
	return map[string]string{
		"addSandbox": `{"name":"made"}`, "setClock": `{"frozen":true}`, "advanceClock": `{"advance":"1s"}`, "openChannel": `{"id":"c"}`,
		"addFault": `{"operation":"ticket","status":404,"times":1}`, "send": `{"event":"changed"}`, "compose": `{"event":"changed","channel":"c"}`, "judge": `{"operation":"events/changed","text":"{}"}`, "hand": `{"error":"none came"}`,
	}[o.ID]
}
