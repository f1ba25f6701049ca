package validator

import (
	"fmt"
	"net/http"
	"slices"
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

func TestOperationIsFound(t *testing.T) {
	v := acme(t)
	for _, c := range []struct{ method, url, body, operation, findings string }{
		{"POST", "/v1/calls", `{"action":"start","id":"1"}`, "operations/start", ""},
		{"POST", "/v1/calls?x=1", `{"action":"stop","id":"1"}`, "operations/stop", ""},
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
		"no locale":          {func(e *traffic.Exchange) { e.Request.URL = "/v1/tickets?Locale=x" }, "request error parameter.required query:locale"},
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

func TestAssumedContentTypeOnlyWarns(t *testing.T) {
	v := elma(t)
	o := v.contract.Operation("events/disconnect")
	body := `{"type":"disconnect","token":"","channelId":"c"}`
	r := &traffic.Request{Method: "POST", Header: http.Header{"Content-Type": {"text/plain"}}, Body: traffic.NewBody([]byte(body), 0)}
	f := only(t, v.Request(o, r, nil))
	if f.Code != "content-type.unexpected" || f.Severity != traffic.Warn || !strings.Contains(f.Hint, "assumes") {
		t.Errorf("got %+v", f)
	}
}

func TestFormAndMultipartRequests(t *testing.T) {
	v := acme(t)
	form := call("POST", "/v1/token", "grant_type=client_credentials")
	form.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := judged(v, form); got != "request error body.required /client_secret" {
		t.Errorf("form: got %s", got)
	}
	file := call("POST", "/v1/files", "--b\r\n\r\nx\r\n--b--")
	file.Request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if got := judged(v, file); got != "" {
		t.Errorf("multipart: got %s", got)
	}
	for _, c := range []struct{ kind, body, want string }{
		{"multipart/form-data; boundary=b", "--b\r\n\r\nx", "request error multipart.syntax"},
		{"multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b", "request error multipart.syntax"},
		{"multipart/form-data; boundary=b", "x", "request error multipart.syntax"},
		{"multipart/form-data; boundary=b", "--b--", "request error multipart.syntax"},
		{"multipart/form-data; boundary=other", "--b\r\n\r\nx\r\n--b--", "request error multipart.syntax"},
		{"multipart/form-data", "--b\r\n\r\nx\r\n--b--", "request error content-type.boundary header:Content-Type"},
		{"multipart/form-data; boundary=\"\"", "--b\r\n\r\nx\r\n--b--", "request error content-type.boundary header:Content-Type"},
		{"multipart/form-data; boundary=b", "--b\n\nx\n--b--\n", ""},
	} {
		e := call("POST", "/v1/files", c.body)
		e.Request.Header.Set("Content-Type", c.kind)
		if got := judged(v, e); strings.TrimSpace(got) != c.want {
			t.Errorf("%s with %q: got %s, want %s", c.kind, c.body, got, c.want)
		}
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
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
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

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		v    *Validator
		body string
		want string
	}{
		{acme(t), `{"action":"start","id":"1"}`, "operations/start"},
		{acme(t), `{"action":"strat","id":"1"}`, "operations/start"},
		{acme(t), `{"event":"closed"}`, "events/closed"},
		{acme(t), `{"id":"1","body":"x"}`, "answers/ticket"},
		{acme(t), `{"wholly":"unknown"}`, ""},
		{acme(t), `[1]`, ""},
		{acme(t), `{`, ""},
		{elma(t), `{"type":"message","token":"","channelId":"c","data":{"targetChatId":"1","text":"a"}}`, "events/message"},
		{elma(t), `{"type":"message","token":"","data":{"externalMessageId":"1","text":"a"}}`, "operations/message"},
		{elma(t), `{"type":"disconnect","token":""}`, "operations/disconnect"},
		{elma(t), `{"type":"disconnect","token":"","channelId":"c"}`, "events/disconnect"},
		{elma(t), `{"type":"userInfo","token":"","data":{"userId":"1"}}`, "events/userInfo operations/userInfo"},
	} {
		if got := strings.Join(c.v.Guess(Decode([]byte(c.body))), " "); got != c.want {
			t.Errorf("%s is taken for %s, want %s", c.body, got, c.want)
		}
	}
}

// A sample is taken for its own payload, or for one that it fits as well.
func TestGuessKnowsSamples(t *testing.T) {
	forEachSample(t, func(t *testing.T, v *Validator, p *payload, d *Document) {
		guessed := v.Guess(d)
		if kindOf(d.Value) != "object" || len(p.outline.properties) == 0 {
			t.Skip("its payload is open")
		}
		for _, name := range guessed {
			if name == p.name {
				return
			}
			for _, f := range v.Payload(name, d) {
				if f.Severity.AtLeast(traffic.Error) {
					t.Errorf("taken for %v, although %s has %s %s", guessed, name, f.Code, f.Pointer)
				}
			}
		}
		if len(guessed) == 0 {
			t.Error("taken for nothing")
		}
	})
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

func TestSecretsOfAContract(t *testing.T) {
	v := acme(t)
	if got := strings.Join(Redaction(v.Contract(), elma(t).Contract()).Names, " "); got != "apiKey client_secret token" {
		t.Errorf("got %s", got)
	}
	if got := Redaction(); len(got.Names) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestValidatorIsSafeForConcurrentUse(t *testing.T) {
	v := acme(t)
	bodies := []string{ticket + "}", ticket + `,"priority":"x"}`, `{"title":"aa","createdAt":1,"contact":{"kind":"fax"}}`, `{'a':1`}
	want := make([]string, len(bodies))
	for i, body := range bodies {
		want[i] = brief(acme(t).Payload("operations/ticket", Decode([]byte(body))))
	}
	done := make(chan string)
	for range 8 {
		go func() {
			for range 20 {
				for i, body := range bodies {
					if got := brief(v.Payload("operations/ticket", Decode([]byte(body)))); got != want[i] {
						done <- got
						return
					}
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if got := <-done; got != "" {
			t.Errorf("got %s", got)
		}
	}
}

func TestEveryCodeIsListedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		if seen[c.Code] || c.Text == "" || !strings.HasSuffix(c.Text, ".") || !slices.Contains([]traffic.Severity{traffic.Error, traffic.Warn, traffic.Info}, c.Severity) {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
	}
	for kind, rule := range rules {
		if rule.code != "" && !seen[rule.code] {
			t.Errorf("%s gives %s, which is not listed", kind, rule.code)
		}
	}
}
