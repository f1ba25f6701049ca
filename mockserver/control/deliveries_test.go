package control_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func testSend(t *testing.T, c *controlled, p *mocktest.Partner) {
	var d outbox.Delivery
	c.into(&d, 200, "POST", "send", `{"event":"changed","set":{"ticket":"T-5"},"wait":true}`)
	if d.State != "delivered" || !strings.Contains(string(d.Body), `"ticket":"T-5"`) || strings.Contains(string(d.Body), "s3cr3t") {
		t.Errorf("sent %+v with %s", d, d.Body)
	}
	if got := p.Received(); !strings.Contains(got[len(got)-1], "s3cr3t") {
		t.Errorf("the partner got %s: only what is shown is redacted", got[len(got)-1])
	}
	// 202 while it is under way; a quick partner has ended it already.
	a := c.call("POST", "send", `{"event":"changed","sample":"documented"}`)
	if a.Status != 200 && a.Status != 202 {
		t.Fatalf("POST send answered %d %s", a.Status, a.Body)
	}
	if err := json.Unmarshal([]byte(a.Body), &d); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Sandbox().Journal().Wait(mocktest.Soon(t), 1, func(e *traffic.Exchange) bool { return e.Delivery == d.ID }); err != nil {
		t.Fatal(err)
	}
	var list struct {
		Deliveries []outbox.Delivery
		More       bool
	}
	c.into(&list, 200, "GET", "deliveries?channel=first&event=changed&limit=1", "")
	if len(list.Deliveries) != 1 || list.Deliveries[0].ID != d.ID || !list.More {
		t.Errorf("listed %+v", list)
	}
	c.into(&list, 200, "GET", "deliveries?state=lost", "")
	if len(list.Deliveries) != 0 || list.More {
		t.Errorf("listed %+v", list)
	}
	c.into(&d, 200, "GET", "deliveries/"+d.ID, "")
	c.refused(404, "GET", "deliveries/dl-999999", "", `no delivery "dl-999999"`)
	c.refused(404, "GET", "deliveries/x", "", `no delivery "x"`)
	c.refused(400, "GET", "deliveries?limit=0", "", "from 1 to 10000")
	c.refused(400, "GET", "deliveries?state=fail", "", "state=fail is none; there are queued, delivering, delivered, failed, lost, cancelled")
	c.refused(400, "POST", "send", `{"event":"chnged"}`, "it sends changed")
	c.refused(400, "POST", "send", `{"evnt":"changed"}`, `unknown field "evnt"; it takes a JSON object with vendor, event, channel, set, body, sample, to, wait, broken`)
	c.refused(400, "POST", "send", `{"event":"changed"} {}`, "after the JSON object")
	c.refused(400, "POST", "send", `[]`, "takes: expected an object, got a list; it takes a JSON object with vendor, event")
	c.refused(400, "POST", "send", ``, "the body is empty; send what POST /_parley/send takes: a JSON object with vendor, event, channel")
	c.refused(404, "POST", "send", `{"event":"changed","channel":"nope"}`, `no channel "nope"`)
	c.into(nil, 201, "POST", "channels", `{"id":"quiet"}`)
	c.refused(409, "POST", "send", `{"event":"changed","channel":"quiet"}`, "open it again with one")
	c.into(nil, 204, "DELETE", "channels/quiet", "")
}

// testOrders: what can be done with deliveries that failed, wait or were delivered.
func testOrders(t *testing.T, c *controlled, p *mocktest.Partner) {
	gone := httptest.NewServer(nil)
	gone.Close()
	c.into(nil, 201, "POST", "channels", fmt.Sprintf(`{"id":"dead","url":%q,"policy":{"timeout":"2s","attempts":2,"backoff":"exponential:1ms:5ms","success":[200]}}`, gone.URL))
	var d, again outbox.Delivery
	c.into(&d, 200, "POST", "send", `{"event":"changed","channel":"dead","wait":true}`)
	if d.State != "failed" || len(d.Attempts) != 2 || !strings.Contains(d.Error, "connection refused") {
		t.Errorf("to a dead partner: %+v", d)
	}
	var letters struct{ Deliveries []outbox.Delivery }
	c.into(&letters, 200, "GET", "deliveries?state=failed&channel=dead", "")
	if n := len(letters.Deliveries); n != 2 || letters.Deliveries[1].ID != d.ID {
		t.Errorf("the dead letters are %+v", letters.Deliveries)
	}

	var channel struct {
		URL    string
		Policy outbox.Policy
	}
	c.into(&channel, 200, "PATCH", "channels/dead", fmt.Sprintf(`{"url":%q}`, p.URL))
	if channel.URL != p.URL || channel.Policy.Attempts != 2 {
		t.Errorf("after the change the channel is %+v", channel)
	}
	if a := c.call("POST", "deliveries/"+d.ID+"/retry", ""); a.Status != 200 && a.Status != 202 {
		t.Errorf("retry answers %d %s", a.Status, a.Body)
	}
	mocktest.Until(t, func() bool {
		c.into(&again, 200, "GET", "deliveries/"+d.ID, "")
		return again.State == "delivered"
	})
	if len(again.Attempts) != 3 || again.Error != "" {
		t.Errorf("after the retry it is %+v", again)
	}
	c.refused(409, "POST", "deliveries/"+d.ID+"/retry", "", "was delivered; replay it")
	c.refused(409, "POST", "deliveries/"+d.ID+"/cancel", "", "has ended, delivered")

	again = outbox.Delivery{}
	c.into(&again, 200, "POST", "deliveries/"+d.ID+"/replay", `{"wait":true}`)
	if again.CopyOf != d.ID || again.ID == d.ID || again.State != "delivered" || string(again.Body) != string(d.Body) {
		t.Errorf("the replay is %+v", again)
	}
	c.refused(400, "POST", "deliveries/"+d.ID+"/replay", `{"to":"http://127.0.0.1:1/"}`, "is no channel's")
	c.refused(400, "POST", "deliveries/"+d.ID+"/replay", `{"url":"x"}`, "it takes a JSON object with to, wait")
	for _, order := range []string{"retry", "cancel", "replay"} {
		c.refused(404, "POST", "deliveries/dl-999999/"+order, "{}", `no delivery "dl-999999"`)
	}
	c.refused(404, "PATCH", "channels/nope", "{}", `no channel "nope"`)
	for body, says := range map[string]string{
		`{"url":"here"}`:                     "begins with http:// or https://",
		`{"policy":{"attempts":-1}}`:         "attempts is -1",
		`{"policy":{"timeout":"1h"}}`:        "at most 10m0s",
		`{"policy":{"backoff":"1s:2s"}}`:     `write "1s", "exponential:1s" or "exponential:1s:1m"`,
		`{"policy":{"backoff":"linear:2s"}}`: "backoff is",
		`{"policy":{"success":[42]}}`:        "42, which is no final HTTP status",
		`{"policy":{"retries":3}}`:           `unknown field "retries"`,
		`{"id":"other"}`:                     `unknown field "id"; it takes a JSON object with name, token, url, policy`,
	} {
		c.refused(400, "PATCH", "channels/dead", body, says)
	}
	c.into(nil, 204, "DELETE", "channels/dead", "")
}
