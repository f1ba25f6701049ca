package mockserver_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/traffic"
)

func TestDefectsOfABehaviourAreHarnessErrors(t *testing.T) {
	for _, test := range []struct {
		title  string
		handle func(*mockserver.Call) mockserver.Reply
		status int
		code   string
	}{
		{"a panic", func(*mockserver.Call) mockserver.Reply { panic("oh") }, 500, "mock.panic"},
		{"an undocumented status", func(*mockserver.Call) mockserver.Reply { return mockserver.Reply{Status: 418} }, 418, "response.status"},
		{"a body against the contract", func(*mockserver.Call) mockserver.Reply {
			return mockserver.Reply{Status: 200, Body: map[string]any{"id": 5}}
		}, 200, "body.type"},
	} {
		t.Run(test.title, func(t *testing.T) {
			server, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: acme.Contract(), Play: func(*mockserver.Stage) mockserver.Behaviour {
				return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{"ticket": test.handle}}
			}})
			if err != nil {
				t.Fatal(err)
			}
			a := httptest.NewRecorder()
			server.ServeHTTP(a, httptest.NewRequest("GET", "/tickets/T-1", nil))
			e := server.Sandbox().Journal().Find(nil)[0]
			if a.Code != test.status || e.Worst() != traffic.HarnessError || e.Findings[0].Code != test.code {
				t.Errorf("answered %d with findings %+v", a.Code, e.Findings)
			}
			if n := a.Header().Get(mockserver.HeaderFindings); n != "1" {
				t.Errorf("the header counts %q findings", n)
			}
		})
	}
}

func TestAnAnswerThatIsNoJSONIsADefect(t *testing.T) {
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"ticket": func(*mockserver.Call) mockserver.Reply { return mockserver.Reply{Status: 200, Body: make(chan int)} },
		}}
	})
	if a := m.Do("GET", "/tickets/T-1", ""); a.Status != 500 || !strings.Contains(acme.Detail(t, a), "can't be written as JSON") {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
}

func TestParametersOfThePathAreUnescaped(t *testing.T) {
	m := acme.New(t, func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Channel: func(c *mockserver.Call) string { return c.Params["id"] }}
	})
	if e := m.Exchange(m.Do("GET", "/tickets/a%2Fb%20%D0%B6", "")); e.Channel != "a/b ж" || e.Request.URL != "/tickets/a%2Fb%20%D0%B6" {
		t.Errorf("journalled for channel %q with URL %s", e.Channel, e.Request.URL)
	}
}

// A behaviour may judge what schemas cannot, whoever answers then.
func TestJudge(t *testing.T) {
	doubtful := traffic.Finding{Code: mockserver.CodeDoubtful, Severity: traffic.Warn, Part: traffic.InRequest, Pointer: "/text"}
	play := func(*mockserver.Stage) mockserver.Behaviour {
		return mockserver.Behaviour{Judge: func(c *mockserver.Call) {
			if c.Document.Text("/text") == "hm" {
				c.Findings = append(c.Findings, doubtful)
			}
		}}
	}
	m := acme.New(t, play)
	m.Fault(fault.Rule{Operation: "note", Status: 422, Where: map[string]any{"more": true}})
	for body, want := range map[string]struct {
		status   int
		findings string
	}{
		`{"text": "yes"}`:              {201, "0"},
		`{"text": "hm"}`:               {201, "1"},
		`{"text": "hm", "more": true}`: {422, "1"},
	} {
		a := m.Do("POST", "/tickets/1/notes", body)
		if a.Status != want.status || a.Header.Get(mockserver.HeaderFindings) != want.findings {
			t.Errorf("%s: answered %d with %s findings, want %d with %s", body, a.Status, a.Header.Get(mockserver.HeaderFindings), want.status, want.findings)
		}
		if found := m.Exchange(a).Findings; want.findings == "1" && !slices.Contains(found, doubtful) {
			t.Errorf("%s: journalled with %+v", body, found)
		}
	}
}
