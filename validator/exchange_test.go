package validator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// call is a partner's request as JSON, answered with 200.
func call(method, address, body string) *traffic.Exchange {
	return &traffic.Exchange{
		Caller:   traffic.Partner,
		Request:  traffic.Request{Method: method, URL: address, Header: http.Header{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(body), 0)},
		Response: &traffic.Response{Status: 200},
	}
}

func judged(v *Validator, e *traffic.Exchange) string {
	v.Exchange(e)
	var lines []string
	for _, f := range e.Findings {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Part, f.Severity, f.Code, f.Pointer)))
	}
	return strings.Join(lines, "\n")
}

func TestRequestIsJudged(t *testing.T) {
	v := acme(t)
	for name, c := range map[string]struct {
		change func(e *traffic.Exchange)
		want   string
	}{
		"valid":              {func(*traffic.Exchange) {}, ""},
		"no content type":    {func(e *traffic.Exchange) { e.Request.Header.Del("Content-Type") }, "request warn content-type.missing header:Content-Type"},
		"other content type": {func(e *traffic.Exchange) { e.Request.Header.Set("Content-Type", "text/plain") }, "request error content-type.unexpected header:Content-Type"},
		"odd content type":   {func(e *traffic.Exchange) { e.Request.Header.Set("Content-Type", "Application/JSON ; ;") }, ""},
		"two content types":  {func(e *traffic.Exchange) { e.Request.Header.Add("Content-Type", "text/plain") }, "request error content-type.repeated header:Content-Type"},
		"broken parameters":  {func(e *traffic.Exchange) { e.Request.Header.Set("Content-Type", "application/json; charset=;;=") }, "request warn content-type.syntax header:Content-Type"},
		"half a parameter":   {func(e *traffic.Exchange) { e.Request.Header.Set("Content-Type", "application/json; charset") }, "request warn content-type.syntax header:Content-Type"},
		"charset":            {func(e *traffic.Exchange) { e.Request.Header.Set("Content-Type", "application/json; charset=UTF-8") }, ""},
		"other charset":      {func(e *traffic.Exchange) { e.Request.Header.Set("Content-Type", "application/json; charset=cp1251") }, "request warn content-type.charset header:Content-Type"},
		"no tenant":          {func(e *traffic.Exchange) { e.Request.Header.Del("X-Tenant") }, "request error parameter.required header:X-Tenant"},
		"no locale":          {func(e *traffic.Exchange) { e.Request.URL = "/v1/tickets?Locale=x" }, "request error parameter.required query:locale\nrequest info parameter.undocumented query:Locale"},
		"no body":            {func(e *traffic.Exchange) { e.Request.Body = traffic.Body{} }, "request error body.missing"},
		"cut body":           {func(e *traffic.Exchange) { e.Request.Body.Size++ }, "request info body.cut"},
		"body not kept":      {func(e *traffic.Exchange) { e.Request.Body.Kept = nil }, "request info body.cut"},
		"broken body":        {func(e *traffic.Exchange) { e.Request.Body = traffic.NewBody([]byte("{"), 0) }, "request error json.syntax"},
	} {
		e := call("POST", "/v1/tickets?locale=en", ticket+"}")
		e.Request.Header.Set("X-Tenant", "t1")
		e.Response = &traffic.Response{Status: 204}
		c.change(e)
		if got := judged(v, e); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestBodyOfAnOperationWithoutOne(t *testing.T) {
	e := call("GET", "/v1/tickets/latest", "{}")
	if got := judged(acme(t), e); got != "request info body.unexpected" {
		t.Errorf("got %s", got)
	}
}

func TestResponseIsJudged(t *testing.T) {
	v := acme(t)
	answer := func(status int, kind, body string) *traffic.Response {
		r := &traffic.Response{Status: status, Header: http.Header{}, Body: traffic.NewBody([]byte(body), 0)}
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		return r
	}
	o := v.contract.Operation("operations/createTicket")
	for _, c := range []struct {
		response *traffic.Response
		want     string
	}{
		{answer(201, "application/json", `{"id":"1"}`), ""},
		{answer(201, "application/json", `{}`), "error body.required /id"},
		{answer(201, "text/html", `<p>ok`), "error content-type.unexpected header:Content-Type\nerror json.syntax"},
		{answer(201, "", ``), "error json.empty"},
		{answer(204, "", ``), ""},
		{answer(400, "application/problem+json", `{}`), ""},
		{answer(400, "application/json", `{}`), "warn content-type.unexpected header:Content-Type"},
		{answer(500, "application/json", `{}`), "error response.status"},
		{nil, "error exchange.no-response"},
	} {
		found := v.Response(o, c.response)
		if got := brief(found); got != c.want {
			t.Errorf("%+v\n got %s\nwant %s", c.response, got, c.want)
		}
	}
	status := only(t, v.Response(o, answer(500, "", "")))
	if status.Expected != "201, 204 or 400" || status.Actual != "500" || status.Requirement != "ACME-001" {
		t.Errorf("got %+v", status)
	}
}

// A default response documents every status that is not listed, body and content
// type included.
func TestDefaultResponseIsJudged(t *testing.T) {
	document := strings.Replace(oneOperation, `{"200": {description: Done}}`, `{"200": {description: Done}, `+
		`default: {description: Not done, content: {application/json: {x-evidence: assumed, schema: {$ref: ./schemas/one.schema.json}}}}}`, 1)
	c, err := specs.Load(fstest.MapFS{
		"openapi.yaml":            {Data: []byte(document)},
		"schemas/one.schema.json": {Data: []byte("{" + draft7 + `, "required": ["why"]}`)},
	}, "one")
	v := validatorOf(t, c, err)
	for _, test := range []struct {
		status     int
		kind, body string
		want       string
	}{
		{200, "", "", ""},
		{418, "application/json", `{"why":"tea"}`, ""},
		{500, "application/json", `{}`, "error body.required /why"},
		{404, "text/plain", `{"why":"none"}`, "warn content-type.unexpected header:Content-Type"},
	} {
		r := &traffic.Response{Status: test.status, Header: http.Header{"Content-Type": {test.kind}}, Body: traffic.NewBody([]byte(test.body), 0)}
		if got := brief(v.Response(c.Operation("operations/one"), r)); got != test.want {
			t.Errorf("%d %s: got %q, want %q", test.status, test.body, got, test.want)
		}
	}
}

// What 3Dolphins documents of an answer to its event is nothing at all.
func TestAnyAnswerToAnEventOf3DolphinsIsAllowed(t *testing.T) {
	v := shipped(t, "3dolphins")
	c := v.contract
	for _, status := range []int{200, 206, 302, 418, 503} {
		if found := v.Response(c.Operation("events/incoming"), &traffic.Response{Status: status, Body: traffic.NewBody([]byte("ok"), 0)}); len(found) > 0 {
			t.Errorf("%d: %s", status, brief(found))
		}
	}
	o := c.Operation("operations/outgoing")
	if f := only(t, v.Response(o, &traffic.Response{Status: 418})); f.Code != "response.status" {
		t.Errorf("an answer of the vendor's: %+v", f)
	}
}

func TestNoResponseSaysWhy(t *testing.T) {
	e := call("POST", "/v1/calls", `{"action":"stop","id":"1"}`)
	e.Response, e.Error = nil, "connection refused"
	acme(t).Exchange(e)
	if f := only(t, e.Findings); f.Code != "exchange.no-response" || f.Actual != "connection refused" || f.Part != traffic.InResponse {
		t.Errorf("got %+v", f)
	}
}
