package mockserver_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// listen serves a mock as serve does, with HTTPServer's bounds.
func listen(t *testing.T, server *http.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-served; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

func dial(t *testing.T, address, text string) *bufio.Reader {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return bufio.NewReader(conn)
}

func statusOf(t *testing.T, from *bufio.Reader) int {
	t.Helper()
	response, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// TestARefusedBodyIsAnsweredWhole: a client that reads when it has sent all gets the
// answer, and no reset connection.
func TestARefusedBodyIsAnsweredWhole(t *testing.T) {
	m := acme.New(t, nil)
	address := listen(t, mockserver.HTTPServer(m.Server()))
	const size = 10 << 20
	for path, want := range map[string]int{"/tickets/T-1/notes": 413, "/nowhere": 404, "/_parley/send": 413} {
		for _, framing := range []string{"length", "chunked"} {
			head, tail := fmt.Sprintf("Content-Length: %d\r\n\r\n", size), ""
			if framing == "chunked" {
				head, tail = fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", size), "\r\n0\r\n\r\n"
			}
			text := "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + head + strings.Repeat("x", size) + tail
			if got := statusOf(t, dial(t, address, text)); got != want {
				t.Errorf("%s, %s: %d, want %d", path, framing, got, want)
			}
		}
	}
}

func TestASlowClient(t *testing.T) {
	m := acme.New(t, nil)
	server := mockserver.HTTPServer(m.Server())
	server.ReadTimeout, server.ReadHeaderTimeout = 50*time.Millisecond, 50*time.Millisecond
	address := listen(t, server)
	const begun = "POST /tickets/T-1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
	if got := statusOf(t, dial(t, address, begun)); got != 422 {
		t.Errorf("a body that does not come is answered %d", got)
	}
	e := m.Sandbox().Journal().Find(nil)[0]
	if len(e.Findings) != 1 || e.Findings[0].Code != "body.incomplete" {
		t.Errorf("found %+v", e.Findings)
	}
	if got := statusOf(t, dial(t, address, "POST /_parley/send HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")); got != 408 {
		t.Errorf("the control API answers %d", got)
	}
	if rest, err := io.ReadAll(dial(t, address, "GET /tickets")); err != nil || strings.Contains(string(rest), "200 OK") {
		t.Errorf("a header that does not end gave %q, %v", rest, err)
	}
	if a := m.Do("GET", "/tickets/T-1", ""); a.Status != 200 {
		t.Errorf("afterwards the mock answers %d", a.Status)
	}
}

func TestAHeaderFlood(t *testing.T) {
	m := acme.New(t, nil)
	address := listen(t, mockserver.HTTPServer(m.Server()))
	flood := "GET /tickets/T-1 HTTP/1.1\r\nHost: localhost\r\nX-Flood: " + strings.Repeat("x", 128<<10) + "\r\n\r\n"
	if got := statusOf(t, dial(t, address, flood)); got != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("answered %d", got)
	}
	if a := m.Do("GET", "/tickets/T-1", ""); a.Status != 200 {
		t.Errorf("afterwards the mock answers %d", a.Status)
	}
}

// A wait is longer than a server gives a request to arrive.
func TestAWaitOutlivesTheReadTimeout(t *testing.T) {
	m := acme.New(t, nil)
	server := mockserver.HTTPServer(m.Server())
	server.ReadTimeout = 30 * time.Millisecond
	address := listen(t, server)
	answer := make(chan int, 1)
	from := dial(t, address, "GET /_parley/journal/wait?n=2&timeout=20s HTTP/1.1\r\nHost: localhost\r\n\r\n")
	go func() { answer <- statusOf(t, from) }()
	m.Do("GET", "/tickets/T-1", "")
	timer := time.NewTimer(150 * time.Millisecond) // five times the read timeout
	select {
	case got := <-answer:
		t.Fatalf("answered %d before the second exchange", got)
	case <-timer.C:
	}
	m.Do("GET", "/tickets/T-1", "")
	if got := <-answer; got != 200 {
		t.Errorf("answered %d", got)
	}
}

func TestShutdownEndsWaitsAndStreams(t *testing.T) {
	m := acme.New(t, nil)
	server := mockserver.HTTPServer(m.Server())
	address := listen(t, server)
	wait := dial(t, address, "GET /_parley/journal/wait?timeout=5m HTTP/1.1\r\nHost: localhost\r\n\r\n")
	stream := dial(t, address, "GET /_parley/journal/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if line, err := stream.ReadString('\n'); err != nil || !strings.Contains(line, "200 OK") {
		t.Fatal(line, err)
	}
	if err := server.Shutdown(mocktest.Soon(t)); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if _, err := io.ReadAll(stream); err != nil {
		t.Errorf("the stream ended with %v", err)
	}
	// The wait was answered, or its connection was closed before it began.
	if data, err := io.ReadAll(wait); err == nil && len(data) > 0 && !strings.Contains(string(data), "HTTP/1.1 408") && !strings.Contains(string(data), "HTTP/1.1 503") {
		t.Errorf("the wait ended with %q", data)
	}
}

func TestADelayEndsWithTheServer(t *testing.T) {
	m := acme.New(t, nil)
	m.Sandbox().Clock().Freeze()
	server := mockserver.HTTPServer(m.Server())
	address := listen(t, server)
	m.Fault(fault.Rule{Operation: "ticket", Delay: "1h"})
	from := dial(t, address, "GET /tickets/T-1 HTTP/1.1\r\nHost: x\r\n\r\n")
	mocktest.Until(t, func() bool { return m.Sandbox().Faults()[0].Acted == 1 })
	if err := server.Shutdown(mocktest.Soon(t)); err != nil {
		t.Fatal(err)
	}
	if got := statusOf(t, from); got != 200 {
		t.Errorf("answered %d", got)
	}
}
