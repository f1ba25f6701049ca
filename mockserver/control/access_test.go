package control_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/access"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
)

const teams = `
tokens:
  - {name: a-reads, token: reads-0123456789, sandboxes: [team-a-*], may: [read]}
  - {name: a-acts, token: acting-0123456789, sandboxes: [team-a-*], may: [act], limits: {sandboxes: 2}}
  - {name: a-administers, token: administers-0123456789, sandboxes: [team-a-*], may: [administer]}
  - {name: scrapes, token: metrics-0123456789, sandboxes: [team-a-*], may: [metrics]}
  - {name: b-acts, token: other-0123456789, sandboxes: [team-b-*, default], may: [act], limits: {requests: 2, bytes: 1000}}
`

// demanded is the right that each operation of the document demands: an operation that is
// added needs a line here, and with it a decision.
var demanded = map[string]access.Right{
	"health": "", "ready": "", "metrics": access.Metrics,
	"version": access.Read, "document": access.Read, "listContracts": access.Read, "contract": access.Read, "payload": access.Read, "judge": access.Read,
	"sandboxes": access.Read, "addSandbox": access.Act, "sandbox": access.Read, "removeSandbox": access.Administer, "resetSandbox": access.Act,
	"clock": access.Read, "setClock": access.Act, "advanceClock": access.Act,
	"journal": access.Read, "clearJournal": access.Act, "exportJournal": access.Read, "archiveJournal": access.Read, "waitJournal": access.Read,
	"streamJournal": access.Read, "exchange": access.Read, "exchangeDiff": access.Read, "coverage": access.Read, "changes": access.Read,
	"channels": access.Read, "openChannel": access.Act, "channel": access.Read, "changeChannel": access.Act, "removeChannel": access.Act,
	"send": access.Act, "compose": access.Act, "deliveries": access.Read, "delivery": access.Read,
	"retryDelivery": access.Act, "cancelDelivery": access.Act, "replayDelivery": access.Act, "listen": access.Act, "hand": access.Act,
	"faults": access.Read, "addFault": access.Act, "clearFaults": access.Act, "removeFault": access.Act,
	"state": access.Read, "elements": access.Read, "waitElements": access.Read, "streamElements": access.Read, "addState": access.Act, "reset": access.Act,
}

// ofTheWholeMock are the operations that no sandbox keeps from anybody.
var ofTheWholeMock = []string{"health", "ready", "metrics", "version", "document", "listContracts", "contract", "payload", "judge", "sandboxes"}

// sharing is a mock with the teams' tokens and their sandboxes.
func sharing(t *testing.T, now func() time.Time) (*mockserver.Server, *access.Access) {
	t.Helper()
	tokens, err := access.Parse(access.File{Name: "access.yaml", Text: []byte(teams), Private: true})
	if err != nil {
		t.Fatal(err)
	}
	a := access.New(tokens, now)
	server, err := mockserver.New(mockserver.Options{Control: control.New, Access: a, ControlToken: controlToken, BaseURL: "http://127.0.0.1:7357"}, acme.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(t.Context()) })
	for _, name := range []string{"team-a-1", "team-b-1"} {
		if _, err := server.NamedSandbox(name); err != nil {
			t.Fatal(err)
		}
	}
	return server, a
}

// asked sends a request with a token, and returns the answer's status and text.
func asked(t *testing.T, h http.Handler, token, method, url, body string) *httptest.ResponseRecorder {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if strings.HasSuffix(strings.Split(url, "?")[0], "/stream") {
		cancel() // its reader leaves at once
	}
	request := httptest.NewRequestWithContext(ctx, method, "http://127.0.0.1:7357"+url, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request)
	return w
}

// TestEachOperationDemandsItsRight asks for each operation of the document, with each
// token, in a sandbox that it sees, in one that it does not, and in one that there is not.
func TestEachOperationDemandsItsRight(t *testing.T) {
	rights := map[string][]access.Right{
		"": nil, "wrong-0123456789": nil, "reads-0123456789": {access.Read}, "acting-0123456789": {access.Read, access.Act},
		"administers-0123456789": {access.Read, access.Act, access.Administer}, "metrics-0123456789": {access.Metrics}, controlToken: access.Rights(),
	}
	for token, has := range rights {
		server, _ := sharing(t, time.Now)
		for _, o := range controlJudge().Contract().Operations {
			right, decided := demanded[o.ID]
			if !decided {
				t.Errorf("nobody has decided who may %s %s (%s)", o.Method, o.Path, o.ID)
			}
			for _, sandbox := range []string{"team-a-1", "team-b-1", "default", "team-c-none"} {
				if _, err := server.NamedSandbox("team-a-1"); err != nil { // it may have been removed
					t.Fatal(err)
				}
				sees := strings.HasPrefix(sandbox, "team-a-") || token == controlToken
				got := askedFor(t, server, token, o, sandbox).Code
				known := token != "" && token != "wrong-0123456789"
				what := fmt.Sprintf("%s with %q in %s: %d", o.ID, token, sandbox, got)
				switch {
				case right == "":
					expect(t, what, got == 200)
				case !known:
					expect(t, what, got == 401)
				case !sees && o.ID == "addSandbox":
					expect(t, what, got == 403)
				case !sees && !slices.Contains(ofTheWholeMock, o.ID):
					expect(t, what, got == 404)
				case !slices.Contains(has, right):
					expect(t, what, got == 403)
				default:
					expect(t, what, got != 401 && got != 403)
				}
				if made := server.Existing("team-c-none") != nil; made && token != controlToken {
					t.Errorf("%s: a sandbox was made", what)
				}
				server.RemoveSandbox("team-c-none")
			}
		}
	}
}

func expect(t *testing.T, what string, ok bool) {
	t.Helper()
	if !ok {
		t.Error(what)
	}
}

func askedFor(t *testing.T, server *mockserver.Server, token string, o *specs.Operation, sandbox string) *httptest.ResponseRecorder {
	path := strings.NewReplacer("{vendor}", "acme", "{id}", "x-1").Replace(o.Path)
	body := bodyFor(o)
	switch {
	case o.ID == "addSandbox":
		body = fmt.Sprintf(`{"name":%q}`, sandbox)
	case strings.HasPrefix(path, "/_parley/sandboxes/"):
		path = strings.Replace(path, "{name}", sandbox, 1)
	case !slices.Contains(ofTheWholeMock, o.ID):
		path = "/~" + sandbox + strings.Replace(path, "{name}", "nobody", 1)
	}
	return asked(t, server, token, o.Method, path+query(o), body)
}

// TestWhatOneMayNotSeeIsNotThere: the answer is the one of a sandbox that there is not.
func TestWhatOneMayNotSeeIsNotThere(t *testing.T) {
	server, _ := sharing(t, time.Now)
	for _, url := range []string{"/~NAME/_parley/journal", "/~NAME/_parley/state", "/_parley/sandboxes/NAME"} {
		there := asked(t, server, "reads-0123456789", "GET", strings.Replace(url, "NAME", "team-b-1", 1), "")
		none := asked(t, server, "reads-0123456789", "GET", strings.Replace(url, "NAME", "team-b-9", 1), "")
		if there.Code != 404 || there.Code != none.Code || strings.ReplaceAll(there.Body.String(), "team-b-1", "team-b-9") != none.Body.String() {
			t.Errorf("%s: of one that there is %d %s, of one that there is not %d %s", url, there.Code, there.Body, none.Code, none.Body)
		}
	}
	list := asked(t, server, "reads-0123456789", "GET", "/_parley/sandboxes", "").Body.String()
	if !strings.Contains(list, "team-a-1") || strings.Contains(list, "team-b-1") || strings.Contains(list, `"default"`) {
		t.Errorf("the list is %s", list)
	}
	if got := asked(t, server, "reads-0123456789", "GET", "/~team-a-9/_parley/journal", "").Code; got != 404 || server.Existing("team-a-9") != nil {
		t.Errorf("who only reads is answered %d, and makes a sandbox", got)
	}
	if got := asked(t, server, "reads-0123456789", "GET", "/~team-a-1/_parley/channels?token=show", "").Code; got != 403 {
		t.Errorf("who only reads is shown tokens: %d", got)
	}
	if got := asked(t, server, "acting-0123456789", "GET", "/~team-a-1/_parley/channels?token=show", "").Code; got != 200 {
		t.Errorf("who acts is not shown tokens: %d", got)
	}
}

// TestHandlersBesideTheAPIAreGuarded, such as that of assistants.
func TestHandlersBesideTheAPIAreGuarded(t *testing.T) {
	_, a := sharing(t, time.Now)
	beside := func(mock *mockserver.Server) http.Handler {
		return control.NewWith(mock, map[string]http.Handler{"mcp": http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})})
	}
	server, err := mockserver.New(mockserver.Options{Control: beside, Access: a}, acme.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]int{"": 401, "reads-0123456789": 403, "acting-0123456789": 200, "other-0123456789": 404} {
		if got := asked(t, server, token, "POST", "/~team-a-1/_parley/mcp", "{}").Code; got != want {
			t.Errorf("with %q: %d, want %d", token, got, want)
		}
	}
}

// TestLimitsOfATeam hold for its control API, its vendor's paths and its sandboxes.
func TestLimitsOfATeam(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	server, _ := sharing(t, func() time.Time { return at })
	of := func(url, token string) *httptest.ResponseRecorder { return asked(t, server, token, "GET", url, "") }
	const vendor, journal = "/~team-b-1/tickets/T-1", "/~team-b-1/_parley/journal"
	if a, b := of(vendor, "").Code, of(journal, "other-0123456789").Code; a != 200 || b != 200 {
		t.Fatalf("the first two are answered %d and %d", a, b)
	}
	for url, token := range map[string]string{vendor: "", "/tickets/T-1": "", journal: "other-0123456789"} {
		w := of(url, token)
		if w.Code != 429 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "b-acts may make 2 requests a second") {
			t.Errorf("%s: the third is answered %d %s %s", url, w.Code, w.Header(), w.Body)
		}
	}
	if got := of("/~team-a-1/tickets/T-1", "").Code; got != 200 {
		t.Errorf("another team waits: %d", got)
	}
	at = at.Add(500 * time.Millisecond)
	if a, b := of(vendor, "").Code, of(vendor, "").Code; a != 200 || b != 429 {
		t.Errorf("half a second later come %d and %d", a, b)
	}
	at = at.Add(time.Second)
	body := `{"text":"` + strings.Repeat("x", 2500) + `"}`
	if got := asked(t, server, "", "POST", "/~team-b-1/notes", body).Code; got != 201 {
		t.Errorf("a large body is answered %d", got)
	}
	at = at.Add(time.Second)
	if w := of(vendor, ""); w.Code != 429 || !strings.Contains(w.Body.String(), "1000 bytes") {
		t.Errorf("after it comes %d %s", w.Code, w.Body)
	}
	at = at.Add(time.Second)
	if got := of(vendor, "").Code; got != 200 {
		t.Errorf("two seconds after it comes %d", got)
	}
}

// TestSandboxesOfATeam are bounded, however they are made.
func TestSandboxesOfATeam(t *testing.T) {
	tokens, err := access.Parse(access.File{Name: "access.yaml", Private: true, Text: []byte(`
tokens: [{name: a, token: acting-0123456789, sandboxes: [team-a-*], may: [administer], limits: {sandboxes: 2}}]`)})
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.New(mockserver.Options{Control: control.New, ControlToken: controlToken, Access: access.New(tokens, time.Now)}, acme.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	if a, b := asked(t, server, "", "GET", "/~team-a-1/tickets/T-1", "").Code, asked(t, server, "acting-0123456789", "GET", "/~team-a-2/_parley/journal", "").Code; a != 200 || b != 200 {
		t.Fatalf("the first two are answered %d and %d", a, b)
	}
	for url, method := range map[string]string{"/~team-a-3/tickets/T-1": "GET", "/~team-a-4/_parley/journal": "GET", "/_parley/sandboxes": "POST"} {
		body := ""
		if method == "POST" {
			body = `{"name":"team-a-5"}`
		}
		if w := asked(t, server, "acting-0123456789", method, url, body); w.Code != 429 || w.Header().Get("Retry-After") != "60" || !strings.Contains(w.Body.String(), "a has 2 sandboxes, as many as it may") {
			t.Errorf("%s %s: the third is answered %d %s %s", method, url, w.Code, w.Header(), w.Body)
		}
	}
	if got := asked(t, server, "", "GET", "/~elsewhere/tickets/T-1", "").Code; got != 404 || server.Existing("elsewhere") != nil {
		t.Errorf("a vendor's path makes a sandbox that no token sees: %d", got)
	}
	if got := asked(t, server, controlToken, "GET", "/~elsewhere/_parley/journal", "").Code; got != 200 {
		t.Errorf("who may do everything makes one: %d", got)
	}
	if got := asked(t, server, "", "GET", "/~elsewhere/tickets/T-1", "").Code; got != 200 {
		t.Errorf("and then it can be called: %d", got)
	}
	asked(t, server, "acting-0123456789", "DELETE", "/_parley/sandboxes/team-a-1", "")
	if got := asked(t, server, "", "GET", "/~team-a-3/tickets/T-1", "").Code; got != 200 {
		t.Errorf("after one was removed, another one is answered %d", got)
	}
}

// TestWhatIsOpenEndsWithItsToken: a stream of a token that is taken back ends, and one of
// a token that stays goes on.
func TestWhatIsOpenEndsWithItsToken(t *testing.T) {
	server, a := sharing(t, time.Now)
	served := httptest.NewServer(server)
	defer served.Close()
	ctx, leave := context.WithCancel(mocktest.Soon(t))
	defer leave()
	open := func(token, sandbox string) <-chan struct{} {
		request, err := http.NewRequestWithContext(ctx, "GET", served.URL+"/~"+sandbox+"/_parley/journal/stream", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil || answer.StatusCode != 200 {
			t.Fatal(answer, err)
		}
		over := make(chan struct{})
		go func() {
			defer close(over)
			defer answer.Body.Close()
			for buffer := make([]byte, 1024); err == nil; {
				_, err = answer.Body.Read(buffer)
			}
		}()
		return over
	}
	stays, goes := open("acting-0123456789", "team-a-1"), open("reads-0123456789", "team-a-1")
	tokens, err := access.Parse(access.File{Name: "access.yaml", Text: []byte(strings.Replace(teams, "reads-0123456789", "newly-0123456789", 1)), Private: true})
	if err != nil {
		t.Fatal(err)
	}
	a.Replace(tokens)
	<-goes
	select {
	case <-stays:
		t.Error("a token that is as it was has lost its stream")
	default:
	}
	if got := asked(t, server, "reads-0123456789", "GET", "/_parley/version", "").Code; got != 401 {
		t.Errorf("the token that was taken back is answered %d", got)
	}
	if got := asked(t, server, "newly-0123456789", "GET", "/_parley/version", "").Code; got != 200 {
		t.Errorf("the new one is answered %d", got)
	}
}
