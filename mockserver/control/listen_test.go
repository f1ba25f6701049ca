package control_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// testListen: deliveries that somebody fetches, carries out and answers.
func testListen(t *testing.T, c *controlled) {
	opening := make(chan mocktest.Answer, 1)
	go func() { opening <- c.call("POST", "channels", `{"id":"far","token":"s3cr3t","url":"listen:mine"}`) }()
	var h outbox.Lease
	c.into(&h, 200, "GET", "listen/mine?timeout=20s", "")
	if h.Event != "changed" || h.Channel != "far" || h.Attempt != 1 || h.Timeout != "5s" || h.Request.Method != "POST" || !strings.Contains(h.Request.Body.String(), `"secret":"s3cr3t"`) {
		t.Errorf("handed over was %+v with %s", h, h.Request.Body)
	}
	c.into(nil, 204, "POST", "listen/mine/"+h.ID, `{"response":{"status":200,"header":{"Content-Type":["text/plain"]},"body":{"text":"seen"}}}`)
	var o opened
	if a := <-opening; a.Status != 201 || json.Unmarshal([]byte(a.Body), &o) != nil {
		t.Fatalf("opening the channel was answered %d %s", a.Status, a.Body)
	}
	if len(o.Deliveries) != 1 || o.Deliveries[0].State != "delivered" {
		t.Fatalf("the channel was opened by %+v", o.Deliveries)
	}
	e, _ := c.Sandbox().Journal().Get(o.Deliveries[0].Attempts[0])
	if e.Response.Body.String() != "seen" || e.Response.Body.Size != 4 || e.Request.URL != "listen:mine" || e.Status() != 200 {
		t.Errorf("the exchange is %+v", e)
	}

	c.into(nil, 200, "PATCH", "channels/far", `{"policy":{"attempts":1,"timeout":"5s"}}`)
	sent := c.Sandbox()
	ended := make(chan outbox.Delivery, 1)
	go func() {
		d, _ := sent.Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: "far", Wait: true})
		ended <- d
	}()
	c.into(&h, 200, "GET", "listen/mine", "")
	c.into(nil, 204, "POST", "listen/mine/"+h.ID, `{"error":"connection refused"}`)
	if d := <-ended; d.State != "failed" || d.Error != "the listener got no answer: connection refused" {
		t.Errorf("without an answer it is %+v", d)
	}
	c.refused(404, "POST", "listen/mine/"+h.ID, `{"error":"x"}`, "nobody waits for")
	c.refused(400, "POST", "listen/mine/"+h.ID, `{}`, `give "response" with the partner's answer, or "error"`)
	c.refused(400, "POST", "listen/mine/"+h.ID, `{"response":{"status":42}}`, "response.status is 42")
	c.refused(400, "GET", "listen/mine?timeout=x", "", "timeout=x is none")
	c.refused(400, "POST", "channels", `{"url":"listen:not this"}`, "a listener's name has")
	c.into(nil, 204, "GET", "listen/mine?timeout=1ms", "")

	c.into(nil, 200, "PATCH", "channels/far", `{"policy":{"timeout":"20ms","attempts":1}}`)
	d, err := sent.Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Channel: "far", Wait: true})
	if err != nil || d.State != "failed" || !strings.Contains(d.Error, "nobody listens to this channel") {
		t.Errorf("without a listener it is %+v, %v", d, err)
	}
	acme.Below(t, traffic.Warn, c.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Channel == "far" }))
	c.into(nil, 204, "DELETE", "channels/far", "")
}
