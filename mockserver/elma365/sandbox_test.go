package elma365_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// TestConnectLeadsIntoTheSandbox: a messenger that writes to the address that it
// was given stays in its sandbox.
func TestConnectLeadsIntoTheSandbox(t *testing.T) {
	m := newMock(t, "")
	b, err := m.Server().NamedSandbox("mine")
	if err != nil {
		t.Fatal(err)
	}
	opened, _, err := b.OpenChannel(mocktest.Soon(t), mockserver.Channel{ID: elma365.DefaultChannel, Token: "confirm", URL: mocktest.NewPartner(t, says(200, "")).URL})
	if err != nil {
		t.Fatal(err)
	}
	connect := b.Journal().Find(func(e *traffic.Exchange) bool { return e.Operation == "events/connect" })
	if len(connect) != 1 || !strings.Contains(connect[0].Request.Body.String(), `"`+opened.Address+`"`) || !strings.HasPrefix(opened.Address, m.URL+"/~mine/") {
		t.Fatalf("connect says %v, the channel's address is %s", connect, opened.Address)
	}
	response, err := http.Post(opened.Address, "application/json", strings.NewReader(message("m1", "Hi")))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("answered %s", response.Status)
	}
	state, ok := b.State()["elma365"].(elma365.State)
	if !ok || len(state.Messages) != 1 || len(m.state().Messages) != 0 {
		t.Errorf("the sandbox has %+v, the default one %+v", state.Messages, m.state().Messages)
	}
}
