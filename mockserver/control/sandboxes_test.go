package control_test

import (
	"bufio"
	"net/http"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

type sandboxView struct {
	Name, URL, Idle string
	Seed            uint64
	Used            time.Time
	Clock           struct {
		Now    time.Time
		Frozen bool
	}
	Exchanges, Channels int
}

func testSandboxes(t *testing.T, c *controlled) {
	var made, again sandboxView
	c.into(&made, 201, "POST", "sandboxes", `{"name":"a.b_c-1","seed":7,"clock":{"now":"2031-05-06T07:08:09Z","frozen":true},"idle":"10m"}`)
	if made.Name != "a.b_c-1" || made.URL != c.URL+"/~a.b_c-1" || made.Seed != 7 || made.Idle != "10m0s" || !made.Clock.Now.Equal(acme.At) || !made.Clock.Frozen || made.Used.IsZero() {
		t.Errorf("made %+v", made)
	}
	c.refused(409, "POST", "sandboxes", `{"name":"a.b_c-1"}`, "exists already: a.b_c-1; remove it first, or reset it")
	c.refused(409, "POST", "sandboxes", `{"name":"default"}`, "exists already: default")
	c.refused(400, "POST", "sandboxes", `{"name":"a b"}`, `"a b"; use 1 to 64 letters, digits`)
	c.refused(400, "POST", "sandboxes", `{}`, "use 1 to 64 letters")
	c.refused(400, "POST", "sandboxes", `{"name":"x","idle":"-1s"}`, "write a duration such as 10m")
	c.refused(400, "POST", "sandboxes", `{"name":"x","clock":{"now":"noon"}}`, "takes a JSON object with name, seed, clock, idle")

	c.Do("GET", "/~a.b_c-1/tickets/T-1", "")
	c.into(&again, 200, "GET", "sandboxes/a.b_c-1", "")
	if again.Exchanges != 1 || again.Channels != 0 {
		t.Errorf("shown %+v", again)
	}
	c.Do("GET", "/tickets/T-1", "", "Parley-Sandbox", "Z")
	var list struct {
		Sandboxes []sandboxView
		Limit     int
	}
	c.into(&list, 200, "GET", "sandboxes", "")
	if s := list.Sandboxes; len(s) != 3 || s[0].Name != "default" || s[0].Idle != "" || s[1].Name != "Z" || s[2].Name != "a.b_c-1" || list.Limit != 2 {
		t.Errorf("listed %+v", list)
	}
	c.refused(429, "POST", "sandboxes", `{"name":"third"}`, "there are 2, as many as this mock keeps; remove some with DELETE")
	if a := c.call("GET", "journal", "", "Parley-Sandbox", "third"); a.Status != 429 {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	c.into(nil, 204, "POST", "sandboxes/a.b_c-1/reset", "")
	c.into(&again, 200, "GET", "sandboxes/a.b_c-1", "")
	if again.Exchanges != 0 || !again.Clock.Frozen || !again.Clock.Now.Equal(acme.At) {
		t.Errorf("after a reset %+v", again)
	}
	c.into(nil, 200, "GET", "sandboxes/default", "")
	c.into(nil, 204, "DELETE", "sandboxes/Z", "")
	for _, method := range []string{"DELETE", "GET"} {
		c.refused(404, method, "sandboxes/Z", "", `no sandbox "Z"; GET /_parley/sandboxes lists them`)
	}
	c.refused(404, "POST", "sandboxes/Z/reset", "", `no sandbox "Z"`)
	if a := c.call("DELETE", "sandboxes/default", ""); a.Status != 409 || acme.Detail(t, a) != "the default sandbox can't be removed; reset it with POST /_parley/sandboxes/default/reset" {
		t.Errorf("DELETE sandboxes/default answered %d %s", a.Status, a.Body)
	}
	testRemovalEndsWaits(t, c)
}

// testRemovalEndsWaits also when it is the waits that use the sandbox.
func testRemovalEndsWaits(t *testing.T, c *controlled) {
	stream, err := http.Get(c.URL + "/~gone/_parley/journal/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	lines.Scan()
	waited := make(chan mocktest.Answer, 1)
	go func() { waited <- c.Do("GET", "/~gone/_parley/journal/wait?timeout=1m", "") }()
	c.into(nil, 204, "DELETE", "sandboxes/gone", "")
	for lines.Scan() { // until it ends
	}
	// The wait was in the sandbox that was removed, or makes it anew.
	for {
		select {
		case a := <-waited:
			if a.Status != 503 {
				t.Errorf("answered %d %s", a.Status, a.Body)
			}
			c.call("DELETE", "sandboxes/gone", "")
			return
		default:
			c.call("DELETE", "sandboxes/gone", "")
		}
	}
}

func TestSandboxOfAControlRequest(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	c.into(nil, 201, "POST", "channels", `{"id":"mine"}`)
	for _, path := range []string{"/~one/_parley/channels/mine", "/~default/_parley/channels/mine"} {
		want := 404
		if path[2] == 'd' {
			want = 200
		}
		if a := c.Do("GET", path, ""); a.Status != want {
			t.Errorf("%s: %d %s, want %d", path, a.Status, a.Body, want)
		}
	}
	c.refusedAs("/_parley/health", 400, "header Parley-Sandbox: no name of a sandbox", "Parley-Sandbox", "a/b")
	c.refusedAs("/~/_parley/health", 400, "path /~/_parley/health: no name of a sandbox")
	c.refusedAs("/~a/tickets/T-1", 400, "the path says a and the header Parley-Sandbox says b; say it once", "Parley-Sandbox", "b")
	c.refusedAs("/~%61/tickets/T-1", 400, "write it without %")
	if a := c.Do("GET", "/~a", ""); a.Status != 404 {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
}

func testClock(t *testing.T, c *controlled) {
	type clock struct {
		Now    time.Time
		Frozen bool
	}
	var shown clock
	c.into(&shown, 200, "GET", "clock", "")
	if shown.Frozen || time.Since(shown.Now).Abs() > time.Hour {
		t.Errorf("it is %+v", shown)
	}
	c.into(&shown, 200, "PUT", "clock", `{"frozen":true,"now":"2031-05-06T07:08:09Z"}`)
	if !shown.Frozen || !shown.Now.Equal(acme.At) {
		t.Errorf("set it is %+v", shown)
	}
	c.into(&shown, 200, "POST", "clock", `{"advance":"1h"}`)
	if !shown.Frozen || !shown.Now.Equal(acme.At.Add(time.Hour)) {
		t.Errorf("an hour later it is %+v", shown)
	}
	c.into(&shown, 200, "PUT", "clock", `{"now":"2031-05-06T07:08:09Z"}`)
	if !shown.Frozen || !shown.Now.Equal(acme.At) {
		t.Errorf("set back it is %+v", shown)
	}
	c.into(&shown, 200, "PUT", "clock", `{"frozen":false}`)
	if shown.Frozen || shown.Now.Before(acme.At) || shown.Now.After(acme.At.Add(time.Hour)) {
		t.Errorf("running it is %+v", shown)
	}
	c.refused(400, "PUT", "clock", `{}`, `give "now", "frozen" or both`)
	c.refused(400, "PUT", "clock", `{"now":"noon"}`, "takes a JSON object with now, frozen")
	c.refused(400, "POST", "clock", `{"advance":"soon"}`, "write a duration such as 90s")
	c.refused(400, "POST", "clock", `{"advance":"-1h"}`, "write a duration such as 90s")
}
