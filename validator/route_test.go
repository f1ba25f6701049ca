package validator

import (
	"slices"
	"testing"

	"github.com/parleykit/parley/traffic"
)

func TestOperationIsFound(t *testing.T) {
	v := acme(t)
	for _, c := range []struct{ method, url, body, operation, findings string }{
		{"POST", "/v1/calls", `{"action":"start","id":"1"}`, "operations/start", ""},
		{"POST", "/v1/calls?x=1", `{"action":"stop","id":"1"}`, "operations/stop", "request info parameter.undocumented query:x"},
		{"POST", "http://localhost:7357/v1/calls", `{"action":"stop","id":"1"}`, "operations/stop", ""},
		{"POST", "https://acme.example/base/v1/calls", `{"action":"stop","id":"1"}`, "operations/stop", ""},
		{"GET", "/v1/tickets/latest", ``, "operations/latestTicket", ""},
		{"GET", "/v1/tickets/a%2Fb", ``, "operations/getTicket", "response error json.empty"},
		{"POST", "/v1/calls", `{"action":"stop"}`, "operations/stop", "request error body.required /id"},
		{"POST", "/v1/calls", `{"action":"strat","id":"1"}`, "", "request error operation.unknown /action"},
		{"POST", "/v1/calls", `{"id":"1"}`, "", "request error operation.unknown /action"},
		{"POST", "/v1/calls", `{"action":"stop"`, "", "request error json.syntax\nrequest error operation.unknown /action"},
		{"POST", "/v1/calls", ``, "", "request error json.empty\nrequest error operation.unknown /action"},
		{"PUT", "/v1/calls", `{}`, "", "request error operation.method"},
		{"POST", "/v1/nowhere", `{}`, "", "request error operation.path"},
		{"POST", "/%zz", `{}`, "", "request error operation.path"},
		{"POST", "/v1/files", `{}`, "operations/upload", "request error content-type.unexpected header:Content-Type"},
	} {
		e := call(c.method, c.url, c.body)
		if got := judged(v, e); got != c.findings || e.Operation != c.operation {
			t.Errorf("%s %s %s\n got %q, %s\nwant %q, %s", c.method, c.url, c.body, e.Operation, got, c.operation, c.findings)
		}
	}
}

func TestHintsAtTheOperation(t *testing.T) {
	v := acme(t)
	for _, c := range []struct{ method, url, body, expected, hint string }{
		{"POST", "/v1/calls/", `{}`, "one of the 6 paths of the contract", "leave the slash at the end out"},
		{"POST", "/v1/call", `{}`, "one of the 6 paths of the contract", "did you mean calls instead of call?"},
		{"POST", "/v1/Calls", `{}`, "one of the 6 paths of the contract", "did you mean calls instead of Calls?"},
		{"POST", "//v1/calls", `{}`, "one of the 6 paths of the contract", "the path has an empty segment; was a base URL that ends in a slash joined with it?"},
		{"POST", "/api/v1/calls", `{}`, "one of the 6 paths of the contract", "the path of the contract begins after /api"},
		{"GET", "/v1/nothing/like/it", ``, "one of the 6 paths of the contract", ""},
		{"PATCH", "/v1/calls", `{}`, "POST", ""},
		{"POST", "/v1/calls", `{"action":"strat"}`, "start or stop", "did you mean start?"},
		{"POST", "/v1/calls", `{"Action":"start"}`, "start or stop", `the key is written "Action" here; keys are case-sensitive: write "action"`},
		{"POST", "/v1/calls", `{"action":"xyz"}`, "start or stop", ""},
	} {
		e := call(c.method, c.url, c.body)
		v.Exchange(e)
		if f := e.Findings[0]; f.Expected != c.expected || f.Hint != c.hint {
			t.Errorf("%s %s %s: got %q, %q; want %q, %q", c.method, c.url, c.body, f.Expected, f.Hint, c.expected, c.hint)
		}
	}
	e := call("POST", "/api/messengers/external/other/webhook", `{"type":"disconnect","token":""}`)
	elma(t).Exchange(e)
	if f := e.Findings[0]; f.Hint != "the last segment is missing: {channelId}" {
		t.Errorf("got %+v", f)
	}
}

// TestAWrongPathWhereAParameterMayStand: a template takes any text there, and only the
// method tells that another path is meant.
func TestAWrongPathWhereAParameterMayStand(t *testing.T) {
	v := shipped(t, "3dolphins")
	const graph = "/dolphin/apiv1/graph"
	for _, c := range []struct{ method, path, expected, hint string }{
		{"PUT", "/tickets/close", "GET", "did you mean PUT " + graph + "/tickets/update/close?"},
		{"POST", "/tickets/file", "GET", "did you mean POST " + graph + "/tickets/files?"},
		{"POST", "/tickets/media", "GET", "did you mean POST " + graph + "/tickets/files/media?"},
		{"POST", "/tickets/files/medias", "GET", "did you mean POST " + graph + "/tickets/files/media?"},
		{"PUT", "/tickets/5", "GET", ""},
		{"POST", "/tickets/update/5", "PUT", ""},
		{"PATCH", "/tickets/close", "GET", ""},
		{"PUT", "/tickets/files", "POST", ""},
	} {
		e := call(c.method, graph+c.path, "")
		v.Exchange(e)
		if f := e.Findings[0]; f.Code != "operation.method" || f.Expected != c.expected || f.Hint != c.hint {
			t.Errorf("%s %s: got %+v", c.method, c.path, f)
		}
	}
}

func TestEventIsFoundByItsBody(t *testing.T) {
	v := acme(t)
	for _, c := range []struct{ method, body, operation, findings string }{
		{"POST", `{"event":"opened","ticketId":"1"}`, "events/opened", ""},
		{"POST", `{"event":"closed","ticketId":"1","reason":"x"}`, "events/closed", ""},
		{"POST", `{"event":"closed"}`, "events/closed", "request error body.required /ticketId"},
		{"POST", `{"event":"close","ticketId":"1"}`, "", "request error operation.unknown /event"},
		{"PUT", `{"event":"closed","ticketId":"1"}`, "", "request error operation.method"},
	} {
		e := call(c.method, "http://localhost:3000/my/webhook", c.body)
		e.Caller = traffic.Vendor
		if got := judged(v, e); got != c.findings || e.Operation != c.operation {
			t.Errorf("%s %s\n got %q, %s\nwant %q, %s", c.method, c.body, e.Operation, got, c.operation, c.findings)
		}
	}
}

// Every documented sample of a request is recognised as its operation or event.
func TestSamplesAreRecognised(t *testing.T) {
	v := elma(t)
	for _, o := range slices.Concat(v.contract.Operations, v.contract.Events) {
		for _, s := range v.contract.Payloads[o.Payload].Samples {
			e := call(o.Method, "/api/messengers/external/other/webhook/c1", string(s.Body))
			if o.Event {
				e.Caller, e.Request.URL = traffic.Vendor, "http://localhost:3000/"
			}
			if o.Responses[200].Payload != "" {
				e.Response.Body, e.Response.Header = traffic.NewBody([]byte("{}"), 0), e.Request.Header
			}
			if got := judged(v, e); e.Operation != o.Name() || got != "" {
				t.Errorf("%s is taken for %q: %s", s.File, e.Operation, got)
			}
		}
	}
}

func TestSelectAmongEvents(t *testing.T) {
	v := elma(t)
	o, found := v.Select(v.contract.Events, Decode([]byte(`{"type":"markAsRead"}`)))
	if o == nil || o.ID != "markAsRead" || len(found) > 0 {
		t.Errorf("got %v, %s", o, brief(found))
	}
	o, found = v.Select(v.contract.Events, Decode([]byte(`{"type":"MarkAsRead"}`)))
	if f := only(t, found); o != nil || f.Hint != "did you mean markAsRead?" || f.Line != 1 || f.Column != 9 {
		t.Errorf("got %v, %+v", o, f)
	}
	if o, found = v.Select(nil, Decode([]byte(`{}`))); o != nil || len(found) != 1 {
		t.Errorf("among nothing: got %v, %s", o, brief(found))
	}
}
