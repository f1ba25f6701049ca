package control_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// judged asks for the findings of a body.
func (c *controlled) judged(request string) []traffic.Finding {
	c.t.Helper()
	var answer struct{ Findings []traffic.Finding }
	c.into(&answer, 200, "POST", "judge", request)
	return answer.Findings
}

func testJudge(t *testing.T, c *controlled) {
	for _, test := range []struct {
		request, code, pointer string
		part                   traffic.Part
		line, column           int
	}{
		{`{"vendor":"acme","operation":"operations/note","text":"{\"text\": \"x\"}"}`, "", "", "", 0, 0},
		{`{"operation":"operations/note","text":"{\n  \"text\": 5}"}`, "body.type", "/text", traffic.InRequest, 2, 11},
		{`{"operation":"operations/note","text":"{\n  \"text\": "}`, "json.syntax", "", traffic.InRequest, 2, 11},
		{`{"operation":"operations/note","text":""}`, "body.missing", "", traffic.InRequest, 0, 0},
		{`{"operation":"operations/note","contentType":"text/csv","text":"{\"text\": \"x\"}"}`, "content-type.unexpected", "header:Content-Type", traffic.InRequest, 0, 0},
		{`{"operation":"operations/ticket","text":"{}"}`, "body.unexpected", "", traffic.InRequest, 0, 0},
		{`{"operation":"operations/ticket","part":"response","status":200,"text":"{}"}`, "body.required", "/id", traffic.InResponse, 1, 1},
		{`{"operation":"operations/ticket","part":"response","status":404,"text":"{\"error\":\"no\"}"}`, "", "", "", 0, 0},
		{`{"operation":"operations/ticket","part":"response","status":418,"text":"{}"}`, "response.status", "", traffic.InResponse, 0, 0},
		{`{"operation":"events/changed","part":"request","text":"{\"ticket\": \"T-1\"}"}`, "", "", "", 0, 0},
	} {
		found := c.judged(test.request)
		if test.code == "" {
			if len(found) != 0 {
				t.Errorf("%s: found %v", test.request, found)
			}
			continue
		}
		if len(found) == 0 {
			t.Errorf("%s: found nothing, want %s", test.request, test.code)
			continue
		}
		f := found[0]
		if f.Code != test.code || f.Pointer != test.pointer || f.Part != test.part || f.Line != test.line || f.Column != test.column {
			t.Errorf("%s: found %s of the %s at %q, line %d, column %d; want %+v", test.request, f.Code, f.Part, f.Pointer, f.Line, f.Column, test)
		}
	}
	if found := c.judged(`{"operation":"events/changed","text":"{\"ticket\": {\"secret\": \"hunter2hunter2\"}}"}`); strings.Contains(fmt.Sprint(found), "hunter2") {
		t.Errorf("a finding shows a secret: %v", found)
	}
	for body, says := range map[string]string{
		`{"operation":"events/nope","text":""}`:                                      `Acme has no operation or event "events/nope"; it has operations/ticket, `,
		`{"vendor":"x","operation":"events/changed","text":""}`:                      "vendor=x is none; the mock plays acme",
		`{"operation":"events/changed","part":"body","text":""}`:                     `part is "body"; write request, which it is without one, or response`,
		`{"operation":"events/changed","part":"response","text":""}`:                 "status is 0; give that of the response, such as 200",
		`{"operation":"events/changed","status":200,"text":""}`:                      `a request has no status; leave it out, or judge the response with "part": "response"`,
		`{"operation":"events/changed","text":{}}`:                                   "takes: text: expected a string, got an object",
		`{"operation":"events/changed","text":"` + strings.Repeat("x", 1<<20) + `"}`: "the body is larger than 1048576 bytes",
	} {
		status := 400
		if len(body) > 1<<20 {
			status = 413
		}
		c.refused(status, "POST", "judge", body, says)
	}
}

type draft struct {
	Vendor, Event, Channel, Method, URL string
	Header                              map[string][]string
	Body                                json.RawMessage
	Findings                            []traffic.Finding
}

func testCompose(t *testing.T, c *controlled, p *mocktest.Partner) {
	before, sent := len(p.Received()), len(c.Sandbox().Deliveries())
	var d draft
	c.into(&d, 200, "POST", "compose", `{"event":"changed","set":{"ticket":"T-6"}}`)
	if d.Vendor != "acme" || d.Event != "changed" || d.Channel != "first" || d.Method != "POST" || d.URL != p.URL || len(d.Findings) != 0 {
		t.Errorf("composed %+v", d)
	}
	if text := string(d.Body); !strings.Contains(text, `"ticket":"T-6"`) || strings.Contains(text, "s3cr3t") {
		t.Errorf("composed %s", text)
	}
	c.into(&d, 200, "POST", "compose", `{"event":"changed","set":{"ticket":7}}`)
	if len(d.Findings) != 1 || d.Findings[0].Code != "body.type" || d.Findings[0].Pointer != "/ticket" {
		t.Errorf("of a body that breaks the contract is said %v", d.Findings)
	}
	c.into(nil, 201, "POST", "channels", `{"id":"quiet"}`)
	sent++
	d = draft{}
	if c.into(&d, 200, "POST", "compose", `{"event":"changed","channel":"quiet"}`); d.URL != "" {
		t.Errorf("a channel without a URL sends to %q", d.URL)
	}
	c.into(nil, 204, "DELETE", "channels/quiet", "")
	c.refused(400, "POST", "compose", `{"event":"chnged"}`, "it sends changed")
	c.refused(400, "POST", "compose", `{"event":"changed","wait":true}`, `unknown field "wait"`)
	c.refused(400, "POST", "compose", `{"event":"changed","to":"http://elsewhere.example/"}`, "further targets are not allowed")
	c.refused(400, "POST", "compose", `{"event":"changed","sample":"nope"}`, `no sample "nope"`)
	c.refused(404, "POST", "compose", `{"event":"changed","channel":"nope"}`, `no channel "nope"`)
	if len(p.Received()) != before || len(c.Sandbox().Deliveries()) != sent {
		t.Errorf("composing sent something: %d and %d", len(p.Received())-before, len(c.Sandbox().Deliveries())-sent)
	}
}
