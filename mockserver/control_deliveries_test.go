package mockserver_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

func testSend(t *testing.T, c *control, p *partner) {
	var d mockserver.Delivery
	c.into(&d, 200, "POST", "send", `{"event":"changed","set":{"ticket":"T-5"},"wait":true}`)
	if d.State != "delivered" || !strings.Contains(string(d.Body), `"ticket":"T-5"`) || strings.Contains(string(d.Body), "s3cr3t") {
		t.Errorf("sent %+v with %s", d, d.Body)
	}
	if got := p.received(); !strings.Contains(got[len(got)-1], "s3cr3t") {
		t.Errorf("the partner got %s: only what is shown is redacted", got[len(got)-1])
	}
	// 202 while it is under way; a quick partner has ended it already.
	a := c.call("POST", "send", `{"event":"changed","sample":"documented"}`)
	if a.status != 200 && a.status != 202 {
		t.Fatalf("POST send answered %d %s", a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &d); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Sandbox().Journal().Wait(soon(t), 1, func(e *traffic.Exchange) bool { return e.Delivery == d.ID }); err != nil {
		t.Fatal(err)
	}
	var list struct {
		Deliveries []mockserver.Delivery
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
	c.refused(400, "POST", "send", `{"event":"chnged"}`, "it sends changed")
	c.refused(400, "POST", "send", `{"evnt":"changed"}`, `unknown field "evnt"; it takes a JSON object with vendor, event, channel, set, body, sample, to, wait, broken`)
	c.refused(400, "POST", "send", `{"event":"changed"} {}`, "after the JSON object")
	c.refused(400, "POST", "send", `[]`, "cannot unmarshal array")
	c.refused(400, "POST", "send", ``, "EOF")
	c.refused(404, "POST", "send", `{"event":"changed","channel":"nope"}`, `no channel "nope"`)
	c.into(nil, 201, "POST", "channels", `{"id":"quiet"}`)
	c.refused(409, "POST", "send", `{"event":"changed","channel":"quiet"}`, "open it again with one")
	c.into(nil, 204, "DELETE", "channels/quiet", "")
}
