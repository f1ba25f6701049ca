package proxy_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/parleykit/parley/validator/proxy"
)

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
