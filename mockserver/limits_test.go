package mockserver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
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

func TestABodyOverTheLimit(t *testing.T) {
	m := acme.New(t, mockserver.Options{BodyLimit: 100}, nil)
	a := m.Do("POST", "/tickets/T-1/notes", `{"text":"`+strings.Repeat("x", 1000)+`"}`)
	e := m.Exchange(a)
	if a.Status != 413 || len(e.Findings) != 1 || e.Findings[0].Code != "body.too-large" || e.Request.Body.Size != 100 || e.Operation != "operations/note" {
		t.Errorf("answered %d with %+v, kept %d bytes of %s", a.Status, e.Findings, e.Request.Body.Size, e.Operation)
	}
	if detail := acme.Detail(t, a); !strings.Contains(detail, "larger than what the mock reads, at most 100 bytes; the limit is Parley's") {
		t.Errorf("the answer says %s", detail)
	}
	if a := m.Do("POST", "/_parley/send", strings.Repeat("x", 1000)); a.Status != 413 || !strings.Contains(acme.Detail(t, a), "larger than 100 bytes") {
		t.Errorf("the control API answered %d %s", a.Status, a.Body)
	}
	if a := m.Do("POST", "/tickets/T-1/notes", `{"text":"x"}`); a.Status != 201 {
		t.Errorf("afterwards the mock answers %d", a.Status)
	}
}

// TestARefusedBodyIsAnsweredWhole: a client that reads when it has sent all gets the
// answer, and no reset connection.
func TestARefusedBodyIsAnsweredWhole(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
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
	m := acme.New(t, mockserver.Options{}, nil)
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
	m := acme.New(t, mockserver.Options{}, nil)
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
	m := acme.New(t, mockserver.Options{}, nil)
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
	m := acme.New(t, mockserver.Options{}, nil)
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

func TestAHundredClientsAtOnce(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
	const clients, each = 100, 20
	var group sync.WaitGroup
	errs := make(chan error, clients*each)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	for c := range clients {
		group.Go(func() {
			for n := range each {
				response, err := client.Post(fmt.Sprintf("%s/tickets/%d-%d/notes", m.URL, c, n), "application/json", strings.NewReader(`{"text":"x"}`))
				if err == nil {
					io.Copy(io.Discard, response.Body)
					response.Body.Close()
					if response.StatusCode != 201 {
						err = fmt.Errorf("status %d", response.StatusCode)
					}
				}
				errs <- err
			}
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	exchanges := m.Sandbox().Journal().Find(nil)
	if len(exchanges) != clients*each {
		t.Fatalf("%d exchanges, want %d", len(exchanges), clients*each)
	}
	for i, e := range exchanges {
		if e.ID != fmt.Sprintf("ex-%06d", i+1) {
			t.Fatalf("exchange %d has the ID %s", i+1, e.ID)
		}
	}
	acme.Below(t, traffic.Warn, exchanges)
}

func TestTheJournalIsBounded(t *testing.T) {
	m := acme.New(t, mockserver.Options{Journal: traffic.Limits{Exchanges: 3}}, nil)
	for range 5 {
		m.Do("GET", "/tickets/T-1", "")
	}
	if stats := m.Sandbox().Journal().Stats(); stats.Kept != 3 || stats.Dropped != 2 {
		t.Errorf("the journal has %+v", stats)
	}
}

func TestADelayEndsWithItsClient(t *testing.T) {
	m := acme.New(t, mockserver.Options{}, nil)
	ctx, leave := context.WithCancel(t.Context())
	leave() // before the delay begins, so that only its end can let ServeHTTP return
	request := httptest.NewRequestWithContext(ctx, "GET", "/tickets/T-1", nil)
	request.Header.Set("Prefer", "delay=60000")
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		m.Server().ServeHTTP(httptest.NewRecorder(), request)
	}()
	select {
	case <-answered:
	case <-mocktest.Soon(t).Done():
		t.Fatal("the delay goes on without its client")
	}
	if _, err := m.Sandbox().Journal().Wait(mocktest.Soon(t), 1, nil); err != nil {
		t.Errorf("the call of a client that left is not journalled: %v", err)
	}
}
