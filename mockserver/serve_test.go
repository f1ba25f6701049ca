package mockserver_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/traffic"
)

func TestVendorWithoutMemoryAnswersFromSamples(t *testing.T) {
	m := acme.New(t, nil)
	for _, test := range []struct {
		title, method, path, body, prefer string
		status                            int
		answer                            string
		operation                         string
	}{
		{"the sample of the answer", "GET", "/tickets/T-9", "", "", 200, `{"id": "T-1"}`, "operations/ticket"},
		{"no body where none is documented", "POST", "/tickets/T-9/notes", `{"text":"x"}`, "", 201, "", "operations/note"},
		{"a concrete path before a template", "POST", "/tickets/open/notes", `{"text":"x"}`, "", 202, "", "operations/noteAll"},
		{"a slash inside a parameter", "GET", "/tickets/a%2Fb", "", "", 200, `{"id": "T-1"}`, "operations/ticket"},
		{"a body that breaks the contract", "POST", "/tickets/T-9/notes", `{"text":5}`, "", 422, `{"error": "no"}`, "operations/note"},
		{"no body where one is needed", "POST", "/tickets/T-9/notes", "", "", 422, `{"error": "no"}`, "operations/note"},
		{"a broken body where no refusal is documented", "POST", "/tickets/open/notes", `{"text":5}`, "", 202, "", "operations/noteAll"},
		{"a status that is asked for", "GET", "/tickets/T-9", "", "code=404", 404, `{"error": "no"}`, "operations/ticket"},
		{"another sample", "GET", "/tickets/T-9", "", "respond-async, example=other; x=y, delay=1", 200, `{"id": "T-2"}`, "operations/ticket"},
		{"the lowest success where any other status is documented", "POST", "/notes", `{"text":"x"}`, "", 201, "", "operations/noteAlone"},
		{"any other status that is asked for", "POST", "/notes", `{"text":"x"}`, "code=418", 418, `{"error": "no"}`, "operations/noteAlone"},
		{"a body that breaks the contract where any other status is documented", "POST", "/notes", `{"text":5}`, "", 400, `{"error": "no"}`, "operations/noteAlone"},
		{"a wrong method where a status fits", "DELETE", "/tickets/T-9", "", "", 404, `{"error": "no"}`, ""},
	} {
		t.Run(test.title, func(t *testing.T) {
			a := m.Do(test.method, test.path, test.body, "Prefer", test.prefer)
			if a.Status != test.status || a.Body != test.answer {
				t.Errorf("answered %d %s, want %d %s", a.Status, a.Body, test.status, test.answer)
			}
			e := m.Exchange(a)
			if e.Operation != test.operation || e.Vendor != "acme" || e.Caller != traffic.Partner {
				t.Errorf("journalled as %s %s by %s", e.Vendor, e.Operation, e.Caller)
			}
			if string(e.Response.Body.Kept) != test.answer || e.Status() != test.status {
				t.Errorf("journalled answer %d %s", e.Status(), e.Response.Body)
			}
		})
	}
}

func TestParleysOwnProblemsOnVendorPaths(t *testing.T) {
	m := acme.New(t, nil)
	for _, test := range []struct {
		title, method, path, prefer string
		status                      int
		detail                      []string
	}{
		{"a path nearly right", "GET", "/ticket/T-1", "", 404, []string{"did you mean tickets instead of ticket?", "GET /tickets/{id}", "/_parley/"}},
		{"another path", "GET", "/", "", 404, []string{"no vendor serves GET /"}},
		{"a wrong method where nothing is documented", "PUT", "/tickets/open/notes", "", 405, []string{"operation.method", "expected POST"}},
		{"a status that is not documented", "GET", "/tickets/T-1", "code=218", 400, []string{"status 218 is not documented for operations/ticket", "200, 404"}},
		{"a status that is none", "GET", "/tickets/T-1", "code=abc", 400, []string{"code=abc is no final HTTP status"}},
		{"a sample that is none", "GET", "/tickets/T-1", "example=nope", 400, []string{"documented, other"}},
		{"a sample where no body is", "POST", "/tickets/open/notes", "example=nope", 400, []string{"no body is documented"}},
		{"a delay that is none", "GET", "/tickets/T-1", "delay=999999999", 400, []string{"milliseconds"}},
	} {
		t.Run(test.title, func(t *testing.T) {
			a := m.Do(test.method, test.path, "", "Prefer", test.prefer)
			if a.Status != test.status {
				t.Errorf("answered %d, want %d", a.Status, test.status)
			}
			detail := acme.Detail(t, a)
			for _, part := range test.detail {
				if !strings.Contains(detail, part) {
					t.Errorf("detail %q does not say %q", detail, part)
				}
			}
			if m.Exchange(a).Status() != test.status {
				t.Error("the journal has another status")
			}
		})
	}
}

func TestAWrongPathIsRecordedForItsVendor(t *testing.T) {
	m := acme.New(t, nil)
	e := m.Exchange(m.Do("GET", "/ticket/T-1", ""))
	if e.Vendor != "acme" || len(e.Findings) != 1 || e.Findings[0].Code != "operation.path" {
		t.Errorf("recorded as %q with %+v", e.Vendor, e.Findings)
	}
}

func TestExchangesAreReportedInOrder(t *testing.T) {
	m := acme.New(t, nil)
	reported := m.Sandbox().Journal().Subscribe(nil)
	defer reported.Close()
	var ids []string
	for range 3 {
		m.Do("GET", "/tickets/T-1", "")
		<-reported.Ready()
		found, _ := reported.Next(1)
		ids = append(ids, found[0].ID)
	}
	if !slices.Equal(ids, []string{"ex-000001", "ex-000002", "ex-000003"}) {
		t.Errorf("reported %v", ids)
	}
}

func TestHandlerNeedsNoServer(t *testing.T) {
	server, err := mockserver.New(mockserver.Options{Control: control.New}, acme.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	request, err := http.NewRequestWithContext(context.Background(), "GET", "http://acme.example/tickets/T-1?x=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	server.ServeHTTP(w, request)
	if w.Code != 200 {
		t.Errorf("answered %d", w.Code)
	}
	if e := server.Sandbox().Journal().Find(nil)[0]; e.Request.URL != "/tickets/T-1?x=1" {
		t.Errorf("journalled URL %s", e.Request.URL)
	}
}

func TestAnAnswerWithoutContentHasNoLength(t *testing.T) {
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"ticket": func(*mockserver.Call) mockserver.Reply { return mockserver.Reply{Status: 204, Undocumented: true} },
		}}
	})
	if a := m.Do("GET", "/tickets/T-1", ""); a.Status != 204 || a.Header.Values("Content-Length") != nil {
		t.Errorf("answered %d with Content-Length %v", a.Status, a.Header.Values("Content-Length"))
	}
}

func TestManyPathsAreServed(t *testing.T) {
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Channel: func(c *mockserver.Call) string { return c.Params["id"] }}
	})
	call := func(id string) {
		t.Helper()
		w := httptest.NewRecorder()
		m.Server().ServeHTTP(w, httptest.NewRequest("GET", "/tickets/"+id, nil))
		e, ok := m.Sandbox().Journal().Get(w.Header().Get(mockserver.HeaderExchange))
		if w.Code != 200 || !ok || e.Channel != id {
			t.Errorf("%.20s is answered %d for channel %.20s", id, w.Code, e.Channel)
		}
	}
	for round := range 2 {
		for i := range 1500 {
			if i%100 == 0 || round == 0 {
				call(fmt.Sprint("T-", i))
			}
		}
		call(strings.Repeat("x", 1000))
	}
}

// TestA405SaysWhatIsAllowed, as RFC 9110 demands.
func TestA405SaysWhatIsAllowed(t *testing.T) {
	m := acme.New(t, nil)
	if a := m.Do("PUT", "/tickets/open/notes", ""); a.Status != 405 || a.Header.Get("Allow") != "POST" {
		t.Errorf("%d, Allow: %q", a.Status, a.Header.Get("Allow"))
	}
}
