package independent

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strconv"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator/proxy"
)

// TestWebSocketsThroughTheProxy: a client and a server of WebSockets that are not ours
// understand one another through the proxy, with subprotocol, compression, bytes, pings and
// the reason of the end.
func TestWebSocketsThroughTheProxy(t *testing.T) {
	nodetest.Installed(t, ".", "ws")
	node := exec.CommandContext(t.Context(), "node", "sockets.mjs")
	input, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	line := func(to any) {
		t.Helper()
		if !lines.Scan() {
			t.Fatalf("node ended: %v", node.Wait())
		}
		if err := json.Unmarshal(lines.Bytes(), to); err != nil {
			t.Fatalf("%v in %s", err, lines.Text())
		}
	}
	var server struct{ Port int }
	line(&server)

	_, judge := embedded(t, specs.IDs()[0])
	through, err := proxy.New(judge, &url.URL{Scheme: "http", Host: "127.0.0.1:" + strconv.Itoa(server.Port)}, proxy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(through)
	defer through.Close(t.Context())
	defer front.Close()
	if _, err := io.WriteString(input, front.URL+"\n"); err != nil {
		t.Fatal(err)
	}
	input.Close() // node ends when it has read all
	var spoken struct {
		Protocol, Extensions string
		Came, Ended          json.RawMessage
	}
	line(&spoken)
	const came, ended = `["Grüße",1048576,[0,255,10,13],"pong still there"]`, `[4001,"as asked"]`
	if spoken.Protocol != "two" || spoken.Extensions != "permessage-deflate" || string(spoken.Came) != came || string(spoken.Ended) != ended {
		t.Errorf("spoken was %s, %s: %s; ended %s", spoken.Protocol, spoken.Extensions, spoken.Came, spoken.Ended)
	}
	if err := node.Wait(); err != nil {
		t.Error(err)
	}
	all, err := through.Journal().Wait(t.Context(), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if e := all[0]; e.Status() != 101 || len(e.Findings) != 1 || e.Findings[0].Code != "exchange.upgraded" {
		t.Errorf("recorded is %d with %v", e.Status(), e.Findings)
	}
}
