package proxy_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/validator/proxy"
)

// shouting takes over the connection, as a server of WebSockets does, and answers each
// line in capitals. It need not speak the protocol: a proxy does not, either.
func shouting(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-WebSocket-Key") == "" {
			http.Error(w, "no key", http.StatusBadRequest)
			return
		}
		connection, both, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer connection.Close()
		io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: accepted\r\n\r\n")
		for {
			line, err := both.ReadString('\n')
			if err != nil {
				return
			}
			io.WriteString(connection, strings.ToUpper(line))
		}
	}
}

const upgrading = "GET /chat?a=1 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"

func TestWebSocketsPassAndAreNotJudged(t *testing.T) {
	f := beforeHandler(t, proxy.Options{}, shouting(t))
	connection := f.dial()
	connection.say("%sSec-WebSocket-Key: key\r\n\r\n", upgrading)
	if r := connection.hear(); r.StatusCode != http.StatusSwitchingProtocols || r.Header.Get("Sec-WebSocket-Accept") != "accepted" {
		t.Fatalf("answered %s %v", r.Status, r.Header)
	}
	e := f.wants(1, " 101: response info exchange.upgraded") // while the socket is open
	if e.Request.URL != "/chat?a=1" || e.Response.Header.Get("Sec-Websocket-Accept") != "accepted" {
		t.Errorf("recorded is %s, answered with %v", e.Request.URL, e.Response.Header)
	}
	answers := connection.Reader
	for _, line := range []string{"hello", strings.Repeat("long", 1<<18)} {
		connection.say("%s\n", line)
		if got, err := answers.ReadString('\n'); err != nil || got != strings.ToUpper(line)+"\n" {
			t.Errorf("got %.20q (%d bytes): %v", got, len(got), err)
		}
	}
	connection.Conn.Close()

	// Whoever is refused is judged as any other.
	refused := f.dial()
	refused.say("%s\r\n", upgrading)
	if r := refused.hear(); r.StatusCode != http.StatusBadRequest {
		t.Errorf("answered %s", r.Status)
	}
	f.wants(2, " 400: request error operation.path")
	if stats := f.Stats(); stats.Exchanges != 2 || stats.Turned != 0 {
		t.Errorf("counted %+v", stats)
	}
}

func TestAStrictProxyOpensNoWebSocket(t *testing.T) {
	f := beforeHandler(t, proxy.Options{Strict: proxy.StrictProblem}, shouting(t))
	connection := f.dial()
	connection.say("%sSec-WebSocket-Key: key\r\n\r\n", upgrading)
	response := connection.hear()
	body, _ := io.ReadAll(response.Body)
	wantProblem(t, response, string(body), http.StatusNotImplemented, "upgrade", "WebSocket", "without --strict")
}
