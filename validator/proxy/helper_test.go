package proxy_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/proxy"
)

// acme is the validator of a small contract.
func acme(t testing.TB) *validator.Validator {
	t.Helper()
	c, err := specs.Load(os.DirFS("../testdata/acme"), "testdata/acme")
	if err != nil {
		t.Fatal(err)
	}
	v, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// front is a proxy behind a socket.
type front struct {
	*proxy.Proxy
	t      testing.TB
	url    string
	server *httptest.Server
}

// stop ends the server, and then the proxy: all that came is counted.
func (f *front) stop() {
	f.t.Helper()
	f.server.Close()
	if err := f.Close(context.Background()); err != nil {
		f.t.Error(err)
	}
}

// before starts a proxy to a target.
func before(t testing.TB, target string, o proxy.Options) *front {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.New(acme(t), u, o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = proxy.HTTPServer(p)
	server.Listener = proxy.Listener(server.Listener)
	server.Start()
	f := &front{p, t, server.URL, server}
	t.Cleanup(f.stop)
	return f
}

// beforeHandler starts a target and a proxy to it.
func beforeHandler(t testing.TB, o proxy.Options, target http.HandlerFunc) *front {
	t.Helper()
	server := httptest.NewServer(target)
	t.Cleanup(server.Close)
	return before(t, server.URL, o)
}

// send makes a request and reads the answer.
func (f *front) send(r *http.Request) (*http.Response, string) {
	f.t.Helper()
	response, err := client.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return response, string(body)
}

// client leaves compression and redirects alone.
var client = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, ExpectContinueTimeout: 1e12},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (f *front) post(path, body string) (*http.Response, string) {
	f.t.Helper()
	return f.send(f.request(http.MethodPost, path, strings.NewReader(body)))
}

func (f *front) request(method, path string, body io.Reader) *http.Request {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), method, f.url+path, body)
	if err != nil {
		f.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// exchange waits for the n-th exchange, from 1.
func (f *front) exchange(n int) *traffic.Exchange {
	f.t.Helper()
	all, err := f.Journal().Wait(f.t.Context(), n, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return all[n-1]
}

// brief writes an exchange as "operation status: part severity code pointer, …".
func brief(e *traffic.Exchange) string {
	var list []string
	for _, f := range e.Findings {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Part, f.Severity, f.Code, f.Pointer)))
	}
	return strings.TrimSuffix(fmt.Sprintf("%s %d: %s", e.Operation, e.Status(), strings.Join(list, ", ")), ": ")
}

func (f *front) wants(n int, want string) *traffic.Exchange {
	f.t.Helper()
	e := f.exchange(n)
	if got := brief(e); got != want {
		f.t.Errorf("exchange %d\n got %s\nwant %s", n, got, want)
	}
	return e
}

// start is a valid call.
const start = `{"action":"start","id":"1"}`

// raw is a connection on which a test writes by hand.
type raw struct {
	t testing.TB
	net.Conn
	*bufio.Reader
}

func (f *front) dial() *raw {
	f.t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(f.url, "http://"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { connection.Close() })
	return &raw{f.t, connection, bufio.NewReader(connection)}
}

func (r *raw) say(format string, args ...any) {
	r.t.Helper()
	if _, err := fmt.Fprintf(r.Conn, format, args...); err != nil {
		r.t.Fatal(err)
	}
}

// hear reads the head of an answer.
func (r *raw) hear() *http.Response {
	r.t.Helper()
	response, err := http.ReadResponse(r.Reader, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return response
}

// wantProblem checks that an answer is Parley's own, and returns its detail.
func wantProblem(t testing.TB, r *http.Response, body string, status int, kind string, words ...string) {
	t.Helper()
	if r.StatusCode != status || r.Header.Get("Parley-Problem") != kind || r.Header.Get("Content-Type") != "application/problem+json" ||
		!strings.Contains(body, `"type":"urn:parley:problem:`+kind+`"`) {
		t.Errorf("got %d %v %s; want a problem %q with %d", r.StatusCode, r.Header, body, kind, status)
	}
	for _, word := range words {
		if !strings.Contains(body, word) {
			t.Errorf("the problem does not say %q: %s", word, body)
		}
	}
}

// httptestServer returns the URL of a target.
func httptestServer(t testing.TB, target http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(target)
	t.Cleanup(server.Close)
	return server.URL
}
