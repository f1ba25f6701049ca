package validator

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parleykit/parley/traffic"
)

// desk has credentials that no operation demands, an event that is signed, and queries in
// which objects stand.
const desk = `openapi: 3.1.0
info: {title: Desk, version: "1"}
x-parley: {id: desk, sources: {page: {url: "https://vendor.example/page"}}, signature: standard-webhooks}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Api-Key}
    inQuery: {type: apiKey, in: query, name: api_key}
paths:
  /orders:
    get:
      operationId: orders
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: X-Tenant, in: header, schema: {type: string, maxLength: 20}}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object, properties: {state: {type: string}}}}
        - {name: "tag", in: query, schema: {type: array, items: {type: string}}}
      responses: {"200": {description: OK}}
    post:
      operationId: order
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: OK}}
  /search:
    get:
      operationId: search
      parameters: [{name: any, in: query, explode: true, schema: {type: object, additionalProperties: {type: string}}}]
      responses: {"200": {description: OK}}
webhooks:
  ordered:
    post:
      operationId: ordered
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: OK}}
`

func deskValidator(t testing.TB) *Validator {
	t.Helper()
	return loaded(t, fstest.MapFS{"openapi.yaml": {Data: []byte(desk)}}, "desk")
}

func deskCall(method, address string, header ...string) *traffic.Exchange {
	e := call(method, address, "")
	e.Request.Header = http.Header{}
	for _, one := range header {
		name, value, _ := strings.Cut(one, ": ")
		e.Request.Header.Set(name, value)
	}
	return e
}

func TestUndocumented(t *testing.T) {
	v := deskValidator(t)
	ignoring, err := v.IgnoringHeaders("x-shop-*", "X-Exact")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		url, header, want string
		judge             *Validator
	}{
		{"/orders?page=1&filter[state]=open&tag=a&tag=b&tag[]=c&api_key=k", "", "", v},
		{"/orders?pge=1", "", "parameter.undocumented query:pge did you mean page?", v},
		{"/orders?a=1&a=2&b", "", "parameter.undocumented query:a , parameter.undocumented query:b ", v},
		{"/orders?", "", "", v},
		{"/search?whatever=1", "", "", v},
		{"/orders", "X-Api-Key: k", "", v},
		{"/orders", "X-Tenat: k", "parameter.undocumented header:X-Tenat did you mean X-Tenant?", v},
		{"/orders", "X-Shop-Id: 1", "parameter.undocumented header:X-Shop-Id ", v},
		{"/orders", "X-Shop-Id: 1", "", ignoring},
		{"/orders", "X-Exact: 1", "", ignoring},
		{"/orders", "X-Exactly: 1", "parameter.undocumented header:X-Exactly ", ignoring},
		{"/orders", "Sec-Fetch-Mode: cors", "", v},
		{"/orders", "X-Forwarded-For: 192.0.2.1", "", v},
		{"/orders", "traceparent: 00-1-2-03", "", v},
		{"/orders", "Cookie: a=b", "", v},
	} {
		e := deskCall("GET", c.url, c.header)
		if c.header == "" {
			e.Request.Header = nil
		}
		c.judge.Exchange(e)
		var got []string
		for _, f := range e.Findings {
			if f.Code == codeUndocumented {
				got = append(got, f.Code+" "+f.Pointer+" "+f.Hint)
			}
			if f.Severity != traffic.Info {
				t.Errorf("%s %s: %s", c.url, c.header, f)
			}
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s %s: got %q, want %q", c.url, c.header, text, c.want)
		}
	}
	if _, err := v.IgnoringHeaders("[x"); err == nil || !strings.Contains(err.Error(), `"[x"`) {
		t.Errorf("got %v", err)
	}
}

// TestUndocumentedOfAnEvent: the headers of its signature are documented, and its query is
// the partner's own.
func TestUndocumentedOfAnEvent(t *testing.T) {
	e := call("POST", "https://partner.example/hook?key=1", "{}")
	e.Caller = traffic.Vendor
	for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature", "X-Other"} {
		e.Request.Header.Set(name, "1")
	}
	if got := judged(deskValidator(t), e); got != "request info parameter.undocumented header:X-Other" {
		t.Errorf("got %s", got)
	}
}

func TestSequence(t *testing.T) {
	v := deskValidator(t)
	s := v.Sequence()
	event := func(id, body string) *traffic.Exchange {
		e := call("POST", "https://partner.example/hook", body)
		e.Caller, e.Time = traffic.Vendor, time.Unix(0, 0)
		e.Request.Header.Set("webhook-id", id)
		return e
	}
	order := func(key, body string) *traffic.Exchange {
		e := call("POST", "/orders", body)
		e.Request.Header.Set("Idempotency-Key", key)
		return e
	}
	for i, c := range []struct {
		e    *traffic.Exchange
		want string
	}{
		{deskCall("GET", "/orders"), ""}, // nobody has carried one yet
		{deskCall("GET", "/orders", "X-Api-Key: k"), ""},
		{deskCall("GET", "/orders"), "request warn credential.omitted"},
		{deskCall("GET", "/orders?api_key=k"), ""},
		{deskCall("GET", "/search"), ""}, // another operation
		{deskCall("GET", "/search", "Authorization: "+traffic.Redacted), ""},
		{deskCall("GET", "/search"), "request warn credential.omitted"},
		{order("1", "{}"), ""},
		{order("1", "{}"), ""},
		{order("1", `{"a":1}`), "request warn exchange.id-reused header:Idempotency-Key"},
		{order("2", `{"a":1}`), ""},
		{order(traffic.Redacted, `{"a":1}`), ""},
		{order(traffic.Redacted, `{"a":2}`), ""},
		{event("1", "{}"), ""}, // an ID of events is none of calls
		{event("1", `{"a":1}`), "request warn exchange.id-reused header:Webhook-Id"},
		{event("2", `{"a":1}`), ""},
	} {
		c.e.Request.Header.Del("Content-Length")
		v.Exchange(c.e)
		n := len(c.e.Findings)
		s.Exchange(c.e)
		var got []string
		for _, f := range c.e.Findings[n:] {
			got = append(got, strings.TrimSpace(string(f.Part)+" "+string(f.Severity)+" "+f.Code+" "+f.Pointer))
		}
		if text := strings.Join(got, "\n"); text != c.want {
			t.Errorf("exchange %d: got %q, want %q", i+1, text, c.want)
		}
	}
}

// TestSequenceHasABound: IDs are forgotten after as many others as it keeps, and not before.
func TestSequenceHasABound(t *testing.T) {
	s := deskValidator(t).Sequence()
	s.remember("first", used{})
	for i := range maxIDs - 1 {
		s.remember(string(rune(i))+"a", used{})
	}
	s.remember("next", used{})
	if _, kept := s.previous["first"]; !kept || len(s.ids) != 1 {
		t.Errorf("%d and %d are kept", len(s.ids), len(s.previous))
	}
}
