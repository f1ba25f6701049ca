package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/validator/proxy"
)

// What the target receives is what the caller sent: no header more, none less,
// the same target of the request, byte for byte.
func TestRequestIsForwardedUnchanged(t *testing.T) {
	var got *http.Request
	var body string
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got, body = r, string(data)
	})
	c := f.dial()
	c.say("POST /v1/a%%2Fb//c%%41/?x=1;y=2&z=%%zz HTTP/1.1\r\nHost: caller.example\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Own: a\r\nX-Own: b\r\n" +
		"Authorization: Bearer abc\r\nConnection: keep-alive, X-Hop\r\nX-Hop: gone\r\nTE: trailers\r\nAccept-Encoding: br\r\nContent-Length: 2\r\n\r\n{}")
	c.hear()
	if want := "/v1/a%2Fb//c%41/?x=1;y=2&z=%zz"; got.RequestURI != want {
		t.Errorf("target got %s, want %s", got.RequestURI, want)
	}
	header := fmt.Sprint(got.Header)
	if want := "map[Accept-Encoding:[br] Authorization:[Bearer abc] Content-Length:[2] Forwarded:[for=1.2.3.4] Te:[trailers] X-Forwarded-For:[1.2.3.4] X-Own:[a b]]"; header != want {
		t.Errorf("headers\n got %s\nwant %s", header, want)
	}
	if got.Host == "caller.example" || got.Method != "POST" || body != "{}" {
		t.Errorf("got Host %s, %s %q", got.Host, got.Method, body)
	}
}

// What the caller receives is what the target sent.
func TestAnswerIsForwardedUnchanged(t *testing.T) {
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"], w.Header()["Content-Type"] = nil, nil
		w.Header()["Set-Cookie"] = []string{"a=1", "b=2"}
		w.Header().Set("Location", "https://elsewhere.example/")
		w.WriteHeader(http.StatusFound)
		io.WriteString(w, "<html>")
	})
	response, body := f.post("/v1/calls", start)
	if want := "map[Content-Length:[6] Location:[https://elsewhere.example/] Set-Cookie:[a=1 b=2]]"; fmt.Sprint(response.Header) != want || body != "<html>" {
		t.Errorf("got %v %q, want %s", response.Header, body, want)
	}
	f.wants(1, "operations/start 302: response error response.status")
}

func TestHead(t *testing.T) {
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "123") })
	if r, body := f.send(f.request(http.MethodHead, "/v1/calls", nil)); r.ContentLength != 123 || body != "" {
		t.Errorf("got %v %q", r.Header, body)
	}
	f.wants(1, " 200: request error operation.method")
}

func TestPrefixAndHost(t *testing.T) {
	var got string
	echo := func(w http.ResponseWriter, r *http.Request) { got = r.Host + r.RequestURI }
	for _, c := range []struct {
		to, path string
		keep     bool
		want     string
	}{
		{"", "/v1/calls", false, "TARGET/v1/calls"},
		{"/", "/v1/calls?a", false, "TARGET/v1/calls?a"},
		{"/base/", "/v1/calls", false, "TARGET/base/v1/calls"},
		{"/a%2Fb", "/v1/calls", false, "TARGET/a%2Fb/v1/calls"},
		{"/base?key=1", "/v1/calls?a=2", false, "TARGET/base/v1/calls?key=1&a=2"},
		{"", "/v1/calls", true, "PROXY/v1/calls"},
	} {
		target := httptestServer(t, echo)
		f := before(t, target+c.to, proxy.Options{KeepHost: c.keep})
		f.post(c.path, start)
		want := strings.NewReplacer("TARGET", strings.TrimPrefix(target, "http://"), "PROXY", strings.TrimPrefix(f.url, "http://")).Replace(c.want)
		if got != want {
			t.Errorf("%+v: got %s, want %s", c, got, want)
		}
		if e := f.exchange(1); e.Operation != "operations/start" { // the prefix is not the contract's
			t.Errorf("%+v: got %+v", c, e)
		}
	}
}

func TestOtherHostsAndProtocolsAreRefused(t *testing.T) {
	calls := 0
	target := httptestServer(t, func(w http.ResponseWriter, r *http.Request) {
		if calls++; r.Header.Get("Upgrade") != "" {
			t.Errorf("the target got %v", r.Header)
		}
	})
	f := before(t, target, proxy.Options{})
	for _, c := range []struct {
		line, kind string
		status     int
	}{
		{"GET http://other.example/v1/calls HTTP/1.1\r\nHost: other.example", "host", http.StatusMisdirectedRequest},
		{"CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443", "connect", http.StatusMethodNotAllowed},
		{"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tls/1.3", "upgrade", http.StatusNotImplemented},
	} {
		connection := f.dial()
		connection.say("%s\r\n\r\n", c.line)
		response := connection.hear()
		body, _ := io.ReadAll(response.Body)
		wantProblem(t, response, string(body), c.status, c.kind, target)
	}
	if stats := f.Stats(); calls != 0 || stats.Turned != 3 || stats.Exchanges != 0 {
		t.Errorf("the target was called %d times; %+v", calls, stats)
	}
	for _, line := range []string{
		"GET " + target + "/v1/tickets/latest HTTP/1.1\r\nHost: a",
		"GET " + f.url + "/v1/tickets/latest HTTP/1.1\r\nHost: a",
		"GET /v1/tickets/latest HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
	} {
		connection := f.dial()
		connection.say("%s\r\n\r\n", line)
		if r := connection.hear(); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", line, r.Status)
		}
	}
	f.wants(3, "operations/latestTicket 200")
}

func TestAnnotate(t *testing.T) {
	target := func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }
	plain := beforeHandler(t, proxy.Options{}, target)
	if r, _ := plain.post("/v1/calls", start); r.Header.Get("Parley-Exchange") != "" {
		t.Errorf("headers were added: %v", r.Header)
	}
	f := beforeHandler(t, proxy.Options{Annotate: true}, target)
	for i, c := range []struct{ body, id, findings string }{{start, "ex-000001", "0"}, {`{"action":"start"}`, "ex-000002", "1"}} {
		r, _ := f.post("/v1/calls", c.body)
		if r.Header.Get("Parley-Exchange") != c.id || r.Header.Get("Parley-Findings") != c.findings {
			t.Errorf("%s: got %v", c.body, r.Header)
		}
		if e := f.exchange(i + 1); e.ID != c.id || e.Response.Header.Get("Parley-Exchange") != "" {
			t.Errorf("recorded is %s %v", e.ID, e.Response.Header)
		}
	}
}
