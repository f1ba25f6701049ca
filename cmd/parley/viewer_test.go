package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// TestAPageOfItsOwn is open on loopback, demands a token elsewhere, and ends.
func TestAPageOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flags   viewerFlags
		without int    // status for a reader without token
		says    string // beside the URL
	}{
		"loopback":              {viewerFlags{addr: "127.0.0.1:0"}, 200, ""},
		"loopback with a token": {viewerFlags{addr: "127.0.0.1:0", controlToken: "mine"}, 401, ""},
		"everywhere":            {viewerFlags{addr: "0.0.0.0:0"}, 401, "this address is not loopback: the page demands the control token "},
		"everywhere, given":     {viewerFlags{addr: "0.0.0.0:0", controlToken: "mine"}, 401, ""},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := c.flags.show("--ui", control.ViewerOptions{Kind: "proxy", Journal: traffic.NewJournal(traffic.Limits{})})
			if err != nil {
				t.Fatal(err)
			}
			defer page.close()
			var said strings.Builder
			c.flags.say(newConsole(&said, redaction.New(redaction.Options{})), page)
			if !strings.Contains(said.String(), "  console     "+page.url+"\n") || !strings.Contains(said.String(), c.says) || strings.Contains(said.String(), "token") != (c.says != "") {
				t.Errorf("it says %s", &said)
			}
			if status, body := got(t, page.url, ""); status != 200 || !strings.Contains(body, "<title>Parley</title>") {
				t.Errorf("the page is %d %s", status, body)
			}
			version := strings.TrimSuffix(page.url, "ui/") + "version"
			if status, body := got(t, version, ""); status != c.without {
				t.Errorf("without a token %d %s", status, body)
			}
			token := c.flags.controlToken + page.token
			status, body := got(t, version, token)
			var v struct {
				Kind     string
				Features []string
			}
			if err := json.Unmarshal([]byte(body), &v); status != 200 || err != nil || v.Kind != "proxy" {
				t.Errorf("with the token %d %s", status, body)
			}
			page.close()
			if answering(page.url) {
				t.Error("the page outlives its end")
			}
		})
	}
}

func got(t *testing.T, url, token string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return answered(t, request)
}
