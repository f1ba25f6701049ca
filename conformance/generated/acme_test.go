package generated_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// TestAVendorIsOneFolder: of Acme Desk there is no Go at all, and yet it is loaded,
// its bodies are judged, it is played, and its partners are judged.
func TestAVendorIsOneFolder(t *testing.T) {
	c := acme(t)
	if len(c.Operations) != 2 || len(c.Events) != 2 || len(c.Requirements) != 4 || c.Chosen("ACME-R-01") != "may-be-missing" {
		t.Errorf("loaded %d operations, %d events, %d requirements", len(c.Operations), len(c.Events), len(c.Requirements))
	}
	t.Run("validation", func(t *testing.T) { judgeSamples(t, c) })
	t.Run("reading", func(t *testing.T) {
		always, err := c.WithReadings(map[string]string{"ACME-R-01": "always"})
		if err != nil {
			t.Fatal(err)
		}
		if found := errorsIn(t, always, "events/ticketAnswered", `{"event": "ticketAnswered", "ticketId": "T-1", "answer": "x"}`); found != "body.required /agent" {
			t.Errorf("without agent: %s", found)
		}
	})
	t.Run("mock", func(t *testing.T) { callMock(t, c) })
	t.Run("checks", func(t *testing.T) {
		if report := run(t, c, "", ""); report.Outcome != conformance.OutcomePassed || report.Counts[conformance.VerdictPass] < 19 {
			t.Errorf("outcome %s, %v", report.Outcome, report.Counts)
		}
		if report := run(t, c, "answers-201", "", "ticketAnswered/sample/*"); report.Outcome != conformance.OutcomeFailed {
			t.Errorf("a defective partner: outcome %s", report.Outcome)
		}
	})
}

// judgeSamples: every sample is valid, and what breaks the schemas is found.
func judgeSamples(t *testing.T, c *specs.Contract) {
	for _, name := range c.PayloadNames() {
		for _, s := range c.Payloads[name].Samples {
			if found := errorsIn(t, c, name, string(s.Body)); found != "" {
				t.Errorf("%s: %s", s.File, found)
			}
		}
	}
	for body, want := range map[string]string{
		`{"event": "ticketAnswered", "ticketId": "T-1"}`:                             "body.required /answer",
		`{"event": "ticketClosed", "ticketId": "T-1", "answer": "x"}`:                "body.const /event",
		`{"event": "ticketAnswered", "ticketId": 1, "answer": "x"}`:                  "body.type /ticketId",
		`{"event": "ticketAnswered", "ticketId": "T-1", "answer": "x", "agent": {}}`: "body.required /agent/name",
		`{"event": "ticketAnswered", "ticketId": "T-1", "answer": "x",}`:             "json.syntax ",
	} {
		if found := errorsIn(t, c, "events/ticketAnswered", body); found != want {
			t.Errorf("%s: %s, want %s", body, found, want)
		}
	}
}

// errorsIn are the code and the pointer of the worst finding of severity error.
func errorsIn(t *testing.T, c *specs.Contract, payload, body string) string {
	t.Helper()
	v, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Payload(payload, validator.Decode([]byte(body))) {
		if f.Severity.AtLeast("error") {
			return f.Code + " " + f.Pointer
		}
	}
	return ""
}

// callMock: the mock without memory finds operations by path and method, judges
// calls, and answers from samples.
func callMock(t *testing.T, c *specs.Contract) {
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: c})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mock)
	defer server.Close()
	const ticket = `{"subject": "Printer", "text": "It is blue."}`
	for _, test := range []struct {
		name, method, path, body, prefer string
		status                           int
		says, operation                  string
	}{
		{"a path parameter", "GET", "/tickets/T-7", "", "", 200, `"state": "open"`, "operations/getTicket"},
		{"another value of it", "GET", "/tickets/a%2Fb", "", "", 200, `"state": "open"`, "operations/getTicket"},
		{"another sample", "GET", "/tickets/T-7", "", "example=closed", 200, `"state": "closed"`, "operations/getTicket"},
		{"a documented 404", "GET", "/tickets/T-9", "", "code=404", 404, "There is no ticket T-9.", "operations/getTicket"},
		{"an undocumented status", "GET", "/tickets/T-9", "", "code=210", 400, "documented: 200, 404", "operations/getTicket"},
		{"an undocumented error", "GET", "/tickets/T-9", "", "code=410", 410, "", "operations/getTicket"},
		{"a good body", "POST", "/tickets", ticket, "", 201, `"id": "T-1"`, "operations/openTicket"},
		{"a documented 500", "POST", "/tickets", ticket, "code=500", 500, "", "operations/openTicket"},
		{"a bad body", "POST", "/tickets", `{"subject": 1}`, "", 400, `"error"`, "operations/openTicket"},
		{"no body", "POST", "/tickets", "", "", 400, `"error"`, "operations/openTicket"},
		{"a documented 405", "DELETE", "/tickets", "", "", 405, "", ""},
		{"no such path", "GET", "/ticket", "", "", 404, "served are", ""},
	} {
		request, err := http.NewRequest(test.method, server.URL+test.path, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Prefer", test.prefer)
		if test.body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		e, _ := mock.Sandbox().Journal().Get(response.Header.Get(mockserver.HeaderExchange))
		if e == nil || response.StatusCode != test.status || !strings.Contains(string(text), test.says) || e.Operation != test.operation {
			t.Errorf("%s: %d %s (%+v)", test.name, response.StatusCode, text, e)
		}
		if e != nil && e.Worst() == "harness_error" {
			t.Errorf("%s: the mock's own answer: %v", test.name, e.Findings)
		}
	}
}
