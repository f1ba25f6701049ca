package generate

import (
	"cmp"
	"embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/markdown/links"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/proxy"
)

//go:embed findings.yaml
var shop embed.FS

// wrong is a call that has something wrong: its first line and its headers, as they are
// written, and its body. Answer is the status that it gets; 0 for 200.
type wrong struct {
	call, header, body string
	answer             int
	reply              string // the answer's body, which is plain text
	silent             bool   // no answer comes
	cut                bool   // only the beginning of the body was kept
	event              bool   // the vendor calls, and signs with secret
	before             *wrong // an exchange of the same capture that came earlier
}

// secret is what events are signed with, and when they come, so that what is found is the
// same each time.
const secret = "whsec_c2VjcmV0LW9mLXRoZS1zaG9w"

var eventTime = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// event is a delivery of the vendor's with such headers.
func event(headers ...string) wrong {
	return wrong{call: "POST https://you.example/webhook", header: strings.Join(append([]string{jsonType, "X-Kind: order"}, headers...), "\n"), body: `{"type": "paid", "order": "o1"}`, event: true}
}

// late is a delivery that was signed rightly, an hour before it came.
func late() wrong {
	w := event()
	scheme, _ := signature.Preset("standard-webhooks")
	keys, _ := scheme.Keys(secret) // it is one
	signed := scheme.Sign(signature.Delivery{ID: "m1", Time: eventTime.Add(-time.Hour), Body: []byte(w.body)}, keys...)
	for _, name := range []string{scheme.IDHeader, scheme.TimestampHeader, scheme.Header} {
		w.header += "\n" + name + ": " + signed.Get(name)
	}
	return w
}

const jsonType = "Content-Type: application/json"

// body is a call whose body alone is wrong.
func body(text string) wrong { return wrong{call: "POST /orders", header: jsonType, body: text} }

// query is a call whose query is wrong.
func query(text string) wrong {
	return wrong{call: "POST /orders?" + text, header: jsonType, body: `{"id": "o1"}`}
}

// endless is what a pattern that tries all ways to cut it does not come to the end of.
var endless = strings.Repeat("a", 40)

// wrongs are judged by findings.yaml. What each gives is not written here.
var wrongs = []wrong{
	{call: "POST /orders", header: jsonType}, body(" "), body("{\"id\": \"o1\",\n \"name\": \"Ada}"), body(`{"id": "o1"} x`), body(`{"id": "o1", "id": "o2"}`), body(`{"id": "\ud83d"}`), body("{\"id\": \"\xff\"}"),
	body(strings.Repeat("[", 12_000)),
	body(`{}`), body(`{"id": 1}`), body(`{"id": "o1", "unit": "box"}`), body(`{"id": "o1", "kind": "new"}`), body(`{"id": "o1", "code": "A1"}`), body(`{"id": "o1", "run": "` + endless + `!"}`),
	body(`{"id": "o1", "day": "27.11.2026"}`), body(`{"id": "o1", "name": "A"}`), body(`{"id": "o1", "name": "Minka"}`), body(`{"id": "o1", "count": 0}`),
	body(`{"id": "o1", "count": 10}`), body(`{"id": "o1", "step": 7}`), body(`{"id": "o1", "tags": []}`), body(`{"id": "o1", "tags": ["a", "b", "c", "d"]}`),
	body(`{"id": "o1", "tags": ["a", "a"]}`), body(`{"id": "o1", "ids": ["a"]}`), body(`{"id": "o1", "many": [1]}`), body(`{"id": "o1", "many": [1, 2, 3]}`),
	body(`{"id": "o1", "pair": ["a", "b"]}`), body(`{"id": "o1", "size": {}}`), body(`{"id": "o1", "size": {"a": 1, "b": 2, "c": 3}}`), body(`{"id": "o1", "closed": {"b": 1}}`),
	body(`{"id": "o1", "sealed": {"b": 1}}`), body(`{"id": "o1", "names": {"A1": "Ada"}}`), body(`{"id": "o1", "card": {"number": "1"}}`), body(`{"id": "o1", "one": true}`),
	body(`{"id": "o1", "any": true}`), body(`{"id": "o1", "other": "text"}`), body(`{"id": "o1", "colour": "red"}`),
	{call: "GET /orders/o1", header: "X-Shop: north\n" + jsonType, body: `{}`},
	{call: "POST /orders", body: `{"id": "o1"}`}, {call: "POST /orders", header: "Content-Type: text/plain", body: `{"id": "o1"}`},
	{call: "POST /orders", header: jsonType + "\n" + "Content-Type: text/plain", body: `{"id": "o1"}`}, {call: "POST /orders", header: "Content-Type: application/json; charset", body: `{"id": "o1"}`},
	{call: "POST /orders", header: "Content-Type: application/json; charset=latin1", body: `{"id": "o1"}`},
	{call: "POST /forms", header: "Content-Type: application/x-www-form-urlencoded", body: "a=%zz"}, {call: "POST /forms", header: "Content-Type: application/x-www-form-urlencoded", body: "a=1&a=2"},
	{call: "POST /files", header: "Content-Type: multipart/form-data", body: "--x"}, {call: "POST /files", header: "Content-Type: multipart/form-data; boundary=x", body: "--x\r\n\r\n1"},
	{call: "POST /files", header: "Content-Type: multipart/form-data; boundary=x", body: "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"},
	{call: "GET /orders/o1"}, query("page=%zz"), query("page=1&page=2"), query("page=two"), query("unit=box"), query("kind=new"), query("code=A1"), query("run=" + endless + "!"), query("day=27.11.2026"), query("code=a"),
	query("code=abcde"), query("page=0"), query("page=10"), query("step=7"), query("tags=a"), query("tags=a&tags=b&tags=c&tags=d"), query("tags=a&tags=a"),
	body(`{"id": "o1", "gone": 1}`), body(`{"id": "o1", "mood": "lout"}`), body(`{"id": "o1", "paid": 1772600767}`), query("gone=1"), query("mood=lout"), query("paid=1772600767"),
	{call: "GET /orders/o1", header: "X-Shop: north\nX-Shpo: south"},
	body(`{"id": "o1", "tags": [` + strings.Repeat("1, ", 200) + `1]}`),
	{call: "POST /orders", header: jsonType, body: `{"id": "o1", "name": "Ada"}`, cut: true},
	{call: "POST /files", header: "Content-Type: multipart/form-data; boundary=x", body: "--x\r\nContent-Disposition: form-data; name=picture\r\nContent-Type: image/gif\r\n\r\nGIF89a\r\n--x--\r\n"},
	{call: "POST /carts"}, {call: "GET /orders/o1", header: "X-Shop: north", before: &wrong{call: "GET /orders/o1", header: "X-Shop: north\nX-Key: k"}},
	{call: "POST /orders", header: jsonType + "\nIdempotency-Key: a1", body: `{"id": "o2"}`, before: &wrong{call: "POST /orders", header: jsonType + "\nIdempotency-Key: a1", body: `{"id": "o1"}`}},
	{call: "POST /hooks?challenge=x7", reply: "\"x7\""},
	{call: "POST /orders", header: jsonType, body: `{"id": "o1"}`, silent: true},
	event(), event("webhook-id: m1", "webhook-timestamp: soon", "webhook-signature: v1,AAAA"), event("webhook-id: m1", "webhook-timestamp: 1772600767", "webhook-signature: v1,"+strings.Repeat("A", 43)+"="),
	event("webhook-id: m1", "webhook-timestamp: 1772600767", "webhook-signature: [redacted]"), late(),
	{call: "POST https://you.example/webhook", header: jsonType + "\nX-Kind: ordre", body: `{"type": "paid", "order": "o1"}`, event: true},
	{call: "POST https://you.example/webhook", header: jsonType + "\nX-Kind: stock\nX-Topic: stock", body: `{"kind": "low"}`, event: true},
	{call: "GET /nowhere"}, {call: "DELETE /orders"}, {call: "GET /orders/o1", header: "X-Shop: north", answer: http.StatusTeapot},
	{call: "GET /orders/o1", header: "X-Shop: north\nUpgrade: websocket", answer: http.StatusSwitchingProtocols},
}

// example is a call, and a line of what was found in it.
type example struct{ call, finding string }

// examples judges what is wrong, and has the first finding of each code.
func examples() (map[string]example, error) {
	folder, err := openapi.Folder(shop, "findings.yaml", "shop")
	if err != nil {
		return nil, err
	}
	contract, err := specs.Load(folder, "shop")
	if err != nil {
		return nil, err
	}
	judge, err := validator.New(contract)
	if err != nil {
		return nil, err
	}
	if judge, err = judge.Verifying(secret); err != nil {
		return nil, err
	}
	found := map[string]example{}
	for _, w := range wrongs {
		capture := judge.Sequence()
		if w.before != nil {
			earlier := w.before.exchange()
			earlier.ID = "ex-000001"
			judge.Exchange(earlier)
			capture.Exchange(earlier)
		}
		e := w.exchange()
		judge.Exchange(e)
		capture.Exchange(e)
		w.keep(found, e.Findings)
	}
	return found, ran(found, judge)
}

// keep keeps the first finding of each code.
func (w wrong) keep(found map[string]example, findings []traffic.Finding) {
	for _, f := range findings {
		if _, known := found[f.Code]; !known {
			found[f.Code] = example{w.text(), f.String()}
		}
	}
}

func (w wrong) exchange() *traffic.Exchange {
	method, target, _ := strings.Cut(w.call, " ")
	e := &traffic.Exchange{
		ID: "ex-000002", Caller: traffic.Partner, Time: eventTime,
		Request:  traffic.Request{Method: method, URL: target, Header: w.headers(), Body: traffic.NewBody([]byte(w.body), 0)},
		Response: &traffic.Response{Status: cmp.Or(w.answer, http.StatusOK), Header: http.Header{}},
	}
	switch {
	case w.silent:
		e.Response = nil
	case w.reply != "":
		e.Response.Header.Set("Content-Type", "text/plain")
		e.Response.Body = traffic.NewBody([]byte(w.reply), 0)
	}
	if w.cut {
		e.Request.Body = traffic.NewBody([]byte(w.body), len(w.body)/2)
	}
	if w.event {
		e.Caller = traffic.Vendor
	}
	return e
}

func (w wrong) headers() http.Header {
	header := http.Header{}
	for line := range strings.SplitSeq(w.header, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			header.Add(name, value)
		}
	}
	return header
}

// text is the call as it is read; what is long is cut.
func (w wrong) text() string {
	text := w.call + "\n"
	if w.before != nil {
		text = strings.TrimRight(w.before.text(), "\n") + "\n\n" + text
	}
	if w.header != "" {
		text += w.header + "\n"
	}
	if w.body != "" {
		text += "\n" + strings.ToValidUTF8(w.body, "\uFFFD")
	}
	const enough = 300
	if len(text) > enough {
		text = text[:enough] + "…"
	}
	text = strings.ReplaceAll(text, "\r", "")
	switch {
	case w.reply != "":
		text += fmt.Sprintf("\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\n%s\n", w.reply)
	case w.answer != 0:
		text += fmt.Sprintf("\nHTTP/1.1 %d %s\n", w.answer, http.StatusText(w.answer))
	}
	return text
}

// Findings is the page of all codes: what a validator gives, and what a proxy and a mock
// give besides; with the requirements that findings of them name, by contract.
func Findings(contracts []*specs.Contract, named map[string]map[string][]string) (string, error) {
	found, err := examples()
	if err != nil {
		return "", err
	}
	var p Page
	p.Heading(1, "Finding codes")
	p.Paragraph("A finding is one deviation of an exchange from its contract. Its code is stable, so that tools may match on it; `parley validate --codes` lists them. An example is a call that was judged by the %s, and one line of what was found.", Link("shop's document", "../generate/findings.yaml"))
	listed := map[string]bool{}
	for _, group := range []struct {
		title string
		codes []validator.Code
	}{{"Of every exchange", validator.Codes()}, {"Of a proxy", proxy.Codes()}, {"Of a mock", mockserver.Codes()}} {
		p.Heading(2, group.title)
		for _, c := range slices.DeleteFunc(group.codes, func(c validator.Code) bool { return listed[c.Code] }) {
			listed[c.Code] = true
			p.Heading(3, c.Code)
			p.Paragraph("%s As a rule: %s.", Prose(c.Text), Code(string(c.Severity)))
			e, shown := found[c.Code]
			switch why := noExample[c.Code]; {
			case shown == (why != ""):
				return "", fmt.Errorf("%s: has an example: %v, and says why not: %q; add a call to wrongs, or mend noExample", c.Code, shown, why)
			case shown:
				p.Fence("http", e.call)
				p.Fence("text", e.finding)
			default:
				p.Paragraph("%s", why)
			}
			p.Paragraph("%s", naming(contracts, named, c.Code))
		}
	}
	return p.Text(), nil
}

// naming leads to the requirements of each contract that findings of a code name.
func naming(contracts []*specs.Contract, named map[string]map[string][]string, code string) string {
	var list []string
	for _, c := range contracts {
		count := 0
		for _, codes := range named[c.ID] {
			if slices.Contains(codes, code) {
				count++
			}
		}
		if count > 0 {
			list = append(list, Link(plural.Of(count, "requirement")+" of "+Prose(c.Name), "vendors/"+c.ID+"/"+codesPage+"#"+links.Anchor(code)))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "It names " + plural.List(list, "or") + "."
}
