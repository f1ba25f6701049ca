package proxy_test

import (
	"bytes"
	"compress/gzip"
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
		f.wants(1, "operations/start 200") // the prefix is not the contract's
	}
}

// The first byte of each body arrives before the last one was sent.
func TestBodiesAreStreamed(t *testing.T) {
	first := make(chan string)
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		part := make([]byte, 1)
		io.ReadFull(r.Body, part)
		first <- string(part)
		io.WriteString(w, "a")
		http.NewResponseController(w).Flush()
		rest, _ := io.ReadAll(r.Body)
		w.Write(rest)
	})
	reader, writer := io.Pipe()
	go io.WriteString(writer, "1")
	go func() {
		if got := <-first; got != "1" {
			t.Errorf("the target got %q first", got)
		}
	}()
	response, err := client.Do(f.request(http.MethodPost, "/v1/calls", reader))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	part := make([]byte, 1)
	if _, err := io.ReadFull(response.Body, part); err != nil || string(part) != "a" {
		t.Fatalf("the caller got %q first: %v", part, err)
	}
	io.WriteString(writer, "23") // only now
	writer.Close()
	if rest, _ := io.ReadAll(response.Body); string(rest) != "23" {
		t.Errorf("then %q", rest)
	}
}

// A connection on which the answer began before the request ended is used again.
func TestConnectionGoesOnAfterStreaming(t *testing.T) {
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		http.NewResponseController(w).Flush()
		data, _ := io.ReadAll(r.Body)
		w.Write(data)
	})
	c := f.dial()
	for i := range 3 {
		c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(start))
		response := c.hear()
		c.say("%s", start) // only now
		if body, err := io.ReadAll(response.Body); string(body) != start || err != nil {
			t.Fatalf("%q, %v", body, err)
		}
		f.wants(i+1, "operations/start 200")
	}
}

func TestCompressionIsNotTouched(t *testing.T) {
	packed := zipped(start)
	var got []byte
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "application/json")
		w.Write(zipped(`{"id":"1"}`))
	})
	r := f.request(http.MethodPost, "/v1/calls", bytes.NewReader(packed))
	r.Header.Set("Content-Encoding", "gzip")
	response, body := f.send(r)
	if !bytes.Equal(got, packed) || body != string(zipped(`{"id":"1"}`)) || response.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("the wire was changed: %q, %q, %v", got, body, response.Header)
	}
	e := f.wants(1, "operations/start 200")
	if e.Request.Body.String() != start || e.Response.Body.String() != `{"id":"1"}` {
		t.Errorf("recorded are %q and %q", e.Request.Body, e.Response.Body)
	}
}

func zipped(text string) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	io.WriteString(w, text)
	w.Close()
	return out.Bytes()
}

func TestTrailers(t *testing.T) {
	for _, strict := range []proxy.Strict{proxy.Lenient, proxy.StrictProblem} {
		var got http.Header
		f := beforeHandler(t, proxy.Options{Strict: strict}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			io.Copy(io.Discard, r.Body)
			got = r.Trailer
			io.WriteString(w, "text")
			w.Header().Set("X-Sum", "2")
		})
		c := f.dial()
		c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTE: trailers\r\nTrailer: X-Check\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\nX-Check: 1\r\n\r\n", len(start), start)
		response := c.hear()
		body, _ := io.ReadAll(response.Body)
		if got.Get("X-Check") != "1" || response.Trailer.Get("X-Sum") != "2" || string(body) != "text" {
			t.Errorf("strict %q: trailers %v there, %v here, body %q", strict, got, response.Trailer, body)
		}
		f.wants(1, "operations/start 200")
	}
}

func TestLargeUpload(t *testing.T) {
	const size = 20 << 20
	var got int64
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) { got, _ = io.Copy(io.Discard, r.Body) })
	f.send(f.request(http.MethodPost, "/v1/calls", io.LimitReader(zeros{}, size)))
	if got != size {
		t.Errorf("%d bytes arrived", got)
	}
	e := f.wants(1, " 200: request info body.cut")
	if e.Request.Body.Size != size || len(e.Request.Body.Kept) > 1<<20 || !e.Request.Body.Cut() {
		t.Errorf("recorded are %d of %d bytes", len(e.Request.Body.Kept), e.Request.Body.Size)
	}
	upload := f.request(http.MethodPost, "/v1/files", io.LimitReader(zeros{}, size))
	upload.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	f.send(upload)
	f.wants(2, "operations/upload 200") // of a multipart body nothing would be judged
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// The caller's body is asked for only when the target asks for it.
func TestExpectContinue(t *testing.T) {
	asked := false
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if asked {
			io.Copy(io.Discard, r.Body)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	head := fmt.Sprintf("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(start))
	refused := f.dial()
	refused.say("%s", head)
	if r := refused.hear(); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s before the body was sent", r.Status)
	}
	f.wants(1, " 401: request warn body.incomplete")
	asked = true
	taken := f.dial()
	taken.say("%s", head)
	if r := taken.hear(); r.StatusCode != http.StatusContinue {
		t.Fatalf("got %s, want 100", r.Status)
	}
	taken.say("%s", start)
	if r := taken.hear(); r.StatusCode != http.StatusOK {
		t.Errorf("got %s, want 200", r.Status)
	}
	f.wants(2, "operations/start 200")
}

// A target that answers before it has read a large request is heard at once.
func TestTargetAnswersEarly(t *testing.T) {
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusRequestEntityTooLarge) })
	c := f.dial()
	c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", 20<<20, start)
	if r := c.hear(); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %s", r.Status)
	}
	f.wants(1, " 413: request warn body.incomplete")
	c.Close()
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
		{"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket", "upgrade", http.StatusNotImplemented},
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
