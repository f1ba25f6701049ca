package proxy_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/internal/unset"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator/proxy"
)

func newProxy(t testing.TB, target string, o proxy.Options) (*proxy.Proxy, error) {
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proxy.New(acme(t), u, o)
	if err == nil {
		t.Cleanup(func() { p.Close(context.Background()) })
	}
	return p, err
}

func cancelled(t testing.TB) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// blocked holds the journal up until a channel is closed.
func blocked(hold chan struct{}) func(*traffic.Exchange) {
	return func(*traffic.Exchange) { <-hold }
}

func TestBothHalvesAreJudged(t *testing.T) {
	f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		io.WriteString(w, `[]`)
	})
	f.post("/v1/calls", `{"action":"stop"}`)
	stopped := f.wants(1, "operations/stop 418: request error body.required /id, response error response.status")
	f.send(f.request(http.MethodGet, "/v1/tickets/1", nil))
	f.wants(2, "operations/getTicket 200: response error body.type")
	f.send(f.request(http.MethodGet, "/v1/nowhere", nil))
	f.wants(3, " 200: request error operation.path")

	// Who adds a field to an exchange fills it in, or says here that a proxy does not know it.
	unknown := []string{"Sandbox", "Channel", "Delivery", "Attempt", "Error", "Faults", "Check"}
	if missing := unset.Fields(*stopped); !slices.Equal(missing, unknown) {
		t.Errorf("a proxy fills in no %v, want no %v", missing, unknown)
	}
}

func TestCodings(t *testing.T) {
	packed := func(w io.WriteCloser, buffer *bytes.Buffer) string {
		io.WriteString(w, start)
		w.Close()
		return buffer.String()
	}
	var one, two bytes.Buffer
	bare, _ := flate.NewWriter(&two, 5)
	bomb := string(zipped(`{"action":"start","id":"` + strings.Repeat("0", 2<<20) + `"}`))
	for _, c := range []struct{ coding, body, want string }{
		{"gzip", string(zipped(start)), "operations/start 200"},
		{"X-GZIP, identity", string(zipped(start)), "operations/start 200"},
		{"gzip", string(zipped(`{"action":"start"}`)), "operations/start 200: request error body.required /id"},
		{"deflate", packed(zlib.NewWriter(&one), &one), "operations/start 200"},
		{"deflate", packed(bare, &two), "operations/start 200"},
		{"compress", "\x1f\x9d\x90{}\x03", " 200: request warn body.coding header:Content-Encoding"},
		{"gzip, compress", "\x1f\x9d\x90{}\x03", " 200: request warn body.coding header:Content-Encoding"},
		{"gzip", start, " 200: request error body.coding header:Content-Encoding"},
		{"gzip", string(zipped(start))[:20], " 200: request error body.coding header:Content-Encoding"},
		{"gzip", bomb, " 200: request info body.cut"},
	} {
		f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
		r := f.request(http.MethodPost, "/v1/calls", strings.NewReader(c.body))
		r.Header.Set("Content-Encoding", c.coding)
		f.send(r)
		e := f.wants(1, c.want)
		shown := redaction.New(redaction.Options{}).Exchange(e).Request.Body
		if strings.Contains(c.want, "body.c") && c.body != start && (len(shown.Kept) > 0 || shown.Size == 0) {
			t.Errorf("%s: a body that can't be redacted is shown: %.60q", c.coding, shown)
		}
	}
}

// Without room for a body it is forwarded, and the exchange says that it was not
// judged.
func TestMemoryIsBounded(t *testing.T) {
	size := 0
	f := beforeHandler(t, proxy.Options{Memory: 1000}, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		size = len(data)
	})
	f.post("/v1/calls", `{"action":"start","id":"`+strings.Repeat("1", 1000)+`"}`)
	f.wants(1, " 200: request info body.cut")
	if size < 1000 {
		t.Errorf("%d bytes were forwarded", size)
	}
	for i := range 10 { // what was judged leaves room
		f.post("/v1/calls", `{"action":"start","id":"`+strings.Repeat("1", 500)+`"}`)
		f.wants(i+2, "operations/start 200")
	}
}

// Who waits too long for judgment is counted.
func TestQueueIsBounded(t *testing.T) {
	hold := make(chan struct{})
	f := beforeHandler(t, proxy.Options{Queue: 1, OnExchange: blocked(hold)}, func(http.ResponseWriter, *http.Request) {})
	f.post("/v1/calls", start) // is being recorded
	if _, err := f.Journal().Wait(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() { f.post("/v1/calls", start) })
	}
	group.Wait() // answered, though nothing is judged
	close(hold)
	f.stop()
	if s := f.Stats(); s.Exchanges+s.NotJudged != 6 || s.NotJudged < 3 {
		t.Errorf("%+v", s)
	}
}

func TestManyAtOnceAndInOrder(t *testing.T) {
	var order []string
	f := beforeHandler(t, proxy.Options{OnExchange: func(e *traffic.Exchange) { order = append(order, e.ID) }}, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		w.Write(data)
	})
	var group sync.WaitGroup
	for i := range 100 {
		group.Go(func() {
			body := fmt.Sprintf(`{"action":"start","id":"%d"}`, i)
			if _, got := f.post("/v1/calls", body); got != body {
				t.Errorf("sent %s, got %s", body, got)
			}
		})
	}
	group.Wait()
	f.exchange(100)
	f.stop()
	seen := map[string]bool{}
	for i, e := range f.Journal().Find(nil) {
		seen[e.ID] = true
		if order[i] != e.ID || e.Request.Body.String() != e.Response.Body.String() || brief(e) != "operations/start 200" {
			t.Errorf("the journal has %s, was told %s: %s", e.ID, order[i], brief(e))
		}
	}
	if len(seen) != 100 {
		t.Errorf("%d exchanges with an ID of their own", len(seen))
	}
}

// One after another they are journalled as they came.
func TestJournalOrder(t *testing.T) {
	f := beforeHandler(t, proxy.Options{}, func(http.ResponseWriter, *http.Request) {})
	for range 20 {
		f.post("/v1/calls", start)
	}
	f.exchange(20)
	for i, e := range f.Journal().Find(nil) {
		if want := fmt.Sprintf("ex-%06d", i+1); e.ID != want || e.Duration <= 0 || e.Caller != traffic.Partner || e.Vendor != "acme" {
			t.Errorf("place %d has %+v", i, e)
		}
	}
}

func TestReverse(t *testing.T) {
	var got string
	target := httptestServer(t, func(w http.ResponseWriter, r *http.Request) { got = r.RequestURI })
	f := before(t, target+"/webhook", proxy.Options{Reverse: true})
	opened := `{"event":"opened","ticketId":"1"}`
	for i, c := range []struct{ path, want string }{
		{"/", "/webhook"}, {"", "/webhook"}, {"/webhook", "/webhook"}, {"/webhook/c1?x=1", "/webhook/c1?x=1"}, {"/?x=1", "/webhook?x=1"},
	} {
		f.post(c.path, opened)
		e := f.wants(i+1, "events/opened 200")
		if got != c.want || e.Request.URL != target+c.want || e.Caller != traffic.Vendor {
			t.Errorf("%q came to %s, recorded as %s", c.path, got, e.Request.URL)
		}
	}
	response, body := f.post("/webhooks", opened)
	wantProblem(t, response, body, http.StatusNotFound, "path", "/webhook")
	f.post("/", `{"event":"opened"}`)
	f.wants(6, "events/opened 200: request error body.required /ticketId")
}
