package drift_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/drift"
)

const hook = "https://partner.example/webhook"

func contract(t testing.TB, id string) *specs.Contract {
	t.Helper()
	c := specstest.Contract(t, id)
	return c
}

// event is one that the vendor sent.
func event(body string, status int) *traffic.Exchange {
	return &traffic.Exchange{
		Caller:   traffic.Vendor,
		Request:  traffic.Request{Method: "POST", URL: hook, Header: jsonHeader(), Body: traffic.NewBody([]byte(body), 0)},
		Response: &traffic.Response{Status: status},
	}
}

// call is one of the partner's.
func call(method, path, body string, status int, answer string) *traffic.Exchange {
	return &traffic.Exchange{
		Caller:   traffic.Partner,
		Request:  traffic.Request{Method: method, URL: path, Header: jsonHeader(), Body: traffic.NewBody([]byte(body), 0)},
		Response: &traffic.Response{Status: status, Header: jsonHeader(), Body: traffic.NewBody([]byte(answer), 0)},
	}
}

func jsonHeader() map[string][]string {
	return map[string][]string{"Content-Type": {"application/json"}}
}

func reported(t testing.TB, c *specs.Contract, exchanges ...*traffic.Exchange) (*drift.Drift, *drift.Report) {
	t.Helper()
	v, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	d := drift.New(c)
	for i, e := range exchanges {
		e.Findings = nil
		v.Exchange(e)
		d.Add(e, traffic.Position{Source: "a.har", Entry: i + 1})
	}
	return d, d.Report("")
}

func lines(r *drift.Report) []string {
	var list []string
	for _, i := range r.Items {
		line := fmt.Sprintf("%s %s %s %s %d of %d", i.Severity, i.Operation, i.Code, i.Pointer, i.Count, i.Of)
		for _, v := range i.Values {
			line += fmt.Sprintf(" %s×%d", v.Value, v.Count)
		}
		list = append(list, strings.ReplaceAll(line, "  ", " "))
	}
	return list
}

// strange is traffic of a vendor that has moved on from its pages.
func strange() []*traffic.Exchange {
	return []*traffic.Exchange{
		event(`{"type":"connect","token":"t","channelId":"c1","region":"eu-1","data":{"webhook":"https://vendor.example/x"}}`, 200),
		event(`{"type":"connect","token":"t","channelId":"c1","region":"us-1","data":{"webhook":"https://vendor.example/x"}}`, 200),
		event(`{"type":"connect","token":"t","data":{"webhook":"https://vendor.example/x"}}`, 200),
		event(`{"type":"message","token":"t","channelId":"c1","data":{"targetChatId":17,"text":"x","files":[{"name":"a","URL":"https://vendor.example/a","size":"12 kB"}]}}`, 200),
		event(`{"type":"markAsRead","token":7,"data":{"messageId":"m"}}`, 200),
		call("POST", "/api/messengers/external/other/webhook/c1", `{"type":"disconnect","token":"t"}`, 429, ``),
		call("POST", "/api/messengers/external/other/webhook/c1", `{"type":"disconnect"}`, 200, ``), // the partner's fault is no drift
	}
}

func TestWhatTheVendorDoesOtherwise(t *testing.T) {
	_, r := reported(t, contract(t, "elma365"), strange()...)
	want := []string{
		`error events/connect body.required /channelId 1 of 3`,
		`error events/markAsRead body.type /token 1 of 1`, // a secret is not shown
		`error events/message body.type /data/files/*/size 1 of 1 "12 kB"×1`,
		`error events/message body.type /data/targetChatId 1 of 1 17×1`,
		`error operations/disconnect response.status 1 of 2`,
		`info events/connect body.unknown-key /region 2 of 3 "eu-1"×1 "us-1"×1`,
	}
	if got := lines(r); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r.Exchanges != 7 || r.Items[0].First.String() != "a.har entry 3" {
		t.Errorf("%d exchanges, the first item at %q", r.Exchanges, r.Items[0].First.Position)
	}
}

// TestProposalRemovesTheDrift: in the proposed contract nothing of the same
// traffic is strange any more, and what was added is evidence observed.
func TestProposalRemovesTheDrift(t *testing.T) {
	for id, traffic := range map[string][]*traffic.Exchange{
		"elma365": strange(),
		"3dolphins": {
			event(`{"ticketNumber":"T-1","channelType":"fax","messageType":"hologram","message":"x","mediaLink":"","customerName":"A","owner":"o","createdDate":"yesterday","mood":{"a":1}}`, 200),
			call("POST", "/dolphin/apiv1/graph/auth", `{"username":"u","password":"p"}`, 418, `{}`),
			call("POST", "/dolphin/apiv1/graph/auth", `{"username":"u","password":"p"}`, 200, `{"token":"t","expireAt":17,"roles":["a"]}`),
			call("GET", "/dolphin/apiv1/graph/tickets/queue", ``, 200, `{"status":"ok","data":"many"}`),
		},
	} {
		c := contract(t, id)
		d, before := reported(t, c, traffic...)
		if len(before.Items) < 5 {
			t.Errorf("%s: only %d drifts: %q", id, len(before.Items), lines(before))
		}
		files, changed, err := d.Propose(before)
		if err != nil {
			t.Fatal(err)
		}
		_, after := reported(t, specstest.Read(t, files), traffic...)
		var unfit []string
		for _, i := range before.Items {
			if i.Unfit != "" {
				unfit = append(unfit, i.Unfit)
			}
		}
		if len(after.Items) != 0 || len(unfit) > 0 {
			t.Errorf("%s: still strange: %q (changed %q, by hand %q)", id, lines(after), changed, unfit)
		}
		if !bytes.Contains(proposedBytes(files, changed), []byte("observed")) {
			t.Errorf("%s: the evidence is not observed", id)
		}
	}
}

func proposedBytes(files []specs.File, changed []string) []byte {
	var all []byte
	for _, f := range files {
		if slices.Contains(changed, f.Name) {
			all = append(all, f.Data...)
		}
	}
	return all
}

// TestNoDrift: traffic as documented proposes nothing.
func TestNoDrift(t *testing.T) {
	c := contract(t, "elma365")
	var documented []*traffic.Exchange
	for _, o := range c.Events {
		s, _ := c.Payloads[o.Payload].Sample("")
		documented = append(documented, event(string(s.Body), 200))
	}
	d, r := reported(t, c, documented...)
	if len(r.Items) > 0 || r.Exchanges != 6 {
		t.Errorf("%d exchanges, %q", r.Exchanges, lines(r))
	}
	if _, changed, err := d.Propose(r); err != nil || len(changed) > 0 {
		t.Errorf("changed %q, %v", changed, err)
	}
}

// TestSecretsAreNotShown: nor under a name that differs in case.
func TestSecretsAreNotShown(t *testing.T) {
	_, r := reported(t, contract(t, "elma365"), event(`{"type":"markAsRead","token":"t","Token":"hush-1","data":{"messageId":"m","TOKEN":17}}`, 200))
	want := []string{`info events/markAsRead body.unknown-key /Token 1 of 1`, `info events/markAsRead body.unknown-key /data/TOKEN 1 of 1`}
	if got := lines(r); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestTextIsFitForATerminal: a key of a body cannot move a cursor.
func TestTextIsFitForATerminal(t *testing.T) {
	_, r := reported(t, contract(t, "elma365"), event(`{"type":"markAsRead","token":"t","data":{"messageId":"m","\u001b[31mred":1}}`, 200))
	var text bytes.Buffer
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "\x1b") || !strings.Contains(text.String(), "[31mred") {
		t.Errorf("printed %q", text.String())
	}
}

// TestBounded: many different mistakes cost bounded memory and are counted.
func TestBounded(t *testing.T) {
	c := contract(t, "elma365")
	d := drift.New(c)
	e := event(`{}`, 200)
	e.Operation = "events/connect"
	const maxItems = 1000
	for i := range maxItems + 50 {
		e.Findings = []traffic.Finding{{Code: "body.unknown-key", Severity: traffic.Info, Part: traffic.InRequest, Pointer: fmt.Sprintf("/field%dx", i)}}
		d.Add(e, traffic.Position{})
	}
	if r := d.Report(""); len(r.Items) != maxItems || r.LeftOut != 50 {
		t.Errorf("%d items, %d left out", len(r.Items), r.LeftOut)
	}
}

func ExampleDrift() {
	c, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	judge, err := validator.New(c)
	if err != nil {
		panic(err)
	}
	d := drift.New(c)
	e := event(`{"type":"markAsRead","token":"t","data":{"messageId":"m","readAt":1700000000000}}`, 200)
	judge.Exchange(e)
	d.Add(e, traffic.Position{Source: "shop.har", Entry: 1})
	var text bytes.Buffer
	if err := d.Report("").WriteText(&text); err != nil {
		panic(err)
	}
	fmt.Print(text.String())
	// Output:
	// events/markAsRead, events/markAsRead /data/readAt: a field that the contract does not know, once in 1
	//     seen: 1700000000000 (1)
	//     first: shop.har entry 1
	//     proposed: add the property readAt of type integer to /properties/data in events/markAsRead.schema.json, evidence observed
	// elma365: 1 exchange, 1 drift
}
