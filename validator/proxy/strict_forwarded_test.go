package proxy_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/proxy"
	"github.com/parleykit/parley/validator/summary"
)

// Headers that Connection names do not reach the target, so that they do not count.
func TestStrictJudgesNoHeaderThatIsNotForwarded(t *testing.T) {
	var got []http.Header
	f := beforeHandler(t, proxy.Options{Strict: proxy.StrictProblem}, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header)
		w.WriteHeader(http.StatusNoContent)
	})
	const body = `{"title":"Broken","severity":1}`
	send := func(connection ...string) *http.Response {
		r := f.request(http.MethodPost, "/v1/tickets?locale=en", strings.NewReader(body))
		r.Header.Set("X-Tenant", "a")
		r.Header.Set("Authorization", "Bearer x")
		r.Header["Connection"] = connection
		response, _ := f.send(r)
		return response
	}
	if r := send("x-tenant"); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without its tenant the call got %d", r.StatusCode)
	}
	e := f.exchange(1)
	for _, want := range []string{"request error parameter.required header:X-Tenant", "request warn header.not-forwarded header:Connection"} {
		if !strings.Contains(brief(e), want) {
			t.Errorf("found %s, want %s", brief(e), want)
		}
	}
	if len(got) != 0 {
		t.Fatalf("it was forwarded with %v", got)
	}
	send("keep-alive, Content-Type", "AUTHORIZATION,te")
	e = f.exchange(2)
	for _, name := range []string{"Content-Type", "Authorization"} {
		if e.Request.Header.Get(name) != "" {
			t.Errorf("%s is judged and recorded", name)
		}
		for _, header := range got {
			if header.Get(name) != "" {
				t.Errorf("%s is forwarded", name)
			}
		}
	}
	if n := len(slices.DeleteFunc(slices.Clone(e.Findings), func(f traffic.Finding) bool { return f.Code != "header.not-forwarded" })); n != 2 {
		t.Errorf("%d headers are said not to be forwarded: %s", n, brief(e))
	}
	if send("keep-alive"); strings.Contains(brief(f.exchange(3)), "not-forwarded") {
		t.Errorf("keep-alive is named: %s", brief(f.exchange(3)))
	}
}

// Who reads on after a coding's end reads what was not judged.
func TestStrictStopsWhatStandsAfterACodedBody(t *testing.T) {
	calls := 0
	f := beforeHandler(t, proxy.Options{Strict: proxy.StrictProblem}, func(w http.ResponseWriter, r *http.Request) { calls++ })
	coded := func(new func(io.Writer) io.WriteCloser) []byte {
		var text bytes.Buffer
		w := new(&text)
		io.WriteString(w, start)
		w.Close()
		return text.Bytes()
	}
	bodies := map[string][]byte{
		"gzip":    coded(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }),
		"deflate": coded(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }),
		"bare deflate": coded(func(w io.Writer) io.WriteCloser {
			bare, _ := flate.NewWriter(w, flate.DefaultCompression)
			return bare
		}),
	}
	for name, body := range bodies {
		for _, trailing := range []string{"", "x", "\x00", `{"action":"stop"}`} {
			r := f.request(http.MethodPost, "/v1/calls", strings.NewReader(string(body)+trailing))
			r.Header.Set("Content-Encoding", strings.TrimPrefix(name, "bare "))
			want := http.StatusOK
			if trailing != "" {
				want = http.StatusUnsupportedMediaType
			}
			if response, text := f.send(r); response.StatusCode != want {
				t.Errorf("%s with %q after it got %d %s", name, trailing, response.StatusCode, text)
			}
		}
	}
	if calls != len(bodies) {
		t.Errorf("%d calls were forwarded", calls)
	}
}

// A dot segment makes another path of one that was judged.
func TestStrictStopsDotSegments(t *testing.T) {
	calls := 0
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls++ }))
	t.Cleanup(target.Close)
	for _, reverse := range []bool{false, true} {
		f := before(t, target.URL+"/hook", proxy.Options{Strict: proxy.StrictProblem, Reverse: reverse})
		for _, path := range []string{"/..", "/%2e%2e", "/.%2E", "/.", "/a%2f..%2fb", `/..%5Cx`} {
			method, prefix, want := "GET", "/v1/tickets", http.StatusUnprocessableEntity
			if reverse {
				method, prefix, want = "POST", "/hook", http.StatusNotFound
			}
			c := f.dial()
			c.say("%s %s%s HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", method, prefix, path)
			if got := c.hear(); got.StatusCode != want {
				t.Errorf("%s%s got %d", prefix, path, got.StatusCode)
			}
		}
	}
	if calls != 0 {
		t.Errorf("%d calls were forwarded", calls)
	}
}

// An answer that its reader left was not judged, so that the whole is not passed.
func TestAnAnswerCutByItsReaderIsNotPassed(t *testing.T) {
	for _, strict := range []proxy.Strict{proxy.Lenient, proxy.StrictProblem} {
		begun := make(chan struct{})
		left := make(chan struct{})
		f := beforeHandler(t, proxy.Options{Strict: strict}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"id":"`)
			http.NewResponseController(w).Flush()
			close(begun)
			<-r.Context().Done() // it never ends by itself
			close(left)
		})
		c := f.dial()
		c.say("GET /v1/tickets/1 HTTP/1.1\r\nHost: a\r\n\r\n")
		<-begun
		c.Close()
		<-left
		e := f.exchange(1)
		s := summary.New(acme(t).Contract(), summary.Options{})
		s.Add(e, traffic.Position{})
		if r := s.Report(); r.Outcome == summary.Passed || strict == proxy.Lenient && r.Outcome != summary.Incomplete || !strings.Contains(fmt.Sprint(r.Reasons), "broke off before the end") {
			t.Errorf("strict %q: %s is %s: %v", strict, brief(e), r.Outcome, r.Reasons)
		}
	}
}

// A body that a strict proxy refuses is read to its end, so that its sender reads why.
func TestStrictAnswersALargeBodyWhole(t *testing.T) {
	f := before(t, "http://127.0.0.1:1", proxy.Options{Strict: proxy.StrictProblem})
	const size = 10 << 20
	c := f.dial()
	c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat("x", size))
	if got := c.hear(); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d", got.StatusCode)
	}
}
