package proxy_test

import (
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/rawtest"
	"github.com/parleykit/parley/validator/proxy"
)

func TestNoAnswer(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	never := httptestServer(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	for _, c := range []struct {
		name, target string
		status       int
		kind, reason string
	}{
		{"down", closed.URL, 502, "unreachable", "connection refused"},
		{"unknown certificate", secure.URL, 502, "tls", "its certificate is signed by an authority that this machine does not know"},
		{"TLS to a plain target", strings.Replace(never, "http:", "https:", 1), 502, "tls", "it speaks plain HTTP, not TLS"},
		{"something else", rawtest.Answer(t, "SSH-2.0-OpenSSH\r\n\r\n"), 502, "broken", "malformed HTTP"},
		{"no status", rawtest.Answer(t, "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"), 502, "broken", "it answered 099 Odd, which is no status of HTTP"},
		{"no number", rawtest.Answer(t, "HTTP/1.1 1000 Odd\r\nContent-Length: 0\r\n\r\n"), 502, "broken", "malformed HTTP"},
		{"hangs up", rawtest.Answer(t, ""), 502, "broken", "it closed the connection before its answer was complete"},
		{"too slow", never, 504, "timeout", "no answer within the time"},
	} {
		f := before(t, c.target, proxy.Options{Transport: proxy.NewTransport(100*time.Millisecond, nil)})
		response, body := f.post("/v1/calls", start)
		wantProblem(t, response, body, c.status, c.kind, c.reason, "ex-000001", c.target)
		e := f.wants(1, "operations/start 0: response error exchange.no-response")
		if !strings.Contains(e.Error, c.reason) || e.Response != nil {
			t.Errorf("%s: recorded is %q", c.name, e.Error)
		}
	}
}

// An answer that breaks off breaks off for the caller too.
func TestAnswerBreaksOff(t *testing.T) {
	f := before(t, rawtest.Answer(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id"), proxy.Options{})
	c := f.dial()
	c.say("GET /v1/tickets/1 HTTP/1.1\r\nHost: a\r\n\r\n")
	if body, err := io.ReadAll(c.hear().Body); err == nil {
		t.Errorf("the caller took %q for whole", body)
	}
	f.wants(1, "operations/getTicket 200: response error body.incomplete")
}

// A caller that goes away takes its request back from the target.
func TestCallerGoesAway(t *testing.T) {
	arrived, cancelled := make(chan struct{}), make(chan struct{})
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		close(arrived)
		<-r.Context().Done()
		close(cancelled)
	})
	c := f.dial()
	c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(start), start)
	<-arrived
	c.Close()
	<-cancelled
	f.wants(1, "operations/start 0: request warn exchange.aborted")
}

func TestCallerGoesAwayWhileItSends(t *testing.T) {
	for _, strict := range []proxy.Strict{proxy.Lenient, proxy.StrictProblem} {
		f := beforeHandler(t, proxy.Options{Strict: strict}, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
		c := f.dial()
		c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n%s", start)
		c.Close()
		f.wants(1, " 0: request warn exchange.aborted")
	}
}

func TestCallerGoesAwayWhileItReads(t *testing.T) {
	cancelled := make(chan struct{})
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat(" ", 1000)); err != nil {
				break
			}
			http.NewResponseController(w).Flush()
		}
		close(cancelled)
	})
	c := f.dial()
	c.say("GET /v1/tickets/1 HTTP/1.1\r\nHost: a\r\n\r\n")
	io.ReadFull(c.hear().Body, make([]byte, 10))
	c.Close()
	<-cancelled
	e := f.exchange(1)
	if got := brief(e); !strings.HasSuffix(got, "response warn exchange.aborted") || e.Status() != 200 {
		t.Errorf("got %s", got)
	}
}

// A certificate of one's own authority is trusted when it is named.
func TestOwnAuthority(t *testing.T) {
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	f := before(t, secure.URL, proxy.Options{Transport: proxy.NewTransport(0, roots)})
	f.post("/v1/calls", start)
	f.wants(1, "operations/start 200")
	other := before(t, strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), proxy.Options{Transport: proxy.NewTransport(0, roots)})
	response, body := other.post("/v1/calls", start)
	wantProblem(t, response, body, http.StatusBadGateway, "tls", "not for this name")
}

func TestTargetsAreVetted(t *testing.T) {
	for target, word := range map[string]string{
		"my-domain.com": "no absolute URL", "ftp://a": "no absolute URL", "http://": "no absolute URL",
		"http://user:word@a": "user or password", "http://a/#b": "fragment",
	} {
		_, err := newProxy(t, target, proxy.Options{})
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v", target, err)
		}
	}
	if _, err := newProxy(t, "http://a", proxy.Options{Strict: "very"}); err == nil || !strings.Contains(err.Error(), "very") {
		t.Error(err)
	}
}

func TestCloseSaysWhatIsLeft(t *testing.T) {
	hold := make(chan struct{})
	f := beforeHandler(t, proxy.Options{OnExchange: blocked(hold)}, func(http.ResponseWriter, *http.Request) {})
	f.post("/v1/calls", start)
	f.exchange(1) // is held
	if err := f.Close(cancelled(t)); err == nil || !strings.Contains(err.Error(), "not judged yet") {
		t.Errorf("got %v", err)
	}
	f.post("/v1/calls", start)
	close(hold)
	f.stop()
	if s := f.Stats(); s != (proxy.Stats{Exchanges: 1, NotJudged: 1}) {
		t.Errorf("%+v", s)
	}
}
